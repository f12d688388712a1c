"""Citizens on bad lines: whatever a post or its reply suffers, the page's retry stores the answer exactly once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browser_samples import Site, chromium
from campaign_server import Service
from chaos_proxy import FATES, ChaosProxy
from http_samples import faults_of, free_port, stored
from playwright.sync_api import Error, Page
from publish_samples import office
from retrying_client import integrity

MOST_SECONDS = 60  # for one citizen to be thanked
PHONES = 6  # that answer at once in the long campaign: most of their time goes into waiting
THANKS = "/terima/"
# One citizen: chooses every answer, says who they are in the saran, and sends.
FILL = """name => {
  const form = document.getElementById('survei');
  form.querySelectorAll('fieldset').forEach((set, place) => {
    const inputs = set.querySelectorAll('input[type=radio]');
    inputs[(place + name.length) % inputs.length].click();
  });
  form.querySelector('[name=saran]').value = name;
  form.querySelector('button').click();
}"""
# Whoever sees that it did not work touches the button, which then says "send again".
AGAIN = """() => {
  const button = document.querySelector('#survei button');
  if (!button || button.hasAttribute('aria-disabled') || button.disabled) return false;
  button.click();
  return true;
}"""
KEPT = "() => JSON.stringify(Object.values(localStorage)) + JSON.stringify(Object.values(sessionStorage))"


def answer(page: Page, address: str, name: str) -> tuple[str, int]:
    """Fill the questionnaire in as `name` and send until thanked; return the receipt page and how often it was sent."""
    page.goto(address)
    page.evaluate(FILL, name)
    end, touches = time.monotonic() + MOST_SECONDS, 1
    while THANKS not in page.url:
        assert time.monotonic() < end, f"{name} is not thanked: {page.locator('body').inner_text()}"
        page.wait_for_timeout(30)
        try:
            touches += bool(page.evaluate(AGAIN))
        except Error:  # the page is just being left for the receipt
            page.wait_for_load_state()
    page.wait_for_load_state()
    assert name not in page.evaluate(KEPT)
    return page.url.rsplit("/", 1)[1], touches


def answer_all(address: str, names: list[str]) -> list[tuple[str, int]]:
    """Let these citizens answer one after the other on one phone; return what `answer` does for each."""
    with chromium() as browser:
        page = browser.new_context().new_page()
        return [answer(page, address, name) for name in names]


@pytest.mark.browser
@pytest.mark.parametrize("citizens", [8, pytest.param(5000, marks=pytest.mark.soak)])
def test_citizens_on_a_line_that_loses_cuts_and_doubles_are_each_stored_exactly_once(
    tmp_path: Path, citizens: int, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy = ChaosProxy(free_port(), seed=citizens)
    origin = f"http://127.0.0.1:{proxy.port}"
    service = Service(office(tmp_path, {"https://survei.contohkab.example": origin}), port=proxy.target)
    names = [f"Warga {number}" for number in range(citizens)]
    phones = PHONES if citizens > 100 else 1
    with service.running(), proxy.carrying(), ThreadPoolExecutor(phones) as pool:
        address = Site(service.workspace, origin).questionnaire()
        shares = pool.map(answer_all, [address] * phones, [names[place::phones] for place in range(phones)])
        answered = [each for share in shares for each in share]
    codes, touches = [code for code, _ in answered], sum(sent for _, sent in answered)
    rows = stored(service.workspace)
    with capsys.disabled():
        print(f"\n{citizens} citizens: {len(rows)} rows, button touched {touches} times, fates {dict(proxy.fates)}")
    assert Counter(row["saran"] for row in rows) == Counter(names)
    assert [faults for row in rows if (faults := faults_of(row))] == []
    assert len(set(codes)) == citizens and integrity(service.workspace) == "ok"
    assert set(proxy.fates) == set(FATES) or citizens < 100
