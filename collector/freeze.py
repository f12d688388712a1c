"""Freezes the questionnaire: a static page per layanan and language, the list of layanan, and the QR codes.

Beside each page lies the same compressed: a first load has to fit into what a server may send unasked.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

import zopfli.gzip

from collector import qr
from collector.bahasa import DEFAULT
from collector.pages import WORKER, Pages
from collector.workspace import SITE_SOURCE
from scoring.office import Layanan, Office

COMPRESSED: Final = (".html", ".js")
# Of zopfli, on these pages: more iterations find no byte less, and more blocks none either but take five times as long.
ITERATIONS: Final = 5
BLOCKS: Final = 7

Pack = Callable[[bytes], bytes]


def address(office: Office, layanan: Layanan) -> str:
    """Return the address that the QR code of a layanan leads to."""
    return f"{office.public.survei}{layanan.id}/"


@lru_cache(maxsize=4)
def smallest(kind: str, text: str) -> str:
    """Return style or script (`kind` css or javascript) that does the same, with comments and long names taken out.

    Its library is loaded only here: the web process does not need it, and must not fork with it.
    """
    import minify

    shrunk: str = minify.string(f"text/{kind}", text)
    return shrunk


@lru_cache(maxsize=64)  # a tenth of a second each, and most pages are frozen again as they were
def compressed(content: bytes) -> bytes:
    """Return the content as gzip that takes its time: a twentieth smaller, the same for who reads it."""
    packed: bytes = zopfli.gzip.compress(content, numiterations=ITERATIONS, blocksplittingmax=BLOCKS)
    return packed


def page_name(layanan: Layanan, code: str) -> str:
    """Return the file of a layanan's questionnaire in the language `code`."""
    return f"{layanan.id}/index.html" if code == DEFAULT else f"{layanan.id}/{code}/index.html"


def freeze(office: Office, target: Path, today: date, *, rehearsal: bool, pack: Pack = compressed) -> list[Path]:
    """Write the static site under `target`, in place of what stood there; return the files.

    The pages ask the instrument that is valid `today`; they are frozen anew when it changes. `pack` makes the
    gzip beside each page. Raises what `bahasa` raises for words that do not fit.
    """
    pages, survey = Pages(office, rehearsal=rehearsal, shrink=smallest), office.survey_on(today)
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    files: dict[str, bytes] = {
        "index.html": pages.home().encode(),
        WORKER: (SITE_SOURCE / "assets" / WORKER).read_bytes(),
    }
    for layanan in office.layanan:
        for code in pages.offered(survey.instrument):
            files[page_name(layanan, code)] = pages.questionnaire(layanan, survey, {}, (), code).encode()
        files[f"qr/{layanan.id}.svg"] = qr.svg(address(office, layanan), rehearsal=rehearsal)
        files[f"qr/{layanan.id}.png"] = qr.png(address(office, layanan), rehearsal=rehearsal)
    for name in [name for name in files if name.endswith(COMPRESSED)]:
        files[f"{name}.gz"] = pack(files[name])
    for name, content in files.items():
        file = fresh / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return [target / name for name in files]
