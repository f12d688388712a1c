"""office.toml: who the office is, what it asks, how it cuts its periode, who signs. Read strictly, kept frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from scoring.errors import IkmError
from scoring.office_parts import (
    ROLES,
    Cadangan,
    Kop,
    Layanan,
    Naskah,
    Pejabat,
    Public,
    Retensi,
    Surat,
    Survey,
    TandaTangan,
    read_cadangan,
    read_kop,
    read_layanan,
    read_libur,
    read_naskah,
    read_pejabat,
    read_public,
    read_retensi,
    read_slug,
    read_surat,
    read_survey,
    read_tanda_tangan,
    read_tiket,
)
from scoring.periode import CUTS, Periode, parse
from scoring.toml_table import Table, parse_toml

__all__ = [
    "PAPERS",
    "PROCEDURES",
    "ROLES",
    "ZONES",
    "Cadangan",
    "Kop",
    "Layanan",
    "Naskah",
    "Office",
    "Pejabat",
    "Public",
    "Retensi",
    "Surat",
    "Survey",
    "TandaTangan",
    "parse_office",
]

ZONES: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
PROCEDURES: Final = ("sukma-monthly", "sukma-rtl", "eskm-quarterly", "eskm-semester")
# Who the steps of a procedure need, and who may sign in it; the steps themselves are known to whoever walks them.
NEEDED: Final = {
    "sukma-monthly": ("camat", "kasi", "staf"),
    "sukma-rtl": ("camat", "kasi", "staf"),
    "eskm-quarterly": ("camat", "kasi", "verifikator-1", "verifikator-2", "staf"),
    "eskm-semester": ("camat", "sekcam", "kasi", "staf"),
}
MAY_SIGN: Final = {"sukma-rtl": ("camat", "sekcam")}  # all others: the camat alone
PAPERS: Final = {"A4": (210, 297), "F4": (215, 330)}  # millimetres across and down


@dataclass(frozen=True)
class Office:
    """The whole configuration of one office."""

    id: str
    nama: str
    instansi: str
    kabupaten: str
    provinsi: str
    zona: str
    tempat: str
    data: str
    store: str
    paper: str
    procedure: str
    cut: str
    report_day: int
    blind_until_close: bool
    kop: Kop
    layanan: tuple[Layanan, ...]
    surveys: tuple[Survey, ...]
    pejabat: tuple[Pejabat, ...]
    surat: Surat
    public: Public
    population: dict[str, dict[str, int]]
    tiket: str
    cadangan: Cadangan
    retensi: Retensi
    naskah: Naskah
    tanda_tangan: TandaTangan
    libur: tuple[date, ...] = ()

    @property
    def timezone(self) -> str:
        """Return the zone's name in the tz database."""
        return ZONES[self.zona]

    def periode(self, periode_id: str) -> Periode:
        """Return the periode called `periode_id` as this office cuts it. Raises PERIODE_INVALID."""
        return parse(periode_id, self.report_day)

    def survey_on(self, day: date) -> Survey:
        """Return what was asked on `day`; before the first entry, the first."""
        past = [survey for survey in self.surveys if survey.since <= day]
        return past[-1] if past else self.surveys[0]

    def survey_of(self, periode: Periode) -> Survey:
        """Return what was asked in the whole periode. Raises PERIODE_INSTRUMENT when it changed within."""
        survey = self.survey_on(periode.selesai)
        if survey is not self.survey_on(periode.mulai):
            raise IkmError("PERIODE_INSTRUMENT", id=periode.id, date=survey.since)
        return survey

    def official(self, role: str, day: date) -> Pejabat:
        """Return who holds `role` on `day`; an acting official goes before a definitive one. Raises PEJABAT_MISSING."""
        holders = [person for person in self.pejabat if person.role == role and person.since <= day <= person.until]
        if not holders:
            raise IkmError("PEJABAT_MISSING", role=role, date=day)
        return max(holders, key=lambda person: (person.status != "", person.since))

    def vacant(self, day: date) -> tuple[str, ...]:
        """Return the roles that procedure, parafs and signature need and nobody holds on `day`."""
        needed = dict.fromkeys((*NEEDED[self.procedure], *self.naskah.paraf, self.naskah.penandatangan))
        held = {person.role for person in self.pejabat if person.since <= day <= person.until}
        return tuple(role for role in needed if role not in held)

    def has_layanan(self, layanan_id: str) -> bool:
        """Say whether the office delivers the service `layanan_id`."""
        return any(item.id == layanan_id for item in self.layanan)

    def ticket_mode(self, layanan_id: str) -> str:
        """Return "off", "optional" or "required": the layanan's own way with tickets, or else the office's."""
        return next((item.tiket for item in self.layanan if item.id == layanan_id), "") or self.tiket


