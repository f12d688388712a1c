"""The staff's Datasette as a clerk uses it: questions without SQL, downloads, tags on comments, procedure, filter."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import publish_samples
import pytest
from published_office import three_published
from staff_samples import FORMULA, comma, commented_office, get, keys, post, result_of

from collector.store import Arrival, open_store
from collector.workspace import Workspace
from publish import complaints, datasettes, journal, tagging
from publish.downloads import as_csv, as_xlsx, guarded
from publish.journal import Official
from publish.procedure import built_in
from publish.staff_db import build_staff
from publish.staff_queries import STAFF_QUERIES
from publish.tagging import Tanda
from scoring.errors import IkmError
from scoring.response import Response, canonical, commitment


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = three_published(tmp_path_factory.mktemp("kantor"))
    datasettes.prepare_staff(workspace)
    return workspace


@pytest.fixture
def commented(tmp_path: Path) -> Workspace:
    return commented_office(tmp_path)


def test_without_signing_in_there_is_no_page_no_file_no_query_and_no_write(commented: Workspace) -> None:
    pages = (
        "/-/saran",
        "/-/prosedur",
        "/-/saring",
        "/staf/indeks.excel",
        "/staf/hitung.xlsx",
        "/staf.db",
        "/staf/saran",
    )
    assert {answer.status_code for answer in get(commented, *pages, signed_in=False)} == {403}
    for path in ("/-/saran", "/-/saring"):
        assert post(commented, path, {"periode": "2026-10"}, signed_in=False).status_code == 403
    key = keys(get(commented, "/-/saran")[0].text)[0]
    assert post(commented, "/-/saran", tagged("2026-10", key, "dicatat"), token=False).status_code == 403
    assert not (commented.periode_folder("2026-10") / tagging.FILE).exists()


def test_free_sql_the_file_and_the_plain_csv_are_refused_to_the_staff_too(office: Workspace) -> None:
    refused = get(office, "/staf.json?sql=select+1", "/staf.db", "/staf/hitung.json?_where=1%3D1")
    assert [answer.status_code for answer in refused] == [403, 403, 403]
    plain = get(office, "/staf/hitung.csv", "/staf/indeks.csv", "/-/patterns", "/-/plugins", "/-/permissions")
    assert {answer.status_code for answer in plain} == {404}


def tagged(periode: str, key: str, jenis: str, tema: str = "") -> dict[str, str]:
    return {"periode": periode, f"jenis-{key}": jenis, f"tema-{key}": tema}


def test_every_table_and_every_question_can_be_taken_away_as_csv_and_xlsx(office: Workspace) -> None:
    answers = get(office, "/staf/nilai_unsur.excel?periode=2026-10", "/staf/nilai_unsur.xlsx?periode=2026-10")
    names = [answer.headers["content-disposition"] for answer in answers]
    assert names == [f'attachment; filename="nilai_unsur-2026-10.{ending}"' for ending in ("csv", "xlsx")]
    assert answers[0].content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answers[0].content.decode("utf-8-sig")), delimiter=";"))
    unsur = result_of(office, "2026-10")["unsur"]
    assert [row["NRR"] for row in lines] == [comma(entry["nrr"]) for entry in unsur]
    sheet = openpyxl.load_workbook(io.BytesIO(answers[1].content)).worksheets[0]
    values = list(sheet.values)
    head = next(number for number, row in enumerate(values) if "NRR" in row)
    place = values[head].index("NRR")
    assert [f"{row[place]:.3f}" for row in values[head + 1 :]] == [entry["nrr"] for entry in unsur]
    paths = [f"/staf/{name}.{ending}" for name in STAFF_QUERIES for ending in ("excel", "xlsx")]
    assert {answer.status_code for answer in get(office, *paths)} == {200}
    whole = get(office, "/staf/hitung.excel?_size=max")[0].content.decode("utf-8-sig").splitlines()
    with sqlite3.connect(office.data / "staf" / "staf.db") as database:
        assert len(whole) - 1 == database.execute("SELECT count(*) FROM hitung").fetchone()[0] > 100


@pytest.mark.parametrize("text", [FORMULA, "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_text_becomes_a_formula_in_a_file(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert as_csv(["isi"], [[text]]).decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"').startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx("Judul", "", ["isi"], [[text]], "", date(2026, 10, 25))))
    cell = sheet.worksheets[0]["A4"]
    assert (cell.data_type, cell.quotePrefix or not text.startswith(("=", "+", "-", "@"))) == ("s", True)


def test_a_number_stays_a_number_with_a_decimal_comma_and_nothing_stays_empty() -> None:
    text = as_csv(["IKM", "selisih", "n"], [[81.5, -0.25, 1362], [None, None, None]]).decode("utf-8-sig")
    assert text == "IKM;selisih;n\r\n81,50;-0,25;1362\r\n;;\r\n"


def test_comments_are_shown_masked_shuffled_and_without_what_could_single_someone_out(commented: Workspace) -> None:
    text = get(commented, "/-/saran?periode=2026-10")[0].text
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "081234567890" not in text
    shown = keys(text)
    assert shown == sorted(shown)
    with sqlite3.connect(commented.store) as store:
        ids = [row[0].hex() for row in store.execute("SELECT response FROM saran")]
    assert not [key for key in shown if any(key in one for one in ids)]
    listed = text.partition('<form action="/-/saran" method="post">')[2]
    assert not [item.nama for item in commented.office.layanan if item.nama in listed]
    assert "2026-10-01" not in listed


def test_the_comments_of_an_open_periode_are_not_shown(tmp_path: Path) -> None:
    workspace = publish_samples.office(tmp_path)
    publish_samples.answer(workspace, 12, saran="Rahasia sampai ditutup")
    datasettes.prepare_staff(workspace)
    answers = get(workspace, "/-/saran", "/-/saran?periode=2026-10")
    assert not [answer for answer in answers if "Rahasia sampai" in answer.text]
    assert "Belum ada periode yang ditutup" in answers[0].text


def test_tags_feed_the_summary_and_leave_what_people_typed(commented: Workspace) -> None:
    periode, folder = commented.office.periode("2026-10"), commented.periode_folder("2026-10")
    first, second, third = (comment.key for comment in tagging.comments(commented, periode))
    file = folder / complaints.SARAN
    folder.mkdir(parents=True, exist_ok=True)
    typed = 'diterima = 3\n\n[[tema]]\nnama = "Antrean"\njumlah = 2\nringkasan = "Ditulis orang."\n'
    file.write_text(typed, "utf-8")
    wanted = {first: Tanda("saran", "Antrean"), second: Tanda("aduan", 'Kursi "A"'), third: Tanda("dicatat", "")}
    assert tagging.tag(commented, periode, wanted, "staf", date(2026, 10, 25)) == []
    found = complaints.prepare_saran(file, 3)
    assert file.read_text("utf-8").startswith(typed.rstrip("\n"))
    assert [(tema.nama, tema.jumlah, tema.aduan) for tema in found.tema] == [
        ("Antrean", 2, False),
        ("Dicatat, tidak perlu tindak lanjut", 1, False),
        ('Kursi "A"', 1, True),
    ]
    tagging.tag(commented, periode, {second: Tanda("dicatat", "")}, "staf", date(2026, 10, 26))
    later = complaints.prepare_saran(file, 3)
    assert [(tema.nama, tema.jumlah) for tema in later.tema] == [
        ("Antrean", 2),
        ("Dicatat, tidak perlu tindak lanjut", 2),
    ]


def test_the_file_of_tags_only_grows_and_the_last_tag_on_a_comment_holds(commented: Workspace) -> None:
    folder = commented.periode_folder("2026-10")
    key = keys(get(commented, "/-/saran")[0].text)[0]
    assert post(commented, "/-/saran", tagged("2026-10", key, "saran", "Antrean")).status_code == 302
    before = (folder / tagging.FILE).read_text("utf-8")
    assert post(commented, "/-/saran", tagged("2026-10", key, "saran", "Antrean")).status_code == 302
    assert (folder / tagging.FILE).read_text("utf-8") == before
    assert post(commented, "/-/saran", tagged("2026-10", key, "aduan", "Biaya")).status_code == 302
    after = (folder / tagging.FILE).read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    assert 'oleh = "staf"' in after
    assert tagging.read(folder / tagging.FILE) == {key: Tanda("aduan", "Biaya")}


@pytest.mark.parametrize(
    ("jenis", "tema", "words"),
    [
        ("aduan", "", "1 sampai 60 huruf"),
        ("saran", "x" * 61, "1 sampai 60 huruf"),
        ("saran", "a\u202eb", "1 sampai 60 huruf"),
        ("", "Antrean", "belum dipilih"),
        ("hapus", "Antrean", "belum dipilih"),
    ],
)
def test_a_wrong_tag_is_explained_and_nothing_is_kept(commented: Workspace, jenis: str, tema: str, words: str) -> None:
    key = keys(get(commented, "/-/saran")[0].text)[0]
    answer = post(commented, "/-/saran", tagged("2026-10", key, jenis, tema))
    assert answer.status_code == 400
    assert words in answer.text
    assert not (commented.periode_folder("2026-10") / tagging.FILE).exists()


def test_what_a_frozen_edition_was_made_of_is_not_tagged_any_more(commented: Workspace) -> None:
    office, folder = commented.office, commented.periode_folder("2026-10")
    key = keys(get(commented, "/-/saran")[0].text)[0]
    procedure = built_in(office.procedure)
    step = procedure.steps[procedure.first("freeze")].id
    said: dict[str, Any] = {"detail": {"edition": 1, "naskah": {}}, "rehearsal": True}
    with journal.held(folder, office.id, "2026-10") as book:
        book.append(datetime(2026, 10, 25, 10, tzinfo=UTC), step, "frozen", "staf", Official("Staf", "", ""), **said)
    page = get(commented, "/-/saran")[0].text
    assert "Edisi 1 periode 2026-10 sudah dibekukan" in page
    assert "Simpan tanda" not in page
    answer = post(commented, "/-/saran", tagged("2026-10", key, "dicatat"))
    assert (answer.status_code, "sudah dibekukan" in answer.text) == (400, True)
    assert not (folder / tagging.FILE).exists()


def test_a_comment_that_is_not_there_cannot_be_tagged(commented: Workspace) -> None:
    answer = post(commented, "/-/saran", tagged("2026-10", "0" * 16, "dicatat"))
    assert answer.status_code == 400
    with pytest.raises(IkmError) as caught:
        tagging.tag(commented, commented.office.periode("2026-11"), {}, "staf", date(2026, 10, 25))
    assert caught.value.code == "PERIODE_OPEN"


def test_the_page_of_the_procedure_says_what_the_command_says(
    office: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    import publish.__main__ as commands

    assert commands.main(["status", "2026-10", "--office", str(office.root / "office.toml")]) == 0
    printed = capsys.readouterr().out
    text = get(office, "/-/prosedur?periode=2026-10")[0].text
    step = re.findall(r"Ketik: (.*)", printed)[0]
    assert step in text.replace("&#34;", '"')
    for name in re.findall(r"\[([a-z-]+)\]", printed):
        assert f"[{name}]" in text
    wrong = get(office, "/-/prosedur?periode=kemarin")[0]
    assert (wrong.status_code, "Periode kemarin tidak dikenal" in wrong.text) == (400, True)


def test_no_score_of_a_small_group_stands_in_the_staff_database(office: Workspace) -> None:
    with sqlite3.connect(build_staff(office)) as database:
        small = database.execute("SELECT id, ikm, keterangan FROM layanan WHERE n_responden < 10").fetchall()
        assert small == [("lainnya", None, "responden kurang dari 10")]
        hidden = "SELECT id FROM layanan WHERE periode = '2026-09' AND ikm IS NULL"
        names = {row[0] for row in database.execute(hidden)}
        assert names == {"lainnya", "pindah"}
        for table in ("unsur", "hitung"):
            listed = {row[0] for row in database.execute(f"SELECT layanan FROM {table} WHERE periode = '2026-09'")}
            assert not listed & names
        channels = database.execute("SELECT n_responden, ikm FROM saluran").fetchall()
        assert all(n >= 10 for n, ikm in channels if ikm is not None)
        assert any(ikm is not None for _, ikm in channels)


def test_a_channel_that_is_a_layanan_but_for_a_few_has_no_score(tmp_path: Path) -> None:
    workspace = publish_samples.office(tmp_path)
    for layanan, channel, n in (("ktp", 1, 20), ("kk", 1, 3), ("kk", 3, 27), ("usaha", 2, 15)):
        answers_of(workspace, layanan, channel, n)
    assert publish_samples.collect(workspace, "close", "2026-10") == 0
    with sqlite3.connect(build_staff(workspace)) as database:
        found = dict(database.execute("SELECT saluran, ikm IS NOT NULL FROM saluran").fetchall())
    assert found == {"anjungan": 1, "formulir kertas": 0, "ponsel": 0}


def answers_of(workspace: Workspace, layanan: str, channel: int, n: int) -> None:
    """Store answers of one layanan that came by one channel."""
    pack = workspace.office.survey_on(date(2026, 10, 1)).instrument
    values, profil = tuple(3 for _ in pack.questions), tuple(None for _ in pack.profil)
    held = canonical(values, pack.form, layanan, workspace.office.id)
    store = open_store(workspace.store, workspace.office.id)
    for number in range(n):
        nonce = f"{layanan} {channel} {number}".encode().ljust(32)
        told = (commitment(nonce, held), nonce, workspace.office.id, layanan, pack.form, channel, 0)
        store.add(Response(*told, values, profil, ""), Arrival(date(2026, 10, 1), None if channel == 3 else 10))
    store.close()
