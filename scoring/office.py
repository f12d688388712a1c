"""office.toml: who the office is, what it asks, how it cuts its periode, who signs. Read strictly, kept frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from scoring.errors import IkmError
from scoring.instrument import BLANKS, Instrument, built_in
from scoring.periode import CUTS, Periode, parse
from scoring.toml_table import Table, parse_toml

ZONES: Final = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
PROCEDURES: Final = ("sukma-monthly", "sukma-rtl", "eskm-quarterly", "eskm-semester")
ROLES: Final = ("camat", "sekcam", "kasi", "verifikator-1", "verifikator-2", "staf")
PAPERS: Final = ("A4", "F4")
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kop:
    """The letterhead: lines of the heading, address line, and the file of the coat of arms (or "")."""

    baris: tuple[str, ...]
    alamat: str
    kontak: str
    lambang: str


@dataclass(frozen=True)
class Layanan:
    """One service the office delivers."""

    id: str
    nama: str


@dataclass(frozen=True)
class Survey:
    """Which instrument is asked from which day on, by which rule, and how blanks count."""

    instrument: Instrument
    since: date
    rule: str
    blank: str


@dataclass(frozen=True)
class Pejabat:
    """An official with the days of office; `status` is "" for a definitive one, else "Plt." or "Plh."."""

    role: str
    jabatan: str
    nama: str
    pangkat: str
    nip: str
    status: str
    since: date
    until: date


@dataclass(frozen=True)
class Surat:
    """The covering letter's fixed parts."""

    kepada: str
    di: str
    sifat: str
    tembusan: tuple[str, ...]


@dataclass(frozen=True)
class Public:
    """Addresses as citizens see them; `origins` are those whose pages may post answers."""

    survei: str
    transparansi: str
    origins: tuple[str, ...]


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
    paper: str
    procedure: str
    cut: str
    report_day: int
    kop: Kop
    layanan: tuple[Layanan, ...]
    surveys: tuple[Survey, ...]
    pejabat: tuple[Pejabat, ...]
    surat: Surat
    public: Public
    population: dict[str, dict[str, int]]

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
        holders = [
            person for person in self.pejabat if person.role == role and person.since <= day <= person.until
        ]
        if not holders:
            raise IkmError("PEJABAT_MISSING", role=role, date=day)
        return max(holders, key=lambda person: (person.status != "", person.since))

    def has_layanan(self, layanan_id: str) -> bool:
        """Say whether the office delivers the service `layanan_id`."""
        return any(item.id == layanan_id for item in self.layanan)


def parse_office(file: str, text: str) -> Office:
    """Return the office written in `text`; `file` names it in errors. Raises KEY_* and INSTRUMENT_UNKNOWN."""
    table = parse_toml(file, text)
    cut = table.table("periode")
    layanan = table.each("layanan", _layanan)
    office = Office(
        id=_slug(table, "id"),
        nama=table.text("nama"),
        instansi=table.text("instansi"),
        kabupaten=table.text("kabupaten"),
        provinsi=table.text("provinsi"),
        zona=table.choice("zona", tuple(ZONES)),
        tempat=table.text("tempat"),
        data=table.text("data"),
        paper=table.choice("paper", PAPERS),
        procedure=table.choice("procedure", PROCEDURES),
        cut=cut.choice("cut", tuple(CUTS)),
        report_day=cut.integer("report_day", 1, 28, 1),
        kop=_kop(table.table("kop")),
        layanan=layanan,
        surveys=table.each("instrument", _survey),
        pejabat=table.each("pejabat", _pejabat),
        surat=_surat(table.table("surat")),
        public=_public(table.table("public")),
        population=_population(table.table("population", optional=True), [item.id for item in layanan]),
    )
    cut.done()
    table.done()
    _check(table, office)
    return office


def _slug(table: Table, key: str) -> str:
    value = table.text(key)
    if not SLUG.fullmatch(value) or len(value) > 40:
        raise table.invalid(key, "hanya huruf kecil, angka, dan tanda hubung, paling panjang 40")
    return value


def _layanan(table: Table) -> Layanan:
    return Layanan(_slug(table, "id"), table.text("nama"))


def _kop(table: Table) -> Kop:
    kop = Kop(table.texts("baris"), table.text("alamat"), table.text("kontak", ""), table.text("lambang", ""))
    table.done()
    return kop


def _survey(table: Table) -> Survey:
    pack = built_in(table.text("id"))
    rule = table.choice("rule", tuple(rule.id for rule in pack.rules), pack.default_rule)
    return Survey(pack, table.day("from"), rule, table.choice("blank", BLANKS, pack.default_blank))


def _pejabat(table: Table) -> Pejabat:
    person = Pejabat(
        role=table.choice("role", ROLES),
        jabatan=table.text("jabatan"),
        nama=table.text("nama"),
        pangkat=table.text("pangkat", ""),
        nip=table.text("nip", ""),
        status=table.choice("status", ("Plt.", "Plh."), ""),
        since=table.day("from"),
        until=table.day("until", date.max),
    )
    if person.until < person.since:
        raise table.invalid("until", "lebih awal daripada from")
    return person


def _surat(table: Table) -> Surat:
    surat = Surat(
        kepada=table.text("kepada"),
        di=table.text("di"),
        sifat=table.text("sifat", "Biasa"),
        tembusan=table.texts("tembusan", ()),
    )
    table.done()
    return surat


def _public(table: Table) -> Public:
    public = Public(table.text("survei"), table.text("transparansi"), table.texts("origins"))
    for key, value in (("survei", public.survei), ("transparansi", public.transparansi)):
        if not value.startswith(("https://", "http://")) or not value.endswith("/"):
            raise table.invalid(
                key, "alamat lengkap yang diakhiri garis miring, misalnya https://survei.example.go.id/"
            )
    for origin in public.origins:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise table.invalid("origins", f'"{origin}" bukan asal seperti https://survei.example.go.id')
    table.done()
    return public


def _population(table: Table, layanan: list[str]) -> dict[str, dict[str, int]]:
    served: dict[str, dict[str, int]] = {}
    for periode_id in table.keys():
        parse(periode_id, 1)
        counts = table.table(periode_id)
        served[periode_id] = {
            layanan_id: counts.integer(layanan_id, 0, 10_000_000)
            for layanan_id in layanan
            if counts.has(layanan_id)
        }
        counts.done()
    return served


def _check(table: Table, office: Office) -> None:
    """Refuse services named twice and instruments out of order."""
    ids = [item.id for item in office.layanan]
    if len(set(ids)) < len(ids):
        raise table.invalid("layanan", "id layanan tertulis dua kali")
    days = [survey.since for survey in office.surveys]
    if days != sorted(set(days)):
        raise table.invalid("instrument", "urutkan menurut from, dari yang paling lama")
