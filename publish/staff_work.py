"""The work around the figures, as tables for the staff: sheets, comments, complaints, promises, outages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from collector.database import Connection
from collector.entri import RUSAK, SECOND, SISA, TERISI, Book
from collector.entri_issue import Issue, issues
from collector.entri_ledger import books
from collector.entri_list import STAGES
from collector.outage import outages
from collector.workspace import Workspace
from publish import complaints, followup, rtl
from publish.entered import COMMENTS
from publish.opendata import Row
from scoring.office import Office
from scoring.periode import Periode, containing, parse

Meanings = Mapping[str, tuple[type, str]]
DONE: Final = "selesai"
EXCLUDED: Final = {
    "uji-coba": "Uji coba",
    "lembar-rusak": "Lembar rusak",
    "ganda": "Jawaban ganda",
    "luar-periode": "Di luar periode",
}
TICKET_MODES: Final = {"off": "tidak dipakai", "optional": "boleh disertakan", "required": "wajib"}
WHICH: Final = (str, "Kode periode")
COLUMNS: Final[dict[str, Meanings]] = {
    "saran": {"periode": WHICH, "diterima": (int, "Jumlah saran yang tersimpan")},
    "aduan": {
        "periode": WHICH,
        "asal": (str, "Cara aduan diterima; Survei bila dari saran"),
        "tanggal": (str, "Tanggal aduan; kosong bila dari saran (tahun-bulan-hari)"),
        "perihal": (str, "Tema saran, atau isi aduan dengan singkat"),
        "n": (int, "Jumlah aduan"),
        "tindak_lanjut": (str, "Yang dilakukan; kosong bila belum ditulis"),
        "status": (str, "belum, diproses, atau selesai"),
    },
    "janji": {
        "periode": WHICH,
        "unsur": (str, "Nama unsur"),
        "kegiatan": (str, "Rencana tindak lanjut"),
        "penanggung_jawab": (str, "Jabatan yang bertanggung jawab"),
        "waktu": (str, "Triwulan yang direncanakan"),
        "tenggat": (str, "Hari terakhir dari triwulan terakhir itu sesudah periode (tahun-bulan-hari)"),
        "keadaan": (str, "selesai, berjalan, belum, atau terlambat"),
        "hari_terlambat": (int, "Hari sesudah tenggat sampai data ini dibuat; kosong bila tidak terlambat"),
    },
    "bundel": {
        "periode": (str, "Kode periode yang memuat tanggal lembar, ditutup atau belum"),
        "bundel": (int, "Nomor bundel"),
        "tanggal": (str, "Tanggal lembar diisi warga (tahun-bulan-hari)"),
        "layanan": (str, "Kode layanan"),
        "lembar_pertama": (int, "Nomor lembar pertama"),
        "lembar_terakhir": (int, "Nomor lembar terakhir"),
        "lembar": (int, "Jumlah lembar dalam bundel"),
        "terisi": (int, "Jumlah lembar terisi"),
        "rusak": (int, "Jumlah lembar rusak"),
        "sisa": (int, "Jumlah lembar yang tidak dipakai atau belum dientri"),
        "dientri_kedua": (int, "Jumlah lembar yang dientri untuk kedua kali"),
        "dibandingkan": (int, "Jumlah isian yang dibandingkan antara kedua entri"),
        "berbeda": (int, "Jumlah isian yang berbeda antara kedua entri"),
        "keadaan": (str, "Sampai mana bundel dikerjakan"),
    },
    "lembar": {
        "seri": (int, "Nomor seri cetakan"),
        "tanggal": (str, "Tanggal dicetak (tahun-bulan-hari)"),
        "layanan": (str, "Kode layanan; kosong bila lembarnya untuk semua layanan"),
        "lembar_pertama": (int, "Nomor lembar pertama"),
        "lembar_terakhir": (int, "Nomor lembar terakhir"),
        "diterbitkan": (int, "Jumlah lembar yang dicetak"),
        "terisi": (int, "Jumlah lembar terisi yang sudah dientri"),
        "rusak": (int, "Jumlah lembar rusak yang sudah dientri"),
        "belum": (int, "Jumlah lembar yang belum dipakai atau belum dientri"),
    },
    "gangguan": {
        "periode": WHICH,
        "mulai": (str, "Saat kuesioner mulai tidak dapat dijangkau, pada jam layanan"),
        "selesai": (str, "Saat kuesioner kembali dapat dijangkau"),
        "menit": (int, "Lamanya (menit)"),
        "dicatat_sejak": (str, "Saat buku gangguan mulai mencatat dalam periode"),
    },
}


def tables(
    workspace: Workspace, connection: Connection, closed: Sequence[Periode], now: datetime
) -> dict[str, list[Row]]:
    """Return the rows of every table in COLUMNS; `closed` are the periode whose figures may be seen.

    Raises KEY_* and TOML_SYNTAX for a file of the documents that cannot be read.
    """
    office, printed = workspace.office, issues(connection, workspace.office.id)
    found = [book for book in books(connection, office.id) if book.stage != "cancelled"]
    return {
        "saran": [_saran(connection, office.id, periode) for periode in closed],
        "aduan": [row for periode in closed for row in _aduan(workspace.periode_folder(periode.id), periode)],
        "janji": [row for periode in closed for row in _janji(workspace, periode, now.date())],
        "bundel": [_bundel(office, book) for book in found],
        "lembar": [_lembar(issue, found) for issue in printed],
        "gangguan": [row for periode in closed for row in _gangguan(workspace, periode, now)],
    }


def _saran(connection: Connection, office: str, periode: Periode) -> Row:
    span = (office, periode.mulai.isoformat(), periode.selesai.isoformat())
    return (periode.id, int(connection.execute(COMMENTS, span).fetchone()[0]))


def _aduan(folder: Path, periode: Periode) -> Iterator[Row]:
    """Yield the complaints that people entered, those among the comments first."""
    saran, aduan = folder / complaints.SARAN, folder / complaints.ADUAN
    if saran.exists():
        text, tags = saran.read_text("utf-8-sig"), complaints.tagged(saran)
        for tema in complaints.parse_saran(saran.name, text, 0, tags).aduan:
            answer = tema.answer
            row = (tema.nama, tema.jumlah, answer.tindak_lanjut or None, answer.status or "belum")
            yield (periode.id, "Survei", None, *row)
    if aduan.exists():
        for item in complaints.parse_register(aduan.name, aduan.read_text("utf-8-sig"), periode).aduan:
            answer = item.answer
            row = (item.isi, 1, answer.tindak_lanjut or None, answer.status or "belum")
            yield (periode.id, item.saluran, item.tanggal.isoformat(), *row)


def _janji(workspace: Workspace, periode: Periode, today: date) -> Iterator[Row]:
    office = workspace.office
    names = {unsur.id: unsur.nama for unsur in office.survey_on(periode.selesai).instrument.unsur}
    kept = followup.kept(workspace, periode)
    for plan in followup.promises(workspace.periode_folder(periode.id), names):
        due = max((_ends(office, periode, quarter) for quarter in plan.waktu), default=None)
        done = plan.status == DONE or plan.unsur in kept
        late = (today - due).days if due and not done else 0
        state = DONE if done else "terlambat" if late > 0 else plan.status or rtl.NOT_BEGUN
        said = (names[plan.unsur], plan.kegiatan, plan.penanggung_jawab, ", ".join(plan.waktu))
        yield (periode.id, *said, due.isoformat() if due else None, state, late if late > 0 else None)


def _ends(office: Office, periode: Periode, quarter: str) -> date:
    """Return the last day of the first such quarter that ends after the periode; a plan names no year."""
    number, year = rtl.QUARTERS.index(quarter) + 1, periode.selesai.year
    ends = (parse(f"{name}-TW{number}", office.report_day).selesai for name in (year, year + 1))
    return next(day for day in ends if day > periode.selesai)


def _bundel(office: Office, book: Book) -> Row:
    entri = book.entri
    counts = [len(book.sheets(state)) for state in (TERISI, RUSAK, SISA)]
    compared, different = (book.end.compared, book.end.different) if book.end else (book.compared, book.different)
    return (
        *(containing(entri.day, office.cut, office.report_day).id, entri.id, entri.day.isoformat(), entri.layanan),
        *(entri.first, entri.last, sum(counts), *counts, len(book.passes[SECOND])),
        *(compared, different, STAGES[book.stage]),
    )


def _lembar(issue: Issue, found: Sequence[Book]) -> Row:
    numbers = range(issue.first, issue.last + 1)
    used, spoiled = (
        len({number for book in found for number in book.sheets(state) if number in numbers})
        for state in (TERISI, RUSAK)
    )
    place = (issue.series, issue.day.isoformat(), issue.layanan, issue.first, issue.last)
    return (*place, len(numbers), used, spoiled, len(numbers) - used - spoiled)


def _gangguan(workspace: Workspace, periode: Periode, now: datetime) -> Iterator[Row]:
    found = outages(workspace, periode, now)
    if found is None:
        return
    for first, last in found.spans:
        minutes = int((last - first).total_seconds()) // 60
        moments = [f"{moment:%Y-%m-%d %H.%M}" for moment in (first, last)]
        yield (periode.id, *moments, minutes, f"{found.since:%Y-%m-%d %H.%M}")
