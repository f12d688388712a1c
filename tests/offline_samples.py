"""What the tests of an unsent answer share: a filled form, a line that is down, and all that a browser keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from browser_samples import Site, choose
from playwright.sync_api import Page, Route, expect

from scoring.instrument import built_in
from scoring.response import receipt_code

PACK = built_in("permenpanrb-14-2017")
QUESTIONS = [question.id for question in PACK.questions]
ANSWERS = dict(zip(QUESTIONS, (4, 3, 3, 4, 2, 3, 4, 1, 2), strict=True))
SARAN = "Antrean pagi lama."
RECEIPT = re.compile(r"/terima/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2})$")
JAWABAN = "**/v1/jawaban"
UNSENT = "belum terkirim karena sambungan terputus"
ERASE = "Hapus jawaban yang belum terkirim"
# Everything that a page of ours could have left: storage, databases, caches with the text of what lies in them.
KEPT = """async () => ({
  local: { ...localStorage }, session: { ...sessionStorage }, cookie: document.cookie,
  databases: (await indexedDB.databases()).map(base => base.name),
  caches: await Promise.all((await caches.keys()).map(async name => {
    const cache = await caches.open(name);
    const page = async key => [key.url, await (await cache.match(key)).text()];
    return [name, await Promise.all((await cache.keys()).map(page))];
  })),
})"""


def kept(page: Page) -> dict[str, Any]:
    """Return what the browser keeps for the page's origin."""
    found: dict[str, Any] = page.evaluate(KEPT)
    return found


def keeps_nothing(page: Page) -> bool:
    """Say whether nothing but the blank pages for a line that is down is kept."""
    found = kept(page)
    pages = [text for _, entries in found["caches"] for _, text in entries]
    blank = all(SARAN not in text and "checked" not in text.split("<script>")[0].split("</style>")[1] for text in pages)
    return blank and (found["local"], found["session"], found["cookie"], found["databases"]) == ({}, {}, "", [])


def fill(page: Page, site: Site, query: str = "") -> None:
    """Open the questionnaire and answer all of it."""
    page.goto(site.questionnaire() + query)
    if "channel=4" in query:
        page.get_by_role("button", name="Serahkan ponsel kepada warga").click()
    choose(page, ANSWERS)
    page.get_by_role("textbox", name="Saran").fill(SARAN)


def send(page: Page) -> None:
    """Press the button that sends."""
    page.get_by_role("button", name=re.compile("^Kirim")).click()


def cut(page: Page) -> None:
    """Take the line away from sending, on every page of this phone, without the browser being told."""
    page.context.route(JAWABAN, lambda route: route.abort("internetdisconnected"))


def mend(page: Page) -> None:
    """Give the line back; the page is told, as by a phone that has found its network."""
    page.context.unroute(JAWABAN)
    page.evaluate("window.dispatchEvent(new Event('online'))")


def unsent(page: Page, sentence: str = UNSENT) -> None:
    """Wait until the page says that the answer waits."""
    expect(page.get_by_role("status")).to_contain_text(sentence)
    expect(page.locator("#hitungan")).to_have_text("Belum terkirim – isian dikunci")


def thanked(page: Page) -> str:
    """Wait for the thanks page and return its receipt code."""
    page.wait_for_url(RECEIPT)
    found = RECEIPT.search(page.url)
    assert found
    return found[1]


def reply(status: int, *, galat: str = "") -> Callable[[Route], None]:
    """Return what answers a post with `status`, as the collector does when it gives a sentence."""
    text = json.dumps({"galat": galat, "problems": []}) if galat else "<p>x</p>"
    return lambda route: route.fulfill(status=status, body=text, content_type="application/json")


def lose(route: Route) -> None:
    """Let the post through and drop its reply."""
    assert route.fetch().status in {200, 201}
    route.abort("connectionreset")


def once(site: Site, code: str) -> bool:
    """Say whether exactly one answer is stored, and it is the one that the code was given for."""
    return [receipt_code(row["id"]) for row in site.rows()] == [code]
