"""The clerk's page over HTTP: shut to who has no token, one plain form a sheet, nothing it is given becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pytest
from entri_samples import GOOD
from flask.testing import FlaskClient
from http_samples import NOON, PACK, count, stored
from publish_samples import office
from store_samples import print_sheets
from werkzeug.test import TestResponse

from collector.entri import FIRST, SECOND, TERISI
from collector.entri_app import create_entri
from collector.entri_door import COOKIE, SECONDS, Door
from collector.entri_ledger import book
from collector.store import Store, open_store
from collector.workspace import Workspace

TOKEN = "sandi-rekaan-petugas"
OPENING = {"tanggal": "01/10/2026", "layanan": "ktp", "pertama": "1", "terakhir": "6"}
KEYS = {question.id: str(value) for question, value in zip(PACK.questions, GOOD.answers, strict=True)}
HOSTILE = [
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "'\"><svg/onload=alert(1)>",
    ),
    *(
        "{{7*7}}",
        "{% raw %}",
        "${jndi:ldap://x}",
        "javascript:alert(1)",
        "'; DROP TABLE entri_sheet; --",
        "1' OR '1'='1",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\u202egnitirw",
        "\x00\x1b[2J",
        "a\r\nSet-Cookie: x=1",
        "%0d%0aLocation: http://x",
        "\ufeff",
    ),
    *(
        "&#60;script&#62;",
        "<!--",
        "]]>",
        "\\u003cscript\\u003e",
        "🙂" * 40,
        "ا" * 40,
        "x" * 300,
        "../../etc/passwd",
        "%s%s%n",
        "null",
    ),
]


@dataclass(frozen=True)
class Desk:
    """The clerk's page of an office, and who asks for it."""

    workspace: Workspace
    store: Store
    client: FlaskClient

    def enter(self) -> None:
        reply = self.client.post("/entri/masuk", data={"sandi": TOKEN})
        assert reply.status_code == 303

    def keyed(self, number: int, turn: int = FIRST, **changes: str) -> TestResponse:
        fields = {"tahap": str(turn), "lembar": str(number), **KEYS, **changes}
        return self.client.post("/entri/1/", data=fields)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    workspace = office(tmp_path)
    store = open_store(workspace.store, workspace.office.id)
    print_sheets(workspace, store, 20)
    yield desk_of(workspace, store, TOKEN)
    store.close()


def desk_of(workspace: Workspace, store: Store, token: str) -> Desk:
    app = create_entri(workspace.office, store, NOON, rehearsal=True, token=token, broken=lambda: None)
    return Desk(workspace, store, app.test_client())


def told(reply: TestResponse) -> list[str]:
    return re.findall(r"<li>([^<]*)</li>", reply.text.partition('id="galat"')[2].partition("</ul>")[0])


# the door


@pytest.mark.parametrize("token", ["", "pendek", "x" * 15])
def test_without_a_token_or_with_a_short_one_the_page_is_shut_to_everybody(desk: Desk, token: str) -> None:
    shut = desk_of(desk.workspace, desk.store, token)
    for reply in (shut.client.get("/entri/"), shut.client.post("/entri/masuk", data={"sandi": token}), shut.keyed(1)):
        assert reply.status_code == 503 and "IKM_STAF_TOKEN" in told(reply)[0]
        assert "Set-Cookie" not in reply.headers


