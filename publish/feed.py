"""umpan.xml: an Atom feed of what is published, newest first; a periode published anew comes with its new day."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]

from publish.words import angka, bulat, nama_periode, rentang
from scoring.office import Office

FEED: Final = "umpan.xml"
RIGHTS: Final = "CC BY 4.0"


def build(office: Office, folder: Path, published: Sequence[Mapping[str, Any]]) -> Path:
    """Write the feed of all `published` periode into `folder`; return its path. The same ones give the same bytes."""
    home = office.public.transparansi
    feed = Atom1Feed(
        title=f"Hasil Survei Kepuasan Masyarakat {office.nama}",
        link=home,
        description=f"Periode yang terbit pada {home}",
        feed_url=f"{home}{FEED}",
        feed_guid=f"{home}{FEED}",
        author_name=office.nama,
        language="id",
        feed_copyright=RIGHTS,
    )
    # By day of publication; of those of one day the later periode comes first.
    for public in sorted(published, key=lambda public: (public["published"], public["selesai"]), reverse=True):
        day = datetime.fromisoformat(public["published"]).replace(tzinfo=ZoneInfo(office.timezone))
        address = f"{home}periode/{public['periode']}/"
        feed.add_item(
            title=_title(public), link=address, description=html.escape(sentence(public)), unique_id=address,
            updateddate=day,
        )  # fmt: skip
    file = folder / FEED
    file.write_text(feed.writeString("utf-8") + "\n", "utf-8")
    return file


def _title(public: Mapping[str, Any]) -> str:
    state = " (data uji coba)" if public["rehearsal"] else ""
    return f"Survei Kepuasan Masyarakat {public['office_nama']} {nama_periode(public['periode'])}{state}"


def sentence(public: Mapping[str, Any]) -> str:
    """Return what one periode found, in a sentence; why there is no value where it is withheld."""
    days = rentang(public["mulai"], public["selesai"])
    n = bulat(public["n_responden"])
    if public["ikm"] is None:
        return f"Survei {days} dijawab {n} responden; nilainya tidak ditampilkan agar tidak menunjukkan kelompok kecil."
    return f"Nilai IKM {angka(public['ikm'])}, mutu {public['mutu']} ({public['kinerja']}), {n} responden, {days}."
