"""The demonstration: one made-up office, fifty real paper answers, some hundred made-up ones, two periode to the end.

Everything runs through the office's own commands and over HTTP, on a rehearsal store whose day is set.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import random
import shutil
import threading
import time
import tomllib
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from werkzeug.serving import WSGIRequestHandler, make_server

import collector.__main__ as collector_commands
import publish.__main__ as publish_commands
from collector.app import create_app
from collector.pages import FORM_PATH, JSON_PATH
from collector.store import create
from collector.workspace import STORE_VARIABLE, Workspace, fixed_clock, load
from publish.demo_entries import fill_entries
from publish.demo_serve import Ports, serve_all
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.periode import Periode
from scoring.response import canonical, commitment

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = Path(os.path.relpath(ROOT / "data" / "demo"))  # as the person who started it would write it
DATA: Final = Path(__file__).parent / "demo_data"
PAPER_PERIODE: Final = "2026-09"
WEB_PERIODE: Final = "2026-10"
SEED: Final = 20261001
PROFIL_SHARE: Final = 0.9  # of the made-up citizens fill in a profile field
SARAN_SHARE: Final = 0.15
# The example asks one instrument; here the paper periode used the older one, so that the comparison must say so.
ONE_INSTRUMENT: Final = '[[instrument]]\nid = "permenpanrb-14-2017"\nfrom = 2017-05-09\n'
TWO_INSTRUMENTS: Final = (
    '[[instrument]]\nid = "permenpanrb-16-2014"\nfrom = 2014-05-02\n\n'
    '[[instrument]]\nid = "permenpanrb-14-2017"\nfrom = 2026-09-25\n'
)


def run(*, serve: bool) -> None:
    """Run the whole demonstration; with `serve`, keep everything open until interrupted."""
    started = time.monotonic()
    data = tomllib.loads((DATA / "demo.toml").read_text("utf-8"))
    ports = Ports.free()
    step("1/7", f"Menyiapkan kantor rekaan di {FOLDER}")
    workspace = build_office(ports)
    web = workspace.office.periode(WEB_PERIODE)
    paper_day = web.mulai.isoformat()
    report_day = (web.selesai + timedelta(days=1)).isoformat()
    publish("site", "--rehearsal-day", paper_day)
    publish("paper-form", "--rehearsal-day", paper_day)
    step("2/7", f"Mengimpor lima puluh jawaban kertas untuk periode {PAPER_PERIODE}")
    collect("import", str(DATA / "wonosobo-2017.csv"), "--periode", PAPER_PERIODE, "--layanan", "lainnya",
            "--rehearsal-day", paper_day)  # fmt: skip
    collect("close", PAPER_PERIODE, "--rehearsal-day", paper_day)
    step("3/7", f"Mengirim {data['answers'] + data['few']} jawaban rekaan melalui HTTP untuk periode {WEB_PERIODE}")
    send_answers(workspace, web, data)
    step("4/7", f"Menutup periode {WEB_PERIODE}")
    collect("close", WEB_PERIODE, "--rehearsal-day", report_day)
    step(
        "5/7",
        "Menyusun dokumen kedua periode; petugas mengisi rtl.toml dan surat.toml, lalu prosedur kantor dijalankan",
    )
    for periode, day in ((PAPER_PERIODE, paper_day), (WEB_PERIODE, report_day)):
        with redirect_stdout(io.StringIO()):
            publish("report", periode, "--rehearsal-day", day)
        fill_in(workspace.periode_folder(periode), data, periode)
        fill_entries(workspace.periode_folder(periode), workspace.office.periode(periode), data)
        publish("report", periode, "--rehearsal-day", day)
        with redirect_stdout(io.StringIO()):
            sign_and_send(workspace, periode, day)
        pack = workspace.periode_folder(periode) / "kirim" / "edisi-1"
        print(f"Edisi 1 periode {periode} diperiksa, dibekukan, ditandatangani dengan pena, dan dikirim: {pack}")
    step("6/7", "Menerbitkan halaman transparansi dan data terbuka")
    for periode, day in ((PAPER_PERIODE, paper_day), (WEB_PERIODE, report_day)):
        publish("public", periode, "--rehearsal-day", day)
    print(f"[7/7] Selesai dalam {time.monotonic() - started:.0f} detik. Yang dapat dibuka:", flush=True)
    say_what_to_see(workspace)
    if serve:
        serve_all(workspace, ports, report_day)


def step(number: str, text: str) -> None:
    """Say which step begins."""
    print(f"[{number}] {text} ...", flush=True)


def publish(*arguments: str) -> None:
    """Run a command of `python -m publish` as the office would."""
    _must(publish_commands.main([*arguments, "--office", str(FOLDER / "office.toml")]))


def collect(*arguments: str) -> None:
    """Run a command of `python -m collector` as the office would."""
    _must(collector_commands.main([*arguments, "--office", str(FOLDER / "office.toml")]))


def _must(code: int) -> None:
    if code:
        raise SystemExit(code)


def build_office(ports: Ports) -> Workspace:
    """Write the made-up office's configuration and its rehearsal store, in place of those of an earlier run."""
    os.environ.pop(STORE_VARIABLE, None)  # made-up answers go into a file of their own
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    text = (ROOT / "office.example.toml").read_text("utf-8")
    survey = f"http://127.0.0.1:{ports.survey}"
    changes = {
        'data = "data"': 'data = "."',
        ONE_INSTRUMENT: TWO_INSTRUMENTS,
        'survei = "https://survei.contohkab.example/"': f'survei = "{survey}/"',
        'transparansi = "https://skm.contohkab.example/"': f'transparansi = "http://127.0.0.1:{ports.public}/"',
        'origins = ["https://survei.contohkab.example"]': f'origins = ["{survey}"]',
    }
    for old, new in changes.items():
        if old not in text:
            raise IkmError("KEY_MISSING", file="office.example.toml", key=old)
        text = text.replace(old, new)
    (FOLDER / "office.toml").write_text(text, "utf-8")
    workspace = load(FOLDER / "office.toml")
    create(workspace.store, workspace.office.id, "rehearsal").close()
    return workspace