def parse_office(file: str, text: str) -> Office:
    """Return the office written in `text`; `file` names it in errors. Raises KEY_* and INSTRUMENT_UNKNOWN."""
    table = parse_toml(file, text)
    layanan = table.each("layanan", read_layanan)
    office = Office(
        id=read_slug(table, "id"),
        nama=table.line("nama"),
        instansi=table.text("instansi"),
        kabupaten=table.text("kabupaten"),
        provinsi=table.text("provinsi"),
        zona=table.choice("zona", tuple(ZONES)),
        tempat=table.text("tempat"),
        data=table.text("data"),
        store=_store(table),
        paper=table.choice("paper", PAPERS),
        procedure=table.choice("procedure", PROCEDURES),
        **_cut(table),
        kop=read_kop(table.table("kop")),
        layanan=layanan,
        surveys=table.each("instrument", read_survey),
        pejabat=table.each("pejabat", read_pejabat),
        surat=read_surat(table.table("surat")),
        public=read_public(table.table("public")),
        population=_population(table, layanan),
        **_kept(table),
    )
    return _checked(table, office)


def _store(table: Table) -> str:
    """Return the address of the PostgreSQL database that holds the answers, or "" for a file of our own."""
    address = table.text("store", "")
    if address and not address.startswith("postgresql://"):
        raise table.invalid("store", "ditulis seperti postgresql://nama@mesin/basisdata")
    return address


def _cut(table: Table) -> dict[str, Any]:
    """Return how the office cuts its periode, its report day, and whether scores wait for the closing."""
    periode = table.table("periode")
    found = {
        "cut": periode.choice("cut", tuple(CUTS)),
        "report_day": periode.integer("report_day", 1, 28, 1),
        "blind_until_close": periode.flag("blind_until_close", default=True),
    }
    periode.done()
    return found


def _kept(table: Table) -> dict[str, Any]:
    """Return what is said of tickets, holidays, backups, documents and signing, and for how long answers are kept."""
    return {
        "libur": read_libur(table),
        "tiket": read_tiket(table.table("tiket", optional=True)),
        "cadangan": read_cadangan(table.table("cadangan", optional=True)),
        "retensi": read_retensi(table.table("retensi", optional=True)),
        "naskah": read_naskah(table.table("naskah", optional=True)),
        "tanda_tangan": read_tanda_tangan(table.table("tanda_tangan", optional=True)),
    }


def _population(table: Table, layanan: Sequence[Layanan]) -> dict[str, dict[str, int]]:
    """Return the people served, by periode and layanan; refuse a layanan written twice."""
    ids = table.unique("layanan", [item.id for item in layanan])
    population = table.table("population", optional=True)
    served: dict[str, dict[str, int]] = {}
    periode_ids = population.keys()
    for periode_id in periode_ids:
        try:
            parse(periode_id, 1)
        except IkmError:
            reason = "nama periode ditulis seperti 2026-10, 2026-TW3, 2026-S1, atau 2026"
            raise population.invalid(periode_id, reason) from None
        counts = population.table(periode_id)
        served[periode_id] = {
            layanan_id: counts.integer(layanan_id, 0, 10_000_000) for layanan_id in ids if counts.has(layanan_id)
        }
        counts.done()
    return served


def _checked(table: Table, office: Office) -> Office:
    """Return the office; refuse unknown keys and instruments out of order."""
    table.done()
    days = [survey.since for survey in office.surveys]
    if days != sorted(set(days)):
        raise table.invalid("instrument", "urutkan menurut from, dari yang paling lama")
    known = MAY_SIGN.get(office.procedure, ("camat",))
    if office.naskah.penandatangan not in known:
        reason = f"prosedur {office.procedure} ditandatangani oleh {' atau '.join(known)}"
        raise table.invalid("naskah.penandatangan", reason)
    return office
