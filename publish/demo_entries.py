"""What the clerk of the demonstration enters: plan, number of the letter, timetable, comments, complaints, a photo."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from collector.workspace import Workspace
from publish.documents import score_periode
from publish.entered import read_entered
from publish.photos import FOLDER
from publish.standard import works
from scoring.periode import Periode

PHOTO: Final = "contoh.jpg"
SIZE: Final = (1200, 800)


def laid_out(workspace: Workspace, periode: str, day: str) -> Path:
    """Write what `make report` lays out for people to fill in, drawing nothing yet; return the folder of the periode.

    Raises what score_periode and read_entered do.
    """
    read_entered(workspace, score_periode(workspace, periode), date.fromisoformat(day))
    return workspace.periode_folder(periode)


def fill_rtl(folder: Path, plans: Mapping[str, Mapping[str, str]], quarter: str) -> None:
    """Write the follow-up plan for the unsur that rtl.toml asks for, to be done in `quarter`."""
    text = (folder / "rtl.toml").read_text("utf-8")
    lines = [text.partition("[[rtl]]")[0].rpartition("\n#")[0]]
    for entry in tomllib.loads(text)["rtl"]:
        plan = {"unsur": entry["unsur"], **plans[entry["unsur"]]}
        lines.append("\n[[rtl]]\n" + "".join(f'{key} = "{value}"\n' for key, value in plan.items()))
        lines.append(f'waktu = ["{quarter}"]\n')
    (folder / "rtl.toml").write_text("".join(lines), "utf-8")


def fill_letter(folder: Path, nomor: str) -> None:
    """Write the number of the letter, as the register of outgoing letters has it."""
    letter = folder / "surat.toml"
    letter.write_text(letter.read_text("utf-8").replace('nomor = ""', f'nomor = "{nomor}"'), "utf-8")


def fill_entries(folder: Path, periode: Periode, data: Mapping[str, Any], libur: Collection[date] = ()) -> None:
    """Write the made-up entries into the files that `make report` has laid out; nobody works on the days `libur`."""
    photo(folder / FOLDER / PHOTO)
    letter = tomllib.loads((folder / "surat.toml").read_text("utf-8"))["tanggal"]
    planned = [_planned(periode, entry, letter, libur) for entry in data["kegiatan"]]
    _isian(folder / "isian.toml", planned, data)
    _saran(folder / "saran.toml", data["tema"])
    _aduan(folder / "aduan.toml", periode, data["aduan"])
    followed = folder / "tindak-lanjut.toml"
    if followed.exists():
        _tindak_lanjut(followed, data["tindak_lanjut"])


def photo(file: Path) -> None:
    """Draw a picture that says it is no photo."""
    file.parent.mkdir(exist_ok=True)
    image = Image.new("RGB", SIZE, "#d9ece4")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((40, 40, SIZE[0] - 40, SIZE[1] - 40), outline="#0a5c52", width=6)
    drawing.text((SIZE[0] // 2, SIZE[1] // 2), "GAMBAR CONTOH", fill="#14232b", anchor="mm", font_size=90)
    image.save(file, quality=85)


def _isian(file: Path, planned: list[dict[str, Any]], data: Mapping[str, Any]) -> None:
    lists = {
        "kegiatan": planned,
        "rekomendasi": data["rekomendasi"],
        "perbaikan": data["perbaikan"],
        "foto": [{"berkas": PHOTO, "keterangan": "Gambar contoh pada tempat foto kegiatan"}],
    }
    file.write_text("\n".join(_tables(name, rows) for name, rows in lists.items()), "utf-8")


def _planned(periode: Periode, entry: Mapping[str, Any], letter: date, libur: Collection[date]) -> dict[str, Any]:
    """Return an activity with its days: before the periode, in it, or from its end to the day of the letter."""
    day = timedelta(days=1)
    first, last = {
        "before": (periode.mulai - 3 * day, periode.mulai - day),
        "during": (periode.mulai, periode.selesai),
        "after": (periode.selesai + day, max(letter, periode.selesai + day)),
    }[entry["when"]]
    worked = sum(works(first + n * day, libur) for n in range((last - first).days + 1))
    return {
        "nama": entry["nama"],
        "mulai": first,
        "selesai": last,
        "hari_kerja": max(1, worked),
    }


def _saran(file: Path, tema: Iterable[Mapping[str, Any]]) -> None:
    """Summarise as many comments as came; where there are few, the kinds that none is left for are not written."""
    head, diterima = re.findall(r"(?s)^(.*?diterima = (\d+)\n)", file.read_text("utf-8"))[0]
    rows = [
        {"nama": entry["nama"], "jumlah": int(diterima) // entry["share"], **_without(entry, "nama", "share")}
        for entry in tema
    ]
    file.write_text(head + "\n" + _tables("tema", [row for row in rows if row["jumlah"]]), "utf-8")


def _aduan(file: Path, periode: Periode, aduan: Iterable[Mapping[str, Any]]) -> None:
    rows = [{"tanggal": periode.mulai + timedelta(days=entry["day"]), **_without(entry, "day")} for entry in aduan]
    file.write_text("nihil = false\n\n" + _tables("aduan", rows), "utf-8")


def _tindak_lanjut(file: Path, words: Mapping[str, str]) -> None:
    """Say of the first promise that it is kept, with the photo, and of the others in turn."""
    for number in range(file.read_text("utf-8").count('status = ""')):
        status = "belum" if number % 2 else "sudah"
        picture = PHOTO if number == 0 else ""
        filled = f'status = "{status}"\nuraian = "{words[status]}"\nfoto = "{picture}"'
        text = file.read_text("utf-8")
        file.write_text(text.replace('status = ""\nuraian = ""\nfoto = ""', filled, 1), "utf-8")


def _without(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in names}


def _tables(name: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as TOML."""
    lines = []
    for row in rows:
        lines += [f"[[{name}]]", *(f"{key} = {_toml(value)}" for key, value in row.items()), ""]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | date) else f'"{value}"'
