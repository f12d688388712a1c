"""The pages on which anyone checks for himself: a PDF against what was published; what both pages are to a browser."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser_samples import CHROMIUM, findings
from check_samples import MODULE, PAGES, opened, shown
from playwright.sync_api import Browser, expect
from publish_samples import publish as command
from published_office import OCTOBER, fill, make_office, publish
from published_samples import published_copy

from collector.workspace import SITE_SOURCE, Workspace
from publish import check_pages, opendata
from publish.dokumen import FILE
from publish.opendata import read_published


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published_copy(tmp_path_factory, tmp_path_factory.mktemp("kantor"))


def pdf_of(workspace: Workspace, periode_id: str = "2026-10", name: str = "laporan.pdf") -> Path:
    return workspace.public / "periode" / periode_id / name


def replaced(workspace: Workspace) -> Path:
    """Publish October once more with a certificate and as edition 2; return its report of edition 1.

    What publication writes is in tests/test_transparency_evidence.py; here its file is told of a second edition.
    """
    folder = workspace.public / "periode" / "2026-10"
    fields = json.loads((folder / FILE).read_text("utf-8"))
    old = folder / "edisi-1" / "laporan.pdf"
    old.parent.mkdir()
    old.write_bytes(b"%PDF-1.7 edisi pertama")
    sealed = {"cara": "certificate", "berlaku": True, "jabatan": "Camat Teladan", "tingkat": "B-LTA"}
    signature = {**sealed, "waktu": "2026-10-25T07:03:00+00:00", "kalimat": ["Isi dokumen sama."]}
    first = {**fields["dokumen"][0], "berkas": "edisi-1/laporan.pdf", "edisi": 1}
    first["sha256"] = hashlib.sha256(old.read_bytes()).hexdigest()
    for entry in fields["dokumen"]:
        entry |= {"edisi": 2, "tanda_tangan": signature}
    fields["dokumen"].append(first)
    latest = {"nomor": 2, "tanggal": "2026-11-02", "alasan": "Nama layanan salah ketik.", "perbedaan": ""}
    fields["edisi"] = [{**latest, "nomor": 1, "alasan": ""}, latest]
    (folder / FILE).write_text(json.dumps(fields), "utf-8")
    check_pages.build(workspace.office, workspace.public, read_published(workspace.public))
    return old


# the PDF


@pytest.mark.browser
def test_a_published_pdf_is_recognised_and_a_changed_one_calmly_not(
    office: Workspace, tmp_path: Path, browser: Browser
) -> None:
    changed = tmp_path / "laporan.pdf"
    changed.write_bytes(pdf_of(office).read_bytes() + b" ")
    with opened(browser) as (page, faults):
        page.goto((office.public / PAGES[0]).as_uri())
        page.set_input_files("#berkas", str(pdf_of(office)))
        expect(page.locator(".putusan.cocok")).to_contain_text(
            "Laporan Survei Kepuasan Masyarakat periode Oktober 2026"
        )
        page.set_input_files("#berkas", str(changed))
        expect(page.locator(".putusan")).to_contain_text("Itu belum berarti dokumennya palsu.")
        assert hashlib.sha256(changed.read_bytes()).hexdigest() in shown(page)
        assert page.locator(".putusan.cocok").count() == 0
        assert not faults


@pytest.mark.browser
def test_edition_and_signature_are_said_and_an_older_edition_is_replaced(tmp_path: Path, browser: Browser) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    old = replaced(workspace)
    with opened(browser) as (page, faults):
        page.goto((workspace.public / PAGES[0]).as_uri())
        page.set_input_files("#berkas", str(pdf_of(workspace)))
        expect(page.locator(".putusan.cocok")).to_contain_text(
            "Laporan Survei Kepuasan Masyarakat periode Oktober 2026, edisi 2."
        )
        for part in ("berlaku", "Camat Teladan", "sertifikat elektronik", "B-LTA", "25 Oktober 2026 14.03 WIB"):
            assert part in shown(page), part
        page.set_input_files("#berkas", str(old))
        expect(page.locator(".putusan")).to_contain_text("sudah diganti dengan edisi 2 tanggal 2 November 2026.")
        assert "Nama layanan salah ketik." in shown(page)
        address = page.locator(".putusan a").get_attribute("href")
        assert address and (workspace.public / "periksa" / address).resolve() == pdf_of(workspace).resolve()
        page.set_input_files("#berkas", str(pdf_of(workspace, name="lembar-publikasi.pdf")))
        expect(page.locator(".putusan.cocok")).to_contain_text("Lembar Publikasi periode Oktober 2026, edisi 2.")
        assert not faults


@pytest.mark.browser
def test_what_is_no_pdf_empty_or_dropped_anywhere_is_answered(
    office: Workspace, tmp_path: Path, browser: Browser
) -> None:
    empty, text = tmp_path / "kosong.pdf", tmp_path / "<b>catatan.pdf"
    empty.write_bytes(b"")
    text.write_text("bukan PDF", "utf-8")
    with opened(browser) as (page, faults):
        page.goto((office.public / PAGES[0]).as_uri())
        page.set_input_files("#berkas", [str(empty), str(text)])
        expect(page.locator("#kabar")).to_contain_text("kosong.pdf kosong, sehingga tidak ada yang dapat diperiksa")
        assert "Berkas ini bukan PDF." in shown(page) and "<b>catatan.pdf" in shown(page)
        page.evaluate(
            """(content) => {
                const data = new DataTransfer();
                data.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], "jatuh.pdf"));
                document.querySelector("footer").dispatchEvent(
                    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            }""",
            base64.b64encode(pdf_of(office).read_bytes()).decode(),
        )
        expect(page.locator(".putusan.cocok")).to_contain_text("jatuh.pdf sama, bita demi bita")
        assert not faults


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serve a folder on a free port of this machine."""
    handler = partial(type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None}), directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_without_a_secure_address_the_page_says_so_and_a_pasted_fingerprint_still_works(
    office: Workspace, browser: Browser
) -> None:
    sha256 = hashlib.sha256(pdf_of(office).read_bytes()).hexdigest()
    with served(office.public) as port:
        arguments = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP kantor.example 127.0.0.1"]
        other = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
        for host, secure in (("127.0.0.1", True), ("kantor.example", False)):
            page = other.new_page()
            page.goto(f"http://{host}:{port}/periksa/")
            assert page.evaluate("isSecureContext") is secure
            page.set_input_files("#berkas", str(pdf_of(office)))
            wanted = "sama, bita demi bita" if secure else "tidak menghitung sidik pada alamat tanpa https"
            expect(page.locator("#kabar")).to_contain_text(wanted)
            page.fill("#sidik", f"{sha256.upper()}  laporan.pdf")
            page.keyboard.press("Enter")
            expect(page.locator(".putusan.cocok")).to_contain_text("Sidik yang Anda tempel sama")
            page.fill("#sidik", sha256[:60])
            page.keyboard.press("Enter")
            expect(page.locator("#kabar")).to_contain_text("yang terbaca 60")
        other.close()


