"""The display in the waiting room: the newest published periode on one screen that nobody has to touch.

One static page without script. It is loaded anew once a day: a result changes once a periode, and a page that reloads
more often disturbs those who read it with a screen reader.
"""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from collector import qr
from collector.pages import still_policy, templates
from collector.workspace import SITE_SOURCE
from publish import certainty
from publish.last_result import PROMISES
from publish.words import angka, bulat, nama_periode, rentang, terbilang
from scoring.office import Office

SHOWN: Final = 3  # promises
A_DAY: Final = 24 * 60 * 60  # seconds
LONG: Final = 150  # characters of the promises, from which on they stand in smaller type

Public = Mapping[str, Any]


def build(office: Office, folder: Path, published: Sequence[Public]) -> Path:
    """Write layar/index.html for the newest of `published`, oldest first, under the public `folder`; return it."""
    public = published[-1]
    promises = folder / "periode" / public["periode"] / PROMISES
    rtl = json.loads(promises.read_text("utf-8"))["rtl"] if promises.exists() and not public["withheld"] else []
    file = folder / "layar" / "index.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(office, public, rtl), "utf-8")
    return file


def page(office: Office, public: Public, rtl: Sequence[Mapping[str, Any]]) -> str:
    """Return the display of one periode with what was promised in it."""
    words = _words("layar")
    css = (SITE_SOURCE / "assets" / "layar.css").read_text("utf-8")
    address = office.public.transparansi
    code = base64.b64encode(qr.svg(address, rehearsal=public["rehearsal"])).decode()
    scored = public["withheld"] is None
    more = len(rtl) - SHOWN
    return (
        templates()
        .get_template("layar.html")
        .render(
            office=office,
            words=words,
            css=css,
            csp=still_policy(css),
            refresh=A_DAY,
            rehearsal=public["rehearsal"],
            periode=nama_periode(public["periode"]),
            ditahan="" if scored else _words("transparansi")["ditahan"][public["withheld"]],
            **{name: angka(public[name]) for name in ("ikm", "mutu", "kinerja")},
            responden=words["responden"].format(
                n=bulat(public["n_responden"]), rentang=rentang(public["mulai"], public["selesai"])
            ),
            margin=certainty.margin(public) if scored else "",
            janji=[(entry["unsur"], entry["kegiatan"], _status(entry, words)) for entry in rtl[:SHOWN]],
            janji_lain=words["janji_lain"].format(n=terbilang(more)) if more > 0 else "",
            panjang=sum(len(entry["kegiatan"]) for entry in rtl[:SHOWN]) > LONG,
            kode=f"data:image/svg+xml;base64,{code}",
            alamat=address.removeprefix("https://").removeprefix("http://").rstrip("/"),
        )
    )


@cache
def _words(name: str) -> dict[str, Any]:
    return tomllib.loads((SITE_SOURCE / "locale" / f"{name}.id.toml").read_text("utf-8"))


def _status(entry: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Return how far a promise is, in words; "" while nobody has written it."""
    return str(words["status"].get(entry["status"], ""))
