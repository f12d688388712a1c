"""The staff's Datasette of an office: asked in its own process, or served to a real browser."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import publish_samples
from datasette.app import Datasette
from datasette_auth_passwords.utils import hash_password
from playwright.sync_api import Browser, Page

from collector.workspace import Workspace
from publish import datasettes
from publish.staff_db import DATABASE, staff_folder

PASSWORD = "kata sandi petugas"
FORMULA = '=HYPERLINK("https://jahat.example";"klik")'
SCRIPT = "<script>alert(1)</script><b>antrean</b>"
HASH = hash_password(PASSWORD, iterations=1000)


def ask(workspace: Workspace, questions: Callable[[Datasette], Awaitable[Any]]) -> Any:
    """Put questions to an instance with the metadata, settings, templates and plugins that the command gives it."""

    async def run() -> Any:
        instance = Datasette(
            [],
            immutables=[str(staff_folder(workspace) / DATABASE)],
            metadata=json.loads((staff_folder(workspace) / datasettes.METADATA).read_text("utf-8")),
            settings=datasettes.STAFF_SETTINGS,
            template_dir=str(datasettes.TEMPLATES),
            plugins_dir=str(datasettes.PLUGINS),
        )
        await instance.invoke_startup()
        return await questions(instance)

    return asyncio.run(run())


def get(workspace: Workspace, *paths: str, signed_in: bool = True) -> list[httpx.Response]:
    """Return the answers to a member of the staff, or to somebody who is not signed in."""

    async def questions(instance: Datasette) -> list[httpx.Response]:
        cookies = {"ds_actor": instance.sign({"a": {"id": "staf"}}, "actor")} if signed_in else {}
        return [await instance.client.get(path, cookies=cookies) for path in paths]

    answers: list[httpx.Response] = ask(workspace, questions)
    return answers


def post(
    workspace: Workspace, path: str, fields: Mapping[str, str], *, signed_in: bool = True, token: bool = True
) -> httpx.Response:
    """Return the answer to a form that was sent, with the token of the page it stands on or without."""

    async def questions(instance: Datasette) -> httpx.Response:
        cookies = {"ds_actor": instance.sign({"a": {"id": "staf"}}, "actor")} if signed_in else {}
        form = await instance.client.get("/-/saring" if signed_in else "/-/login", cookies=cookies)
        cookies["ds_csrftoken"] = form.cookies["ds_csrftoken"]
        sent = {**fields, "csrftoken": form.cookies["ds_csrftoken"]} if token else dict(fields)
        return await instance.client.post(path, data=sent, cookies=cookies)

    answer: httpx.Response = ask(workspace, questions)
    return answer


def keys(page: str) -> list[str]:
    """Return the keys of the comments on a page, in their order."""
    return re.findall(r'id="tema-([0-9a-f]+)"', page)


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Serve the staff's instance as its command does, on a free port of loopback; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    before = os.environ.get(datasettes.PASSWORD_VARIABLE)
    os.environ[datasettes.PASSWORD_VARIABLE] = HASH
    try:
        command = datasettes.staff_command(workspace, "127.0.0.1", port)
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        os.environ.pop(datasettes.PASSWORD_VARIABLE)
        if before is not None:
            os.environ[datasettes.PASSWORD_VARIABLE] = before
    try:
        _wait(f"http://127.0.0.1:{port}/-/login")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")


@contextmanager
def signed_in(browser: Browser, origin: str) -> Iterator[Page]:
    """Hold a page of a clerk who has signed in with the password."""
    context = browser.new_context(base_url=origin, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/-/login")
    page.get_by_label("Nama pengguna").fill("staf")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"{origin}/")
    yield page
    context.close()


def commented_office(folder: Path) -> Workspace:
    """Return an office with October closed and three comments, two of them hostile; nothing is frozen yet."""
    workspace = publish_samples.office(folder)
    publish_samples.answer(workspace, 40)
    for seed, text in enumerate((FORMULA, SCRIPT, "Hubungi saya di 081234567890, antre lama."), 2):
        publish_samples.answer(workspace, 1, seed=seed, saran=text)
    assert publish_samples.collect(workspace, "close", "2026-10") == 0
    datasettes.prepare_staff(workspace)
    return workspace


def result_of(workspace: Workspace, periode: str) -> dict[str, Any]:
    """Return the result of a periode as its file has it."""
    found: dict[str, Any] = json.loads((workspace.periode_folder(periode) / "result.json").read_text("utf-8"))
    return found


def comma(figure: str | None) -> str:
    """Return a figure of a result as it is printed."""
    return (figure or "").replace(".", ",")


def rows(page: Page) -> list[dict[str, str]]:
    """Return the table of the page, each cell by the head above it."""
    heads = page.locator("main thead th").all_text_contents()  # not as drawn, with a capital
    return [
        dict(zip(heads, row.locator("td").all_text_contents(), strict=True))
        for row in page.locator("main tbody tr").all()
    ]


def choose(page: Page, question: str, **chosen: str) -> list[dict[str, str]]:
    """Open a question from the start page, choose from its lists, and return its table."""
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("link", name=question, exact=True).click()
    for label, option in chosen.items():
        page.get_by_label(label.capitalize(), exact=True).select_option(label=option)
    if chosen:
        with page.expect_navigation():
            page.get_by_role("button", name="Tampilkan").click()
    return rows(page)


def ask_five_questions(page: Page, result: Mapping[str, Any]) -> None:
    """Answer five questions of a clerk on the October of a result by choosing, without SQL; see that they are equal."""
    index = choose(page, "Nilai IKM setiap periode")[0]
    assert (index["IKM"], index["mutu"]) == (comma(result["ikm"]), result["mutu"])
    unsur = choose(page, "Nilai unsur pada satu periode", periode="Oktober 2026")
    assert [row["NRR"] for row in unsur] == [comma(entry["nrr"]) for entry in result["unsur"]]
    ktp = result["layanan"][0]
    of_ktp = choose(page, "Nilai unsur satu layanan", periode="Oktober 2026", layanan=ktp["nama"])
    assert [(row["layanan"], row["nilai"]) for row in of_ktp] == [
        (ktp["nama"], comma(entry["konversi"])) for entry in ktp["unsur"]
    ]
    blanks = choose(page, "Pertanyaan yang tidak dijawab", periode="Oktober 2026")
    assert [int(row["tidak dijawab"]) for row in blanks] == [entry["blank"] for entry in result["questions"]]
    days = choose(page, "Jumlah jawaban setiap hari dan targetnya", periode="Oktober 2026")
    assert int(days[-1]["jumlah sampai hari itu"]) == result["n_responden"]
    assert int(days[-1]["target sampai hari itu"]) == result["sample"]["minimum"]