# both pages


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_names_style_and_scripts_by_their_hash_and_lets_the_page_connect_to_nothing(
    office: Workspace, name: str
) -> None:
    content = (office.public / name).read_text("utf-8")
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]+)"', content)[0])
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in re.findall(r"<script>(.*?)</script>", content, re.DOTALL)
    ]
    assert parts["script-src"].split() == digests and digests
    assert parts["default-src"] == parts["connect-src"] == parts["form-action"] == "'none'"
    assert not re.search(r"(?:src|action)=|style=|onclick|<link(?! rel=\"icon\" href=\"data:,\">)", content)


def test_the_page_holds_the_tested_arithmetic_byte_for_byte(office: Workspace) -> None:
    for name in PAGES[2:]:
        assert f"<script>{MODULE}</script>" in (office.public / name).read_text("utf-8")


def test_a_float_has_no_place_in_the_arithmetic() -> None:
    code = re.sub(r"/\*.*?\*/", "", MODULE, flags=re.DOTALL)
    assert not re.search(r"\d\.\d|parseFloat|Math\.|toFixed|Intl", code)


def test_nothing_in_names_or_reasons_can_end_the_data_of_the_page(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    replaced(workspace)
    file = workspace.public / "periode" / "2026-10" / "dokumen.json"
    file.write_text(file.read_text("utf-8").replace("Nama layanan salah ketik.", "</script><!--<script>"), "utf-8")
    check_pages.build(workspace.office, workspace.public, read_published(workspace.public))
    content = (workspace.public / PAGES[0]).read_text("utf-8")
    data = re.findall(r'<script type="application/json" id="data">(.*?)</script>', content, re.DOTALL)[0]
    assert "<" not in data
    assert json.loads(data)["dokumen"][-1]["diganti"]["alasan"] == "</script><!--<script>"


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    def gaps(words: Any, at: str = "") -> dict[str, Any]:
        if isinstance(words, dict):
            return {key: gap for name, item in words.items() for key, gap in gaps(item, f"{at}.{name}").items()}
        texts = words if isinstance(words, list) else [words]
        return {at: [sorted(re.findall(r"\{\w+\}", text)) for text in texts]}

    assert gaps(check_pages.read_words("id")) == gaps(check_pages.read_words("en"))


def test_the_indonesian_words_do_not_shout_and_the_sentences_on_files_are_those_of_scoring() -> None:
    text = (SITE_SOURCE / "locale" / "periksa.id.toml").read_text("utf-8")
    assert "!" not in text and "galat" not in tomllib.loads(text)["hitung"]


@pytest.mark.browser
def test_axe_finds_nothing_and_nothing_scrolls_sideways(office: Workspace, browser: Browser) -> None:
    for width, scheme, names in ((320, "light", PAGES), (1280, "dark", PAGES[::2])):
        with opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme) as (page, faults):
            for name in names:
                page.goto((office.public / name).as_uri())
                if name.startswith("periksa"):
                    page.set_input_files("#berkas", [str(pdf_of(office)), str(office.public / "hitung.csv")])
                    expect(page.locator(".putusan")).to_have_count(2)
                else:
                    page.click('[data-periode="2026-10"]')
                for summary in page.locator("summary").all():
                    summary.click()
                assert findings(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") == width
            assert not faults


@pytest.mark.browser
def test_everything_works_by_keyboard_and_the_result_takes_the_focus(office: Workspace, browser: Browser) -> None:
    with opened(browser) as (page, faults):
        page.on("filechooser", lambda _: None)  # so that none is missed: to ask for them takes a moment
        page.goto((office.public / PAGES[2]).as_uri())
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "hasil"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "periode"
        page.goto((office.public / PAGES[0]).as_uri())
        for _ in range(3):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "berkas"
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Enter")
        chooser.value.set_files(str(pdf_of(office)))
        expect(page.locator(".putusan.cocok")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "hasil"
        assert not faults


@pytest.mark.browser
def test_without_script_the_page_gives_the_command_and_every_fingerprint(office: Workspace, browser: Browser) -> None:
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto((office.public / PAGES[0]).as_uri())
        assert page.locator("noscript .catatan").is_visible()
        assert page.get_by_text("sha256sum laporan.pdf").is_visible()
        assert not page.locator("#berkas").is_visible() and not page.locator("#sidik").is_visible()
        page.locator("summary").click()
        assert page.get_by_text(hashlib.sha256(pdf_of(office).read_bytes()).hexdigest()).is_visible()


@pytest.mark.browser
def test_a_print_shows_the_steps_and_no_buttons(office: Workspace, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto((office.public / PAGES[2]).as_uri())
        page.click('[data-periode="2026-10"]')
        page.emulate_media(media="print")
        assert not page.locator("#masukan").is_visible() and not page.locator("#pilihan").is_visible()
        assert page.locator("#langkah h3").first.is_visible() and page.locator("#kabar").is_visible()


@pytest.mark.browser
def test_a_copy_of_the_page_is_all_that_is_needed(office: Workspace, tmp_path: Path, browser: Browser) -> None:
    copy = tmp_path / "halaman.html"
    shutil.copyfile(office.public / PAGES[2], copy)
    with opened(browser, offline=True) as (page, faults):
        page.goto(copy.as_uri())
        page.click('[data-periode="2026-10"]')
        assert "Sama dengan nilai yang diterbitkan" in shown(page)
        assert not faults


# the command


def test_the_command_says_the_same_and_ends_with_0_or_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    assert command(workspace, "check-pdf", __file__) == 2
    assert "Belum ada periode yang diterbitkan" in capsys.readouterr().err
    publish(workspace, "2026-10")
    assert command(workspace, "check-pdf", str(pdf_of(workspace))) == 0
    assert "laporan.pdf sama, bita demi bita, dengan Laporan Survei" in capsys.readouterr().out
    old = replaced(workspace)
    assert command(workspace, "check-pdf", str(pdf_of(workspace))) == 0
    assert "- Waktu: 25 Oktober 2026 14.03 WIB" in capsys.readouterr().out
    for file, says in ((old, "sudah diganti dengan edisi 2"), (Path(__file__), "Itu belum berarti dokumennya palsu.")):
        with pytest.raises(SystemExit) as ended:
            command(workspace, "check-pdf", str(file))
        assert ended.value.code == 1 and says in capsys.readouterr().out
    assert command(workspace, "check-pdf", str(tmp_path / "tiada.pdf")) == 2
    assert opendata.HASIL not in capsys.readouterr().out
