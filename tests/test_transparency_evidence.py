"""What makes the page believable: questions answered, signatures and hashes, editions, promises, layanan, English."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flow_samples import case
from published_office import (
    CAMAT,
    OCTOBER,
    PDFS,
    SEPTEMBER,
    TODAY,
    correction,
    fill,
    make_office,
    publish,
    publish_periode,
    report,
    signed,
    three_published,
)

from collector.workspace import Workspace
from publish.last_result import due_day, without_names
from publish.public import publish_edition
from scoring.errors import IkmError
from scoring.instrument import built_in

INDONESIAN = re.compile(r"\b(?:yang|dan|tidak|dengan|responden|periode|jawaban|layanan)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return three_published(tmp_path_factory.mktemp("kantor"))


def said(file: Path) -> str:
    """Return the words of a page, without its markup and style."""
    body = file.read_text("utf-8").partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(workspace: Workspace, place: str = "") -> str:
    return said(workspace.public / place / "index.html")


def read(workspace: Workspace, name: str, periode_id: str = "2026-10") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((workspace.public / "periode" / periode_id / name).read_text("utf-8"))
    return found


def answers(workspace: Workspace, place: str = "") -> list[str]:
    """Return the five answers, in their order."""
    content = (workspace.public / place / "index.html").read_text("utf-8")
    parts = content.partition('<div class="lima">')[2].partition("</section>")[0].split("<h3>")[1:]
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", part)).split()) for part in parts]


def test_five_questions_are_answered_on_top(office: Workspace) -> None:
    many, sure, chosen, changed, real = answers(office)
    assert "148 responden dari 1.362 orang yang dilayani (10,9%)" in many and "kurang 152 orang" in many
    assert "antara 83,29 dan 84,54 (± 0,63)" in sure
    assert "tidak diundi" in chosen and "ponsel" in chosen
    assert "Untuk formulir kertas, cara memilih orangnya tidak tercatat di sini." in chosen
    assert "naik 0,06 dari periode September 2026" in changed
    assert "Ditandatangani dengan pena oleh Camat Teladan; dicatat 25 Oktober 2026." in real
    assert "Dari 11 pemeriksaan" in real and "Tidak ada jawaban yang dikeluarkan" in real


# documents


def test_the_public_record_of_the_documents_names_an_office_and_never_a_person(office: Workspace) -> None:
    record = read(office, "dokumen.json")
    for item in record["dokumen"]:
        content = (office.public / "periode" / "2026-10" / item["berkas"]).read_bytes()
        assert (item["sha256"], item["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    first, _, sheet = (item["tanda_tangan"] for item in record["dokumen"])
    assert {**first, "kalimat": ""} == {
        **{"cara": "ink", "berlaku": True, "jabatan": "Camat Teladan", "tingkat": "tinta"},
        **{"waktu": "2026-10-25T10:00:00+07:00", "kalimat": ""},
    }
    assert (sheet["cara"], sheet["berlaku"], sheet["waktu"]) == ("none", None, None)
    assert record["edisi"] == [{"nomor": 1, "tanggal": "2026-10-25", "alasan": "", "perbedaan": ""}]
    for file in office.public.rglob("*"):
        if file.suffix in (".json", ".html"):
            assert "Contohwati" not in file.read_text("utf-8"), file


def test_an_electronic_signature_is_told_from_one_in_ink(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    report(workspace, "2026-10")
    edition = signed(workspace.periode_folder("2026-10"), kind="certificate", level="B-T")
    publish_edition(workspace, "2026-10", edition, TODAY)
    assert "Ditandatangani secara elektronik oleh Camat Teladan; diperiksa dan berlaku pada 25 Oktober 2026." in page(
        workspace
    )
    assert "Tingkat B-T: waktunya dibuktikan dengan cap waktu" in page(workspace)
    assert "Tanda tangan elektronik berlaku." in page(workspace)
    assert "Signed electronically by Camat Teladan; checked and valid on 25 October 2026." in page(workspace, "en")


def test_no_page_is_built_over_a_signed_file_that_is_gone_or_changed(tmp_path: Path) -> None:
    workspace = three_published(tmp_path)
    before = (workspace.public / "index.html").read_bytes()
    file = workspace.public / "periode" / "2026-09" / "rtl.pdf"
    kept = file.read_bytes()
    for harm in (file.unlink, lambda: file.write_bytes(kept + b" ")):
        harm()
        with pytest.raises(IkmError) as caught:
            publish_periode(workspace, "2026-10")
        assert caught.value.code == "PUBLISHED_FILE"
        assert f"{file} hilang atau berubah" in str(caught.value) and "PERIOD=2026-09" in str(caught.value)
        assert (workspace.public / "index.html").read_bytes() == before
    shutil.move(file.parent, tmp_path / "disisihkan")  # the way out that the sentence names
    publish_periode(workspace, "2026-09")
    assert file.read_bytes() == kept


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    report(workspace, "2026-10")
    (workspace.periode_folder("2026-10") / PDFS[1]).unlink()
    with pytest.raises(IkmError) as caught:
        publish_periode(workspace, "2026-10")
    assert caught.value.code == "REPORT_MISSING" and "rtl.pdf tidak ada." in caught.value.lines


def test_before_its_signatures_a_periode_is_refused_and_every_unsigned_document_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = case(tmp_path)
    assert made.do("public") == 2
    refused = capsys.readouterr().err
    assert "belum dapat diterbitkan" in refused
    for name in ("laporan", "rtl", "surat-pengantar"):
        assert f"- {name}.pdf belum dibekukan." in refused
    assert not made.workspace.public.exists()


# editions


def test_a_correction_is_a_new_edition_with_reason_and_difference_and_the_old_files_stay(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    report(workspace, "2026-10")
    folder, public = workspace.periode_folder("2026-10"), workspace.public / "periode" / "2026-10"
    first = signed(folder)
    publish_edition(workspace, "2026-10", first, TODAY)
    old = (public / "rtl.pdf").read_bytes()
    (folder / "rtl.pdf").write_bytes(b"%PDF-1.7 corrected")
    note = f"{CAMAT.nama} menemukan kegiatan yang tertukar"
    second = signed(folder, 2, before=correction(first, note))
    publish_edition(workspace, "2026-10", second, date(2026, 11, 3))
    assert (public / "rtl.pdf").read_bytes() == b"%PDF-1.7 corrected"
    assert (public / "edisi-1" / "rtl.pdf").read_bytes() == old
    record = read(workspace, "dokumen.json")
    assert [item["nomor"] for item in record["edisi"]] == [1, 2]
    assert record["edisi"][1]["alasan"] == "Camat Teladan menemukan kegiatan yang tertukar."
    assert record["edisi"][1]["perbedaan"] == "Nilai IKM tetap 83,92, mutu B."
    words = page(workspace)
    assert "Dokumen edisi yang sudah diganti" in words and hashlib.sha256(old).hexdigest() in words
    assert "Yang berlaku edisi 2, hasil ralat. Alasannya: Camat Teladan menemukan kegiatan yang tertukar." in words
    assert "Edition 2, a correction, is the one that counts." in page(workspace, "en")
    publish_edition(workspace, "2026-10", second, date(2026, 11, 3))  # once more changes nothing
    assert read(workspace, "dokumen.json") == record and (public / "edisi-1" / "rtl.pdf").read_bytes() == old


# promises


PLAN = """\
[[rtl]]
unsur = "{unsur}"
kegiatan = "{kegiatan}"
waktu = ["{waktu}"]
penanggung_jawab = "Siti Umpama, S.AP."
bukti = "Foto loket"
"""


def promise(workspace: Workspace, periode_id: str, *plans: tuple[str, str]) -> None:
    """Write the plan of a periode for its lowest unsur: activity and quarter of each."""
    folder = workspace.periode_folder(periode_id)
    lowest = json.loads((folder / "result.json").read_text("utf-8"))["lowest"]["unsur"]
    text = "".join(
        PLAN.format(unsur=unsur, kegiatan=kegiatan, waktu=waktu)
        for unsur, (kegiatan, waktu) in zip(lowest, plans, strict=False)
    )
    (folder / "rtl.toml").write_text(text, "utf-8")


def test_a_promise_is_late_once_a_later_result_comes_out_after_its_day(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    for periode_id, sizes in (("2026-09", SEPTEMBER), ("2026-10", OCTOBER)):
        fill(workspace, periode_id, sizes)
        report(workspace, periode_id)
    promise(workspace, "2026-09", ("Membuka loket kedua", "TW III"), ("Memasang alur", "TW III"), ("Kursi", "TW IV"))
    publish_periode(workspace, "2026-09", date(2026, 9, 25))
    assert "Terlambat: 0." in page(workspace) and "Jatuh tempo: 30 September 2026" in page(workspace)
    first, second, _ = (entry["id"] for entry in read(workspace, "rtl.json", "2026-09")["rtl"])
    (workspace.periode_folder("2026-10") / "tindak-lanjut.toml").write_text(
        f'[[tindak_lanjut]]\nunsur = "{first}"\nstatus = "belum"\nuraian = "Menunggu anggaran"\n'
        f'[[tindak_lanjut]]\nunsur = "{second}"\nstatus = "sudah"\nuraian = "Terpasang, kata Bapak Anu"\n',
        "utf-8",
    )
    publish_periode(workspace, "2026-10")
    for place in ("", "periode/2026-09"):
        words = page(workspace, place)
        assert "Rencana perbaikan yang dipantau: 3. Selesai: 1. Terlambat: 1." in words
        assert "Membuka loket kedua Terlambat – belum dilaksanakan" in words
        assert "Kabar: Menunggu anggaran" in words and "Penanggung jawab: Kepala Seksi Pelayanan" in words
        assert "Bapak" not in words
    content = (workspace.public / "index.html").read_text("utf-8")
    assert content.index("Membuka loket kedua") < content.index("Memasang alur")  # the late ones come first
    assert content.count('<li class="awas">') == 1


def test_a_quarter_is_the_next_of_its_name_after_the_periode() -> None:
    october, december = date(2026, 10, 24), date(2026, 12, 31)
    assert due_day(["TW IV"], october) == date(2026, 12, 31)
    assert due_day(["TW III"], date(2026, 9, 24)) == date(2026, 9, 30)
    assert due_day(["TW IV", "TW I"], october) == date(2027, 3, 31)
    assert due_day(["TW IV"], december) == date(2027, 12, 31)
    assert due_day([], october) is None


def test_names_of_officials_become_what_they_hold_and_other_names_are_left_out(office: Workspace) -> None:
    assert (
        without_names(office.office, "Kata Siti Umpama, antrean berkurang")
        == "Kata Kepala Seksi Pelayanan, antrean berkurang"
    )
    assert without_names(office.office, "Disetujui Bapak Anu") == ""


# pages of layanan, and English


def test_every_published_layanan_has_a_page_and_no_other(office: Workspace) -> None:
    for periode_id in ("2026-08", "2026-09", "2026-10"):
        public = read(office, "hasil.json", periode_id)
        folder = office.public / "periode" / periode_id / "layanan"
        shown = {entry["id"]: entry for entry in public["layanan"] if entry["withheld"] is None}
        assert {path.name for path in folder.iterdir()} == set(shown)
        for name, entry in shown.items():
            words = said(folder / name / "index.html")
            assert f"{entry['ikm'].replace('.', ',')} IKM · mutu {entry['mutu']}" in words and entry["nama"] in words
            figures = set(re.findall(r"\b[0-9]{2},[0-9]{2}\b", words.partition("Cara membaca")[0]))
            bands = [str(end) for band in built_in(public["instrument"]).bands for end in (band.min, band.max)]
            known = json.dumps([entry, bands])
            assert {figure for figure in figures if figure.replace(",", ".") not in known} == set()
    assert "layanan" not in {path.name for path in (office.public / "periode" / "2026-10" / "en").iterdir()}


def test_the_english_page_has_english_words_and_figures_and_both_name_each_other(office: Workspace) -> None:
    for place in ("", "periode/2026-09/"):
        words = re.sub(r"https://\S+", "", page(office, f"{place}en"))
        assert not INDONESIAN.findall(words), INDONESIAN.findall(words)
        assert not re.search(r"[0-9],[0-9]{2}\b(?![0-9])", words)
        own, english = ((office.public / place / name / "index.html").read_text("utf-8") for name in ("", "en"))
        periode = place or "periode/2026-10/"
        for content in (own, english):
            for code, tail in (("id", ""), ("en", "en/")):
                address = f"https://skm.contohkab.example/{periode}{tail}"
                assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in content
        assert '<html lang="en">' in english and '<html lang="id">' in own
    many, sure, chosen, changed, real = answers(office, "en")
    assert "148 respondents out of 1,362 people served (10.9%), from 25 September to 24 October 2026." in many
    assert "152 people are lacking" in many
    assert "between 83.29 and 84.54 (± 0.63)" in sure
    assert "Nobody was drawn by lot" in chosen and "paper form 35" in chosen
    assert (
        "The index is 0.06 higher than in September 2026 (83.86)." in changed
        and "cannot be told from chance" in changed
    )
    assert "Signed in ink by Camat Teladan" in real


def test_a_withheld_periode_says_so_in_both_languages_and_shows_no_value(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", {"ktp": 4})
    publish(workspace, "2026-10")
    assert "Responden periode ini kurang dari sepuluh orang." in page(workspace)
    assert "Fewer than ten people answered in this period." in page(workspace, "en")
    assert read(workspace, "dokumen.json")["dokumen"] == []
    assert not list(workspace.public.rglob("layanan"))
