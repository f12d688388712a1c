"""Many offices as one static tree: what is built anew and what is left alone, and a board that ranks nobody."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import json
import re
import shutil
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from check_samples import opened
from open_samples import add_periode
from playwright.sync_api import Browser
from scoring_samples import NINE, ROOT, part, tally

import publish.__main__ as commands
from collector.workspace import load
from publish import opendata
from publish.dokumen import FILE
from publish.public import build
from publish.tree import LOCK, MARK, write_tree
from publish.tree_board import board, common_periode, entry
from scoring.errors import IkmError
from scoring.instrument import built_in

HIGH, MIDDLE, LOW = 54, 30, 6  # of sixty respondents, who answer 4 to everything; the others answer 3
OLD = "kepmenpan-25-2004"


def kantor(
    offices: Path, name: str, fours: int, *, nama: str = "", periods: tuple[str, ...] = ("2026-10",), n: int = 60,
    instrument: str = NINE, rehearsal: bool = False,
) -> Path:  # fmt: skip
    """Publish made-up periode of an office in a folder of `offices`, without documents; return its folder."""
    folder, nama = offices / name, nama or f"Kecamatan {name.title()}"
    text = (ROOT / "office.example.toml").read_text("utf-8")
    text = text.replace('id = "kecamatan-teladan"', f'id = "{name}"', 1).replace("Kecamatan Teladan", nama, 1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "office.toml").write_text(text, "utf-8")
    workspace = load(folder / "office.toml")
    workspace.public.mkdir(parents=True, exist_ok=True)
    size = len(built_in(instrument).questions)
    rows = [[4] * size for _ in range(fours)] + [[3] * size for _ in range(n - fours)]
    for periode_id in periods:
        periode = workspace.office.periode(periode_id)
        days = {"mulai": periode.mulai.isoformat(), "selesai": periode.selesai.isoformat()}
        whose = {"office": name, "office_nama": nama, "periode": periode_id, "rehearsal": rehearsal}
        counts = tally(part(rows, instrument=instrument), instrument=instrument, **days, **whose)
        public = add_periode(workspace.public, counts, periode.selesai + timedelta(days=4))
        edition = {"nomor": 1, "tanggal": public["published"], "alasan": "", "perbedaan": ""}
        record = {"format": "dokumen/1", "periode": periode_id, "dokumen": [], "edisi": [edition]}
        (workspace.public / "periode" / periode_id / FILE).write_text(json.dumps(record), "utf-8")
    return folder


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """Return a folder of three offices, one above, one like and one below their mean."""
    for name, fours in (("tengah", MIDDLE), ("atas", HIGH), ("bawah", LOW)):
        kantor(tmp_path / "kantor", name, fours)
    return tmp_path / "kantor"


def tree(offices: Path) -> int:
    return commands.main(["tree", "--offices", str(offices), "--to", str(offices.parent / "pohon")])


def groups(offices: Path) -> dict[str, list[str]]:
    """Return the offices of every group as kantor.json has them."""
    found: dict[str, list[str]] = {}
    for line in json.loads((offices.parent / "pohon" / "kantor.json").read_text("utf-8"))["kantor"]:
        found.setdefault(line["kelompok"], []).append(line["id"])
    return found


def digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_an_office_has_in_the_tree_what_it_publishes_itself_but_no_database(offices: Path) -> None:
    before = digests(offices)
    assert tree(offices) == 0
    assert digests(offices) == before  # nothing at the office has changed
    workspace = load(offices / "atas" / "office.toml")
    build(workspace, workspace.public)
    own, found = digests(workspace.public), digests(offices.parent / "pohon" / "atas")
    assert own.keys() - found.keys() == {"publik.db", "metadata.json"} and not found.keys() - own.keys()
    told = {"index.html", "en/index.html", "datapackage.json", "katalog.jsonld"}  # they name the files that are there
    told |= {"periode/2026-10/index.html", "periode/2026-10/en/index.html"}
    assert {name for name in found if own[name] != found[name]} == told


def test_every_link_in_the_tree_leads_to_a_file_of_it(offices: Path) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    pages = [file for file in root.rglob("*.html") if MARK not in file.parts]
    assert len(pages) > 20
    for file in pages:
        for href in re.findall(r'href="([^"#:]+)"', file.read_text("utf-8")):
            target = file.parent / href
            assert (target / "index.html" if href.endswith("/") else target).is_file(), (file, href)


def test_an_office_that_has_not_changed_is_not_touched(offices: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    before = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in root.rglob("*") if file.name != LOCK}
    capfd.readouterr()
    assert tree(offices) == 0
    assert "0 kantor disusun, 3 tidak berubah, 0 dihapus" in capfd.readouterr().out
    later = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in root.rglob("*") if file.name != LOCK}
    moved = {file.name for file in later.keys() | before.keys() if before.get(file) != later.get(file)}
    assert moved <= {"pohon", MARK}  # the two folders in which the work was done


def test_only_the_office_that_published_is_built_anew(offices: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree(offices)
    before = digests(offices.parent / "pohon" / "bawah")
    kantor(offices, "atas", MIDDLE)
    capfd.readouterr()
    assert tree(offices) == 0
    said = capfd.readouterr().out
    assert re.findall(r"^\[1/1\] (\w+): \d+ berkas", said, re.MULTILINE) == ["atas"]
    assert digests(offices.parent / "pohon" / "bawah") == before
    assert groups(offices) == {"di-atas": ["atas", "tengah"], "di-bawah": ["bawah"]}


def test_a_change_of_office_toml_builds_the_office_anew_and_moves_it_with_its_id(offices: Path) -> None:
    tree(offices)
    file = offices / "atas" / "office.toml"
    file.write_text(file.read_text("utf-8").replace('id = "atas"', 'id = "puncak"'), "utf-8")
    assert tree(offices) == 0
    root = offices.parent / "pohon"
    assert (root / "puncak" / "index.html").is_file() and not (root / "atas").exists()


def test_an_office_that_is_gone_leaves_the_tree_and_what_is_not_ours_stays(offices: Path) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    (root / "robots.txt").write_text("milik pengelola")
    (root / "berita").mkdir()
    shutil.rmtree(offices / "bawah")
    assert tree(offices) == 0
    assert not (root / "bawah").exists() and "Kecamatan Bawah" not in (root / "index.html").read_text("utf-8")
    assert (root / "robots.txt").read_text() == "milik pengelola" and (root / "berita").is_dir()


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(
    offices: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = offices.parent / "pohon"
    (root / "atas").mkdir(parents=True)
    (root / "atas" / "catatan.txt").write_text("penting")
    assert tree(offices) == 2
    assert "sudah berisi hal lain dan bukan hasil make tree" in capfd.readouterr().err
    assert digests(root) == {"atas/catatan.txt": hashlib.sha256(b"penting").hexdigest()}


def test_an_address_that_something_else_has_is_not_taken(offices: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    (root / "baru").mkdir()
    (root / "baru" / "catatan.txt").write_text("penting")
    kantor(offices, "baru", HIGH)
    shutil.copytree(offices / "atas", offices / "kembar")
    assert tree(offices) == 2
    said = capfd.readouterr()
    assert "baru: GAGAL. Alamat baru di folder" in said.out and "sesuatu yang lain" in said.out
    assert "kembar: GAGAL. Alamat atas di folder" in said.out and "sudah dipakai oleh atas" in said.out
    assert "Halaman 2 kantor belum tersusun: baru, kembar." in said.err
    assert (root / "baru" / "catatan.txt").read_text() == "penting"


def test_an_office_that_fails_is_named_keeps_its_pages_and_stops_no_other(
    offices: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    before = digests(root / "tengah")
    counts = offices / "tengah" / "data/public/periode/2026-10" / opendata.HITUNG
    counts.write_text(counts.read_text("utf-8").replace(",4,30", ",4,31", 1), "utf-8")
    kantor(offices, "bawah", MIDDLE)
    capfd.readouterr()
    assert tree(offices) == 2
    said = capfd.readouterr()
    assert "tengah: GAGAL. " in said.out and "hitung.csv" in said.out and MARK not in said.out
    assert re.search(r"bawah: \d+ berkas", said.out)
    assert "Halaman 1 kantor belum tersusun: tengah." in said.err
    assert digests(root / "tengah") == before
    kantor(offices, "tengah", MIDDLE)
    assert tree(offices) == 0


def test_a_document_is_the_same_file_as_at_the_office_and_a_changed_one_is_refused(
    offices: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place, content = offices / "atas" / "data/public/periode/2026-10", b"%PDF-1.7 contoh"
    record = json.loads((place / FILE).read_text("utf-8"))
    signature = {
        "cara": "ink",
        "berlaku": True,
        "jabatan": "Camat",
        "tingkat": "",
        "waktu": "2026-10-28T09:00:00+07:00",
        "kalimat": ["Ditandatangani dengan pena oleh Camat."],
    }
    sha256 = hashlib.sha256(content).hexdigest()
    document = {"nama": "Laporan", "berkas": "laporan.pdf", "edisi": 1, "sha256": sha256, "bytes": len(content)}
    record["dokumen"] = [{**document, "tanda_tangan": signature}]
    (place / FILE).write_text(json.dumps(record), "utf-8")
    (place / "laporan.pdf").write_bytes(content)
    assert tree(offices) == 0
    published = offices.parent / "pohon" / "atas" / "periode/2026-10/laporan.pdf"
    assert published.samefile(place / "laporan.pdf")
    (place / "laporan.pdf").unlink()
    (place / "laporan.pdf").write_bytes(b"%PDF-1.7 lain")
    assert tree(offices) == 2
    said = capfd.readouterr().out
    assert "atas: GAGAL. " in said and str(place / "laporan.pdf") in said
    assert published.read_bytes() == content


def test_an_office_whose_folder_was_taken_out_of_the_tree_comes_back(offices: Path) -> None:
    tree(offices)
    shutil.rmtree(offices.parent / "pohon" / "atas")
    assert tree(offices) == 0
    assert (offices.parent / "pohon" / "atas" / "index.html").is_file()


def test_a_run_that_was_cut_off_between_two_renames_is_put_right_by_the_next(offices: Path) -> None:
    tree(offices)
    root = offices.parent / "pohon"
    before = digests(root / "atas")
    (root / MARK / "old").mkdir()
    (root / "atas").rename(root / MARK / "old" / "atas")
    (root / MARK / "new" / "bawah").mkdir(parents=True)
    assert tree(offices) == 0
    assert digests(root / "atas") == before
    assert not (root / MARK / "new").exists() and not (root / MARK / "old").exists()


def test_two_runs_at_once_do_not_meet(offices: Path) -> None:
    tree(offices)
    with (offices.parent / "pohon" / MARK / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(IkmError, match="sedang disusun"):
            write_tree(offices, offices.parent / "pohon")


def test_the_board_has_three_groups_in_the_order_of_the_alphabet_and_ranks_nobody(offices: Path) -> None:
    kantor(offices, "zamrud", HIGH + 3)
    kantor(offices, "angsa", LOW - 3)
    kantor(offices, "batas", MIDDLE + 2)
    assert tree(offices) == 0
    assert groups(offices) == {
        "di-atas": ["atas", "zamrud"],
        "tidak-dapat-dibedakan": ["batas", "tengah"],
        "di-bawah": ["angsa", "bawah"],
    }
    page = (offices.parent / "pohon" / "index.html").read_text("utf-8")
    assert "tidak memeringkat" in page and "!" not in re.sub(
        r"<!doctype html>|<style>.*?</style>", "", page, flags=re.S
    )


def test_the_mean_is_exact_and_an_interval_that_only_touches_it_is_not_apart(offices: Path) -> None:
    tree(offices)
    found = json.loads((offices.parent / "pohon" / "kantor.json").read_text("utf-8"))
    values = [Fraction(25 * (4 * fours + 3 * (60 - fours)), 60) for fours in (HIGH, MIDDLE, LOW)]
    assert Fraction(found["rata_rata_tepat"]) == sum(values) * Fraction(1, 3)
    figures = {"selesai": "2026-10-24", "n_responden": 60, "ikm": "80.00", "ikm_exact": "80/1", "mutu": "B"}
    figures |= {
        "peraturan": "",
        "aturan": "exact",
        "uji_coba": False,
        "terbit": True,
        "seri": ["f", "exact", "a", False],
    }
    ends = (("80.00", "81.00"), ("80.01", "81.00"), ("79.00", "80.00"), ("79.00", "79.99"))
    lines = []
    for low, high in ends:
        there = {"2026-10": {**figures, "low": low, "high": high, "margin": ""}}
        lines.append({"id": f"{low}-{high}", "nama": "Kantor", "instansi": "", "periode": there})
    wanted = ["di-atas", "tidak-dapat-dibedakan", "tidak-dapat-dibedakan", "di-bawah"]
    assert [line.kelompok for line in board(lines).lines] == wanted


def test_what_cannot_be_compared_stands_apart_and_has_no_part_in_the_mean(offices: Path) -> None:
    kantor(offices, "lama", HIGH, instrument=OLD)
    kantor(offices, "gladi", HIGH, rehearsal=True)
    kantor(offices, "sepi", 4, n=8)
    kantor(offices, "lambat", HIGH, periods=("2026-09",))
    (offices / "kosong").mkdir()
    text = (offices / "atas" / "office.toml").read_text("utf-8")
    (offices / "kosong" / "office.toml").write_text(
        text.replace("Atas", "Kosong").replace('"atas"', '"kosong"'), "utf-8"
    )
    assert tree(offices) == 0
    found = groups(offices)
    assert [found[name] for name in ("di-atas", "tidak-dapat-dibedakan", "di-bawah")] == [
        ["atas"],
        ["tengah"],
        ["bawah"],
    ]
    assert found["instrumen-lain"] == ["lama"] and found["uji-coba"] == ["gladi"] and found["ditahan"] == ["sepi"]
    assert found["belum-terbit"] == ["kosong", "lambat"]
    page = (offices.parent / "pohon" / "index.html").read_text("utf-8")
    assert "MEMUAT DATA UJI COBA" in page and "terbaru September 2026" in page and "belum pernah menerbitkan" in page
    rows = {row["id"]: row for row in csv.DictReader((offices.parent / "pohon" / "kantor.csv").open(encoding="utf-8"))}
    assert rows["sepi"]["ikm"] == rows["sepi"]["n_responden"] == "" and rows["kosong"]["alamat"] == ""
    assert rows["gladi"]["uji_coba"] == "1" and rows["atas"]["uji_coba"] == "0"


def test_a_few_respondents_give_no_interval_and_no_verdict(offices: Path) -> None:
    kantor(offices, "kecil", 20, n=20)
    tree(offices)
    assert "kecil" in groups(offices)["tidak-dapat-dibedakan"]


def test_the_periode_of_the_board_is_the_newest_that_half_of_the_offices_have(tmp_path: Path) -> None:
    def known(*periods: str) -> dict[str, object]:
        return {"id": "a", "periode": {name: {"selesai": f"{name}-24"} for name in periods}}

    assert common_periode([]) == common_periode([known()]) == ""
    assert common_periode([known("2026-09"), known("2026-09", "2026-10"), known()]) == "2026-10"
    assert common_periode([known("2026-09"), known("2026-09"), known("2026-09", "2026-10")]) == "2026-09"
    assert common_periode([known("2026-07"), known("2026-08"), known("2026-09")]) == "2026-09"


def test_the_board_keeps_nothing_of_an_office_that_hasil_json_does_not_say(offices: Path) -> None:
    workspace = load(offices / "atas" / "office.toml")
    (public,) = opendata.read_published(workspace.public)
    (figures,) = entry(workspace.office, [public])["periode"].values()
    for name in ("ikm", "ikm_exact", "n_responden", "mutu", "selesai"):
        assert figures[name] == public[name]
    assert figures["margin"] == public["interval"]["margin"] and date.fromisoformat(figures["selesai"])


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_board_and_nothing_scrolls_sideways(
    offices: Path, browser: Browser, scheme: str
) -> None:
    kantor(offices, "lama", HIGH, instrument=OLD, nama="Kecamatan dengan Nama yang Panjang Sekali di Pegunungan Tengah")
    kantor(offices, "gladi", HIGH, rehearsal=True)
    kantor(offices, "lambat", HIGH, periods=("2026-09",))
    tree(offices)
    for width in (320, 1280):
        options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "java_script_enabled": True}
        with opened(browser, **options) as (page, faults):
            page.goto((offices.parent / "pohon" / "index.html").as_uri())
            found = Axe().run(page).response["violations"]
            assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert not faults
            page.get_by_role("link", name="Kecamatan Atas").click()
            assert page.url.endswith("/pohon/atas/periode/2026-10/")
