"""The last published result where citizens see it: nothing but what is published, and nothing invented."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from http_samples import FORM_TYPE, FORMULIR, JAWABAN, JSON_TYPE, ask, form_bytes, json_bytes, server
from last_result_samples import PERIODE, PLANS, hasil, last, plan, promised_office, publish, waiting_office
from published_office import AUGUST, OCTOBER, SEPTEMBER, TODAY, fill, make_office, report
from published_office import publish as publish_other
from published_office import signed as signed_edition

import publish.__main__ as publish_commands
from collector import doctor
from collector.last_result import FILE, Watched, read
from collector.workspace import Workspace
from publish.certainty import margin
from publish.last_result import jabatan
from publish.public import publish_edition
from publish.rtl import parse
from publish.words import angka, bulat
from scoring.errors import IkmError

CODE = re.compile(rb"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")


# the file


def test_the_file_repeats_what_hasil_json_says(tmp_path: Path) -> None:
    workspace = promised_office(tmp_path)
    found, published = last(workspace), hasil(workspace)
    for name in ("office", "periode", "mulai", "selesai", "rehearsal", "ikm", "mutu", "kinerja", "n_responden"):
        assert found[name] == published[name], name
    assert found["margin"] == margin(published)
    assert (found["nama"], found["rentang"]) == ("September 2026", "25 Agustus sampai dengan 24 September 2026")
    names = {entry["id"]: entry["nama"] for entry in published["unsur"]}
    assert [entry["unsur"] for entry in found["rtl"]] == [names[unsur] for unsur in published["lowest"]["unsur"]]
    assert [entry["kegiatan"] for entry in found["rtl"]] == [fields["kegiatan"] for fields in PLANS]


def test_publishing_the_same_again_gives_the_same_bytes(tmp_path: Path) -> None:
    workspace = promised_office(tmp_path)
    before = (workspace.public / FILE).read_bytes()
    publish(workspace)
    assert (workspace.public / FILE).read_bytes() == before


def test_progress_written_after_the_signature_is_published_and_the_promise_stays_as_it_was_signed(
    tmp_path: Path,
) -> None:
    workspace = waiting_office(tmp_path)
    plan(workspace)
    folder, signed = workspace.periode_folder(PERIODE), tmp_path / "edisi-1"
    shutil.copytree(folder, signed)
    text = (folder / "rtl.toml").read_text("utf-8").replace("Menambah kursi tunggu", "Menambah kursi")
    (folder / "rtl.toml").write_text(
        text.replace('"berjalan"', '"selesai"\nhasil = "Kursi bertambah dua puluh"'), "utf-8"
    )
    publish_edition(workspace, PERIODE, signed_edition(signed), TODAY)
    found = last(workspace)["rtl"][1]
    assert (found["kegiatan"], found["status"]) == ("Menambah kursi tunggu", "selesai")
    assert found["hasil"] == "Kursi bertambah dua puluh"


def test_what_nobody_wrote_is_not_promised_and_has_no_status(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    for plans in ((), ({"kegiatan": "", "status": "selesai"}, {"kegiatan": ""})):
        plan(workspace, plans)
        publish(workspace)
        assert last(workspace)["rtl"] == []
        assert not (workspace.public / "periode" / PERIODE / "rtl.json").exists()
    plan(workspace, ({"kegiatan": "Menambah kursi tunggu"},))
    publish(workspace)
    (entry,) = last(workspace)["rtl"]
    assert (entry["waktu"], entry["penanggung_jawab"], entry["status"], entry["hasil"]) == ([], "", "", "")


def test_without_a_plan_the_figures_are_published_all_the_same(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    publish(workspace)
    assert last(workspace)["rtl"] == [] and last(workspace)["ikm"] == hasil(workspace)["ikm"]


def test_the_last_periode_is_the_latest_one_with_an_index_in_whatever_order_they_are_published(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    for periode_id, sizes in (("2026-08", AUGUST), (PERIODE, SEPTEMBER), ("2026-10", dict.fromkeys(OCTOBER, 1))):
        fill(workspace, periode_id, sizes, kind="rehearsal")
    report(workspace, PERIODE)
    plan(workspace)
    publish_other(workspace, "2026-08")
    assert last(workspace)["periode"] == "2026-08"
    publish(workspace)
    publish_other(workspace, "2026-10")
    assert hasil(workspace, "2026-10")["withheld"] == "base"
    assert last(workspace)["periode"] == PERIODE
    publish_other(workspace, "2026-08")
    assert last(workspace)["periode"] == PERIODE and last(workspace)["rtl"]


def test_a_periode_that_is_withheld_gives_no_last_result_and_no_promise(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    fill(workspace, "2026-10", {"ktp": 4}, kind="rehearsal")
    publish_other(workspace, "2026-10")
    folder = workspace.periode_folder("2026-10")
    (folder / "rtl.toml").write_text('[[rtl]]\nunsur = "persyaratan"\nkegiatan = "Rahasia"\n', "utf-8")
    publish_other(workspace, "2026-10")
    assert not (workspace.public / FILE).exists()
    assert not [file for file in workspace.public.rglob("*") if file.is_file() and b"Rahasia" in file.read_bytes()]


def test_who_is_responsible_is_an_office_and_never_a_person(tmp_path: Path) -> None:
    office = waiting_office(tmp_path).office
    written = {
        "Kepala Seksi Pelayanan": "Kepala Seksi Pelayanan",
        "Sekretaris Kecamatan dan Kepala Seksi Pelayanan": "Sekretaris Kecamatan dan Kepala Seksi Pelayanan",
        "Siti Umpama, S.AP.": "Kepala Seksi Pelayanan",
        "Siti Umpama": "Kepala Seksi Pelayanan",
        "Camat (Ratna Contohwati)": "Camat Teladan",
        "Contoh Rekaan, S.Sos.": "",
        "Drs. Contoh Rekaan": "",
        "Bapak Rekaan": "",
        "Kasi, NIP 00000000 000000 0 009": "",
        "": "",
    }
    assert {text: jabatan(office, text) for text in written} == written


# rtl.toml


def test_a_plan_written_before_there_was_a_status_is_still_read() -> None:
    text = '[[rtl]]\nunsur = "biaya"\nkegiatan = "x"\nwaktu = ["TW I"]\npenanggung_jawab = "y"\nindikator = "z"\n'
    (found,) = parse("rtl.toml", text, ("biaya",))
    assert (found.complete, found.status, found.hasil) == (True, "", "")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('status = "sudah"', "belum, berjalan, selesai"),
        ('status = "belum"\nhasil = "Antrean berkurang"', 'status masih "belum"'),
        ("hasil = true", "teks dalam tanda kutip"),
        ('statsu = "selesai"', "statsu"),
    ],
)
def test_a_wrong_status_stops_publishing_and_leaves_what_was_published(tmp_path: Path, lines: str, said: str) -> None:
    workspace = promised_office(tmp_path)
    before = (workspace.public / FILE).read_bytes()
    rtl = workspace.periode_folder(PERIODE) / "rtl.toml"
    rtl.write_text(f'[[rtl]]\nunsur = "persyaratan"\nkegiatan = "Memasang daftar"\n{lines}\n', "utf-8")
    with pytest.raises(IkmError, match=re.escape(said)) as raised:
        publish(workspace)
    assert "rtl.toml" in str(raised.value) and (workspace.public / FILE).read_bytes() == before


# the thank-you page


def thanked(port: int, kind: str, number: int, value: int, channel: int) -> bytes:
    """Post one answer and return the whole receipt page, its code put out of the way."""
    if kind == "form":
        body = form_bytes(persyaratan=str(value), channel=str(channel), saran="x" * value)
        status, headers, _ = ask(port, "POST", FORMULIR, body, Content_Type=FORM_TYPE)
        place = headers["location"]
    else:
        body = json_bytes(number, a=[value] * 9, channel=channel, saran="x" * value)
        status, _, reply = ask(port, "POST", JAWABAN, body, Content_Type=JSON_TYPE)
        place = f"/terima/{json.loads(reply)['kode']}"
    assert status in {201, 303}
    status, _, page = ask(port, "GET", place)
    assert status == 200
    return CODE.sub(b"KODE", page)


@pytest.mark.parametrize("published", [True, False], ids=["published", "nothing published"])
def test_the_thanks_are_the_same_bytes_whatever_was_answered_and_on_every_channel(
    tmp_path: Path, published: bool
) -> None:
    workspace = promised_office(tmp_path) if published else waiting_office(tmp_path)
    ways = [(kind, channel, value) for kind in ("form", "json") for channel in (1, 2, 4) for value in (1, 4)]
    with server(workspace) as (port, _):
        pages = {thanked(port, kind, number, value, way) for number, (kind, way, value) in enumerate(ways)}
    (page,) = pages
    assert b"Terima kasih" in page and b"KODE" in page
    assert (b"Hasil terakhir" in page) is published and (b"Yang sudah diperbaiki" in page) is published


def shown(port: int) -> str:
    status, _, page = ask(port, "GET", "/terima/K7QM-2XTA-9F")
    assert status == 200
    return " ".join(page.decode().split())


def test_the_thanks_follow_what_is_published_while_the_server_runs(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    with server(workspace) as (port, _):
        assert "Hasil terakhir" not in shown(port)
        publish(workspace)
        page, figures = shown(port), hasil(workspace)
        block = page.partition("<h2>Hasil terakhir</h2>")[2].partition("</section>")[0]
        assert f"IKM {angka(figures['ikm'])}, mutu {figures['mutu']} ({figures['kinerja']})" in block
        assert f"dari {bulat(figures['n_responden'])} responden, periode September 2026." in block
        assert "diperbaiki" not in page
        plan(workspace, ({**PLANS[0], "hasil": ""}, PLANS[1], {**PLANS[2], "hasil": "Kotak <b>sudah</b> dipasang"}))
        publish(workspace)
        improved = re.findall(r"<li>[^:]+: (.*?)</li>", shown(port))
        assert improved == [PLANS[0]["kegiatan"], "Kotak &lt;b&gt;sudah&lt;/b&gt; dipasang"]
        (workspace.public / FILE).write_text("{", "utf-8")
        assert "Hasil terakhir" not in shown(port)
        publish(workspace)
        assert "Hasil terakhir" in shown(port)
        (workspace.public / FILE).unlink()
        assert "Hasil terakhir" not in shown(port)


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    workspace = promised_office(tmp_path)
    watched = Watched(workspace, rehearsal=True)
    first = watched()
    assert first is not None and watched() is first
    publish(workspace)
    assert watched() == first and watched() is not first


# a file that cannot be used


def broken(**changes: Any) -> str:
    fields: dict[str, Any] = {
        **{"format": "terakhir/1", "office": "kecamatan-teladan", "rehearsal": True, "n_responden": 136},
        **{"periode": PERIODE, "nama": "September 2026", "rentang": "x", "ikm": "77.10", "mutu": "B"},
        **{"kinerja": "Baik", "margin": "x", "rtl": []},
    }
    return json.dumps({key: value for key, value in {**fields, **changes}.items() if value is not ...})


PROMISE = {"unsur": "x", "kegiatan": "x", "waktu": [], "penanggung_jawab": "", "status": "", "hasil": ""}
UNUSABLE = {
    "nothing": "",
    "half": '{"format": "terakhir/1", "ikm": "7',
    "a list": "[]",
    "nested": "[" * 200_000,
    "another format": broken(format="terakhir/2"),
    "another office": broken(office="kecamatan-lain"),
    "real": broken(rehearsal=False),
    "no index": broken(ikm=None),
    "a number": broken(ikm=77),
    "a fraction": '{"ikm": 77.1}',
    "no letter": broken(mutu=...),
    "no count": broken(n_responden=True),
    "no promises": broken(rtl=None),
    "a promise that is none": broken(rtl=["x"]),
    "no status": broken(rtl=[{**PROMISE, "status": None}]),
    "no quarters": broken(rtl=[{**PROMISE, "waktu": "TW I"}]),
    "quarters in numbers": broken(rtl=[{**PROMISE, "waktu": [1]}]),
}


def test_the_file_that_the_broken_ones_are_made_from_is_sound(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(broken(rtl=[PROMISE]), "utf-8")
    found = read(tmp_path / FILE, "kecamatan-teladan", rehearsal=True)
    assert found is not None and (found.ikm, found.n_responden) == ("77.10", 136)


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_is_not_as_written_is_refused_with_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / FILE).write_text(UNUSABLE[name], "utf-8")
    with pytest.raises(IkmError) as raised:
        read(tmp_path / FILE, "kecamatan-teladan", rehearsal=True)
    assert raised.value.code == "LAST_BROKEN" and "\n" not in str(raised.value)


def test_bytes_that_are_no_text_and_a_folder_in_its_place_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder").mkdir()
    for file in (tmp_path / FILE, tmp_path / "folder"):
        with pytest.raises(IkmError, match="tidak dapat dipakai"):
            read(file, "kecamatan-teladan", rehearsal=True)


def told(workspace: Workspace) -> tuple[str, str]:
    findings = doctor.examine(workspace.root / "office.toml", "127.0.0.1", 1, None)
    (found,) = (item for item in findings if item.name == "hasil terakhir")
    return found.state, found.text


def test_doctor_says_what_is_shown_and_what_is_wrong_with_it(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    assert told(workspace) == ("baik", "belum ada yang diterbitkan.")
    publish(workspace)
    assert told(workspace) == ("baik", f"periode September 2026, IKM {angka(hasil(workspace)['ikm'])}.")
    (workspace.public / FILE).write_text("{", "utf-8")
    state, text = told(workspace)
    assert state == "perlu perhatian" and "make publish PERIOD=" in text


def test_a_broken_file_keeps_neither_pages_nor_posters_from_being_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = waiting_office(tmp_path, few=True)
    publish(workspace)
    (workspace.public / FILE).write_text("{", "utf-8")
    assert publish_commands.main(["site", "--office", str(workspace.root / "office.toml")]) == 0
    said = capsys.readouterr().err
    assert said.startswith("Perlu perhatian: Hasil terakhir ") and said.count("\n") == 1
    assert (workspace.site / "index.html").exists() and (workspace.data / "poster" / "ktp-a4.pdf").exists()
