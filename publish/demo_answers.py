"""The made-up citizens of the demonstration: they answer over HTTP, half by the plain form, half as the script does."""

from __future__ import annotations

import http.client
import json
import random
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final

from werkzeug.serving import WSGIRequestHandler, make_server

from collector.app import create_app
from collector.pages import FORM_PATH, JSON_PATH
from collector.store import create
from collector.workspace import Workspace, fixed_clock
from scoring.instrument import Instrument
from scoring.periode import Periode
from scoring.response import canonical, commitment

SEED: Final = 20261001
PROFIL_SHARE: Final = 0.9  # of the made-up citizens fill in a profile field
SARAN_SHARE: Final = 0.15


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