def test_nobody_gets_in_with_another_token_and_no_page_tells_anything(desk: Desk) -> None:
    for given in ("", "salah", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é" * 20, "\udc80"):
        reply = desk.client.post("/entri/masuk", data={"sandi": given.encode("utf-8", "replace").decode()})
        assert reply.status_code == 403 and "Set-Cookie" not in reply.headers
    for path in ("/entri/", "/entri/1/", "/entri/x", "/entri/999/"):
        reply = desk.client.get(path)
        assert reply.status_code == 401 and "Bundel" not in reply.text
    for path in ("/entri/", "/entri/1/", "/entri/1/cocok", "/entri/1/hitung", "/entri/1/batal"):
        assert desk.client.post(path, data=OPENING).status_code == 401
    assert desk.client.get("/entri/masuk").status_code == 405
    assert desk.client.get(f"/entri/?sandi={TOKEN}").status_code == 401  # never in an address


def test_the_cookie_is_for_these_pages_alone_and_ends_by_itself(desk: Desk) -> None:
    reply = desk.client.post("/entri/masuk", data={"sandi": TOKEN}, headers={"Host": "survei.contohkab.example"})
    cookie = reply.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Secure", "Path=/entri", "Max-Age=36000"))
    assert TOKEN not in cookie
    local = desk.client.post("/entri/masuk", data={"sandi": TOKEN}, headers={"Host": "127.0.0.1:8000"})
    assert "Secure" not in local.headers["Set-Cookie"] and local.headers["Location"] == "/entri/"
    door, other = Door(TOKEN), Door(TOKEN + "2")
    stamp = door.stamp(1000)
    assert door.holds(stamp, 1000) and door.holds(stamp, 1000 + SECONDS - 1)
    assert not door.holds(stamp, 1000 + SECONDS) and not other.holds(stamp, 1000)
    end, _, mac = stamp.partition(".")
    for forged in ("", ".", f"{end}.", f".{mac}", f"{int(end) + 1}.{mac}", f"{end}.{mac[:-1]}0", "é.é", f"٣.{mac}"):
        assert not door.holds(forged, 1000), forged
    desk.enter()
    assert desk.client.get("/entri/").status_code == 200
    desk.client.post("/entri/keluar")
    assert desk.client.get("/entri/").status_code == 401 and desk.client.get_cookie(COOKIE, path="/entri") is None


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://jahat.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_post_of_another_page_is_refused_even_with_the_cookie(desk: Desk, headers: dict[str, str]) -> None:
    desk.enter()
    for path in ("/entri/", "/entri/1/", "/entri/masuk", "/entri/keluar"):
        assert desk.client.post(path, data=OPENING, headers=headers).status_code == 403
    with desk.store.reading() as connection:
        assert connection.execute("SELECT count(*) FROM entri").fetchone()[0] == 0
    for own in ({"Origin": "http://localhost"}, {"Origin": "https://survei.contohkab.example"}):
        assert desk.client.post("/entri/masuk", data={"sandi": TOKEN}, headers=own).status_code == 303


def test_every_reply_keeps_the_page_out_of_caches_frames_and_foreign_scripts(desk: Desk) -> None:
    desk.enter()
    assert desk.client.post("/entri/", data=OPENING).headers["Location"] == "/entri/1/"
    for path in ("/entri/", "/entri/1/", "/entri/7/", "/entri/masuk"):
        headers = desk.client.get(path).headers
        assert headers["Cache-Control"] == "no-store" and headers["X-Frame-Options"] == "DENY"
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy and "trusted-types 'none'" in policy


# the plain forms


def test_a_bundle_is_keyed_and_counted_by_plain_forms_alone(desk: Desk) -> None:
    desk.enter()
    desk.client.post("/entri/", data=OPENING)
    for number in (1, 2, 3, 4, 5):
        assert desk.keyed(number).headers["Location"] == f"/entri/1/?lembar={number + 1}"
    assert desk.keyed(6, keadaan="rusak").headers["Location"] == "/entri/1/"
    assert "Semua lembar sudah diketik" in desk.client.get("/entri/1/").text
    wrong = desk.client.post("/entri/1/cocok", data={"terisi": "6", "rusak": "0", "sisa": "0"})
    assert wrong.status_code == 422 and "menurut hitungan kertas 6, menurut yang diketik 5, selisih 1" in told(wrong)[0]
    assert 'value="6"' in wrong.text  # what was typed stays
    assert desk.client.post("/entri/1/hitung").status_code == 422
    desk.client.post("/entri/1/cocok", data={"terisi": "5", "rusak": "1", "sisa": "0"})
    page = desk.client.get("/entri/1/").text
    assert "Ketik lembar ini sekali lagi" in page and not re.search(r'data-jawaban[^>]*value="\d"', page)
    for number in (1, 2, 3, 4):
        desk.keyed(number, SECOND)
    desk.keyed(5, SECOND, **{PACK.questions[0].id: "1"})
    page = desk.client.get("/entri/1/").text
    assert "Kedua entri berbeda" in page and "1 dari 45 (2,22 persen)" in page
    desk.keyed(5, 3, **{PACK.questions[0].id: "1"})
    assert "Siap dihitung" in desk.client.get("/entri/1/").text and count(desk.workspace) == 0
    for _ in range(2):
        assert desk.client.post("/entri/1/hitung").status_code == 303
    assert [row["a01"] for row in stored(desk.workspace)] == [4, 4, 4, 4, 1]
    assert "masuk hitungan pada 1 Oktober 2026 dengan 5 jawaban" in desk.client.get("/entri/1/").text


def test_what_is_wrong_with_a_sheet_is_told_and_every_key_stays(desk: Desk) -> None:
    desk.enter()
    desk.client.post("/entri/", data=OPENING)
    reply = desk.keyed(1, **{PACK.questions[1].id: "7", PACK.questions[2].id: "", "saran": "Antre lama."})
    assert reply.status_code == 422 and "Antre lama." in reply.text
    assert told(reply) == [
        "Pertanyaan 3 belum diketik; tekan 0 bila tidak dijawab.",
        "Jawaban pertanyaan 2 harus salah satu dari pilihan yang tersedia.",
    ]
    assert (
        desk.keyed(99).status_code == 409
        and desk.keyed(1, 2).status_code == 409
        and desk.keyed(1, 9).status_code == 409
    )
    for changes in (
        {"tanggal": "kemarin"},
        {"tanggal": "2/10/2026"},
        {"pertama": "x"},
        {"terakhir": "21"},
        {"layanan": ""},
    ):
        reply = desk.client.post("/entri/", data={**OPENING, "pertama": "7", "terakhir": "9", **changes})
        assert reply.status_code == 422 and len(told(reply)) == 1


def test_text_that_means_harm_is_kept_as_text_and_shown_as_text(desk: Desk) -> None:
    desk.enter()
    desk.client.post("/entri/", data={**OPENING, "terakhir": "20"})
    for number, text in enumerate(HOSTILE):
        reply = desk.keyed(number % 20 + 1, saran=text)
        assert reply.status_code == 303 and "x" not in reply.headers.get("Set-Cookie", "")
        page = desk.client.get(f"/entri/1/?lembar={number % 20 + 1}").text
        shown = page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
        assert "<" not in shown and page.count("<script>") == 1
        with desk.store.reading() as connection:
            kept = book(connection, desk.workspace.office.id, 1).passes[FIRST][number % 20 + 1]
        assert kept.state == TERISI and shown == escape(kept.saran).replace("&quot;", "&#34;").replace(
            "&#x27;", "&#39;"
        )
        for field in ("layanan", "tanggal", "pertama"):
            page = desk.client.post("/entri/", data={**OPENING, field: text}).text
            assert page.count("<script>") == 0 and "onerror=alert" not in page.replace(escape(text), "")


def test_bodies_that_no_form_sends_change_nothing(desk: Desk) -> None:
    desk.enter()
    desk.client.post("/entri/", data=OPENING)
    for body in (
        b"",
        b"\xff\xfe",
        b"a" * 20_000,
        b"tahap=1&lembar=1" + b"&x=1" * 200,
        b"{}",
        b"lembar=9999999999&tahap=1",
    ):
        reply = desk.client.post("/entri/1/", data=body, content_type="application/x-www-form-urlencoded")
        assert reply.status_code in {409, 413, 422}
    for path in ("/entri/0/", "/entri/99999999999999999999/", "/entri/-1/", "/entri/1/x", "/entri/%00/"):
        assert desk.client.get(path).status_code == 404
    with desk.store.reading() as connection:
        assert connection.execute("SELECT count(*) FROM entri_sheet").fetchone()[0] == 0
