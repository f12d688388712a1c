"""Whether the answers still give the frozen result, and the result still gives the frozen documents."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from datetime import date
from typing import Any, Final

from collector import counting
from collector.database import Connection
from collector.destroyed import destroyed_days, lies_in
from collector.seal import is_same
from collector.store import reading
from publish import freezing, rebuild
from publish.draft import DRAWN, digest
from publish.rebuild import Copy
from publish.verify_case import BACKUP, FAILS, HOLDS, NOTE, Case, Line, few
from publish.words import angka, bulat
from scoring import result as scoring_result
from scoring import tally_json
from scoring.errors import IkmError
from scoring.periode import before
from scoring.tally import Tally

DAYS: Final = (
    "SELECT day FROM day_tally WHERE office = ? AND day BETWEEN ? AND ?"
    " UNION SELECT day FROM response WHERE office = ? AND day BETWEEN ? AND ? ORDER BY day"
)
ANSWERS, RESULT, DOCUMENTS = "Jawaban", "Hasil", "Dokumen"
NOT_REBUILT: Final = "Dokumen tidak disusun ulang, karena"


def answers(case: Case) -> Iterator[Line]:
    """Yield whether rows, counts, result and documents follow from each other, each from the one before."""
    try:
        copy: Copy | None = rebuild.lay_out(
            case.workspace, case.periode, case.said, case.frozen.detail["naskah"], case.scratch / "kantor"
        )
        lack = "edisi ini dibekukan sebelum bahannya disimpan"
    except KeyError:
        copy, lack = None, "edisi ini tidak menyebut bahannya; sidik berkasnya tetap diperiksa"
    except IkmError as error:
        copy, lack = None, "bahannya tidak lengkap"
        yield Line(DOCUMENTS, FAILS, str(error))
    try:
        with reading(case.workspace.store) as connection:
            yield from _rows(case, connection)
            office = (copy or case.workspace).office
            tally = counting.tally(connection, office, office.periode(case.periode))
    except IkmError as error:
        yield Line(ANSWERS, FAILS, f"Jawaban tidak dapat dihitung: {error}")
        tally = None
    same = yield from _result(case, tally)
    if copy is None:
        yield Line(DOCUMENTS, NOTE, f"{NOT_REBUILT} {lack}.")
    elif not same:
        yield Line(DOCUMENTS, NOTE, f"{NOT_REBUILT} hitungannya tidak lagi sama dengan yang dibekukan.")
    else:
        yield from _documents(case, copy)


def _rows(case: Case, connection: Connection) -> Iterator[Line]:
    """Yield whether every day of the periode, and of the one it is compared with, still has its counts."""
    office = case.workspace.office
    periode = office.periode(case.periode)
    span = (office.id, before(periode, office.report_day).mulai.isoformat(), periode.selesai.isoformat())
    gone = destroyed_days(connection, office.id)
    days = [day for (day,) in connection.execute(DAYS, (*span, *span)).fetchall()]
    kept = [day for day in days if not lies_in(day, gone)]
    if wrong := [day for day in kept if not is_same(connection, office.id, day)]:
        advice = "Ada baris yang diubah, ditambah, atau dihapus. Simpan basis datanya dan pulihkan cadangan."
        yield Line(ANSWERS, FAILS, f"Hitung ulang berbeda dari yang disegel pada {few(wrong)}. {advice}")
    elif kept:
        yield Line(ANSWERS, HOLDS, f"Setiap jawaban dihitung ulang: {len(kept)} hari sama dengan yang disegel.")
    if len(kept) < len(days):
        text = f"Jawaban {len(days) - len(kept)} hari sudah dimusnahkan menurut masa simpannya"
        yield Line(ANSWERS, NOTE, f"{text} dan tidak dapat dihitung ulang; yang dibandingkan hitungan tersegelnya.")


def _result(case: Case, tally: Tally | None) -> Generator[Line, None, bool]:
    """Yield whether tally and result are those of the edition; return whether the store gives them still."""
    counts, frozen = ((case.edition / name).read_text("utf-8", "replace") for name in ("tally.json", "result.json"))
    try:
        follows = scoring_result.dump(scoring_result.score(tally_json.load(counts))) == frozen
    except IkmError as error:
        yield Line(RESULT, FAILS, f"tally.json edisi ini tidak terbaca: {error} {BACKUP}")
        return False
    if follows:
        yield Line(RESULT, HOLDS, "result.json dihitung ulang dari tally.json: sama bita demi bita.")
    else:
        yield Line(RESULT, FAILS, f"result.json bukan hasil hitungan tally.json. {BACKUP}")
    if tally is None:
        return False
    if tally_json.dump(tally) == counts:
        yield Line(RESULT, HOLDS, "Hitungan dari basis data sama bita demi bita dengan tally.json yang dibekukan.")
        return follows
    advice = f"Bila jawaban dikeluarkan sesudah dibekukan, ketik: make ralat PERIOD={case.periode}"
    gap = _gap(json.loads(frozen), scoring_result.score(tally)) if follows else ""
    yield Line(RESULT, FAILS, f"Hitungan dari basis data berbeda dari yang dibekukan{gap}. {advice}")
    return False


def _gap(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return how far the result of now is from the frozen one, where the two figures that people know differ."""
    figures = (("IKM", "ikm", angka), ("responden", "n_responden", bulat))
    said = [
        f"{name} {show(then[key])} menjadi {show(now[key])}" for name, key, show in figures if now[key] != then[key]
    ]
    return f" ({'; '.join(said)})" if said else " (pada rinciannya)"


def _documents(case: Case, copy: Copy) -> Iterator[Line]:
    """Yield whether the documents, made anew from what was kept, are the frozen ones byte for byte."""
    try:
        made = rebuild.rebuild(copy, case.periode, case.number, date.fromisoformat(case.said["tanggal"]))
    except IkmError as error:
        yield Line(DOCUMENTS, FAILS, f"Dokumen tidak dapat disusun ulang: {error}")
        return
    files = sorted(file for file in made.iterdir() if file.is_file())
    other = [file.name for file in files if _other(case, file.name, digest(file))]
    drawn = [file for file in files if file.suffix in DRAWN]
    now, then = rebuild.program(), case.said[rebuild.MADE_BY]
    if not other:
        text = (
            f"{len(drawn)} dokumen disusun ulang dari bahan yang disimpan: sama bita demi bita dengan yang dibekukan."
        )
        yield Line(DOCUMENTS, HOLDS, text)
    elif now == then:
        yield Line(DOCUMENTS, FAILS, f"Disusun ulang dari bahan yang disimpan, {few(other)} tidak sama. {BACKUP}")
    else:
        parts = few(sorted(name for name in {*now, *then} if now.get(name) != then.get(name)))
        text = f"Programnya sudah lain ({parts}), sehingga {few(other)} tidak dapat disusun ulang bita demi bita."
        advice = f"Untuk itu pasang versi yang tertulis di {freezing.EDITION}. Angkanya sudah dihitung ulang di atas."
        yield Line(DOCUMENTS, NOTE, f"{text} {advice}")


def _other(case: Case, name: str, sha256: str) -> bool:
    file = case.edition / name
    return not file.is_file() or digest(file) != sha256