class _Quiet(WSGIRequestHandler):
    """A request handler that writes no log: a log would hold addresses."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def collecting(workspace: Workspace, today: list[date]) -> Iterator[int]:
    """Run the collector on a free loopback port; `today[0]` is its day. Yield the port."""
    store = create(workspace.store, workspace.office.id, "rehearsal")

    def clock() -> datetime:
        return fixed_clock(workspace.office, today[0])()

    app = create_app(workspace.office, store, clock, rehearsal=True)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        store.close()


def send_answers(workspace: Workspace, periode: Periode, data: Mapping[str, Any]) -> None:
    """Post the made-up answers as citizens would: half as a plain form, half as the script's JSON."""
    people = random.Random(SEED)  # noqa: S311  # made-up people, not secrets
    pack = workspace.office.survey_of(periode).instrument
    days = [periode.mulai + timedelta(days=n) for n in range((periode.selesai - periode.mulai).days + 1)]
    workdays = [day for day in days if day.weekday() < 5]
    services = people.choices(list(data["layanan"]), list(data["layanan"].values()), k=data["answers"])
    services += ["lainnya"] * data["few"]
    people.shuffle(services)
    today = [workdays[0]]
    with collecting(workspace, today) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number, layanan in enumerate(services, 1):
            today[0] = workdays[number * len(workdays) // (len(services) + 1)]
            answers, extra = invent(people, pack, data)
            post = post_form if number % 2 else post_json
            post(connection, workspace.office.id, pack, layanan, answers, extra, people.randbytes(32))
            if number % 100 == 0 or number == len(services):
                print(f"  {number} dari {len(services)} jawaban diterima", flush=True)
        connection.close()


def invent(people: random.Random, pack: Instrument, data: Mapping[str, Any]) -> tuple[list[int], dict[str, str]]:
    """Return made-up answers in the order of the pack, and the profile fields and saran that were filled in."""
    values = range(pack.low, pack.high + 1)
    answers = [people.choices(values, data["weights"][question.id])[0] for question in pack.questions]
    extra = {
        field.id: people.choices(field.options, data["profil"].get(field.id))[0][0]
        for field in pack.profil
        if people.random() < PROFIL_SHARE
    }
    if people.random() < SARAN_SHARE:
        extra["saran"] = people.choice(data["saran"])
    return answers, extra


def post_form(
    connection: http.client.HTTPConnection,
    office: str,
    pack: Instrument,
    layanan: str,
    answers: list[int],
    extra: dict[str, str],
    _nonce: bytes,
) -> None:
    """Send one answer as a browser without script does."""
    fields = {"u": office, "s": layanan, "f": pack.form, "channel": "1", **extra}
    fields |= {question.id: str(value) for question, value in zip(pack.questions, answers, strict=True)}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    _expect(connection, FORM_PATH, urllib.parse.urlencode(fields), headers, 303)


def post_json(
    connection: http.client.HTTPConnection,
    office: str,
    pack: Instrument,
    layanan: str,
    answers: list[int],
    extra: dict[str, str],
    nonce: bytes,
) -> None:
    """Send one answer as the page's script does, with its commitment."""
    response_id = commitment(nonce, canonical(answers, pack.form, layanan, office))
    body: dict[str, Any] = {"id": response_id.hex(), "nonce": nonce.hex(), "a": answers, "f": pack.form}
    body |= {"s": layanan, "u": office, "channel": 1, "cepat": False, "situs": ""}
    body["profil"] = {name: code for name, code in extra.items() if name != "saran"}
    if "saran" in extra:
        body["saran"] = extra["saran"]
    _expect(connection, JSON_PATH, json.dumps(body), {"Content-Type": "application/json"}, 201)


def _expect(connection: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str], status: int) -> None:
    connection.request("POST", path, body, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    if reply.status != status:
        raise SystemExit(f"{path}: {reply.status} {text}")


def fill_in(folder: Path, data: Mapping[str, Any], periode: str) -> None:
    """Write the follow-up plan and the letter's number, as a clerk does in an editor."""
    lines = [(folder / "rtl.toml").read_text("utf-8").partition("[[rtl]]")[0].rpartition("\n#")[0]]
    for entry in tomllib.loads((folder / "rtl.toml").read_text("utf-8"))["rtl"]:
        plan = {"unsur": entry["unsur"], **data["rtl"][entry["unsur"]]}
        lines.append("\n[[rtl]]\n" + "".join(f'{key} = "{value}"\n' for key, value in plan.items()))
        lines.append('waktu = ["TW IV"]\n')
    (folder / "rtl.toml").write_text("".join(lines), "utf-8")
    letter = folder / "surat.toml"
    letter.write_text(letter.read_text("utf-8").replace('nomor = ""', f'nomor = "{data["nomor"][periode]}"'), "utf-8")


def sign_and_send(workspace: Workspace, periode: str, day: str) -> None:
    """Walk the office's procedure to its end: checked, frozen, signed in ink, sent. A scan is a copy of the print."""
    when = ("--rehearsal-day", day)
    for name, role in (("susun", "staf"), ("evaluasi", "kasi"), ("evaluasi", "camat")):
        publish("step", periode, name, "--by", role, *when)
    publish("freeze", periode, *when)
    for document in ("laporan", "rtl", "surat-pengantar"):
        scan = workspace.periode_folder(periode) / "edisi-1" / f"{document}.pdf"
        publish("scan", periode, "--document", document, "--file", str(scan), *when)
    publish("send", periode, *when)


def say_what_to_see(workspace: Workspace) -> None:
    """Print the files that are worth opening."""
    folder = workspace.periode_folder(WEB_PERIODE)
    for name in ("laporan", "rtl", "surat-pengantar", "lembar-publikasi"):
        print(f"  {folder / name}.pdf")
    print(f"  {workspace.public / 'index.html'}")
    print(f"  {workspace.data / 'formulir-kertas.pdf'}")
    print(f"  {workspace.data / 'poster'}", flush=True)
