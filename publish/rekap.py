"""The recap workbook of a periode: answers column by column, counts, layanan, and what must be known to read them.

It is made from the tally's counts alone. The questionnaire promises that no officer sees an answer, so every column
of answers is sorted by itself: a line is not a person.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, Final

from publish import analysis, certainty
from publish.cells import Formula, Sheet
from publish.rekap_block import FIRST, Method, counts, figures, head, sums_given, sums_of_counts, sums_of_rows
from publish.withheld import group_part
from publish.words import bulat, nama_periode, rentang
from scoring.disclosure import BASE, counts_shown, layanan_counts_shown
from scoring.instrument import Instrument
from scoring.tally import Part, Tally

MOST_ROWS: Final = 10_000  # respondents that are listed one by one
REHEARSAL: Final = "DATA UJI COBA – BUKAN HASIL SURVEI"
SORTED: Final = (
    "Satu baris bukan satu orang: setiap kolom diurutkan sendiri dari nilai tertinggi, jawaban kosong di bawah, karena "
    "kuesioner menjanjikan bahwa petugas tidak dapat melihat jawaban perorangan. Jumlah dan rata-ratanya tetap sama."
)
LIVE: Final = (
    "Semua nilai dihitung dengan rumus dari jumlah jawaban dan bobot. Bila isinya diubah, nilainya ikut berubah dan "
    "bukan lagi hasil resmi."
)
WHOLE_FORMS: Final = (
    "Aturan hitung periode ini hanya memakai kuesioner yang terisi lengkap. Jumlah nilainya sudah dihitung lebih "
    "dahulu dan ditulis sebagai angka, karena tidak dapat diturunkan dari banyaknya setiap nilai."
)
COUNTS_WITHHELD: Final = (
    "Banyaknya setiap nilai tidak ditampilkan: selisihnya dengan kuesioner lengkap akan menunjukkan jawaban kurang "
    "dari sepuluh orang."
)
TOO_FEW: Final = "Lembar Responden tidak dibuat karena responden kurang dari sepuluh orang."
TOO_MANY: Final = "Lembar Responden tidak dibuat karena responden lebih dari sepuluh ribu orang."
HIDDEN: Final = (
    "Layanan dengan kurang dari sepuluh responden tidak ditampilkan; kelompok terkecil berikutnya ikut ditutup bila "
    "tanpa itu nilainya dapat dihitung mundur."
)
NOT_SHOWN: Final = "tidak ditampilkan"
READING: Final = (
    "Nilai setiap jawaban dijumlahkan dan dibagi banyaknya jawaban: itulah NRR unsur. NRR dikalikan bobot lalu "
    "dijumlahkan menjadi nilai indeks; nilai indeks dikalikan {factor} menjadi nilai IKM.",
    "Angka dibulatkan setengah ke atas sekali saja, pada baris yang dicetak; baris “sebelum dibulatkan” dipakai untuk "
    "perhitungan berikutnya.",
    "Huruf mutu dicari dari nilai konversi dua desimal pada tabel “Nilai mulai”.",
)

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """What a workbook is made from. `result` is result.json or its public part; `shown` are the layanan it may show."""

    result: Result
    tally: Tally
    method: Method
    shown: Container[str]

    @property
    def whole(self) -> Part:
        """Return the counts of the office."""
        return group_part(self.tally, "*")


def sheets(result: Result, tally: Tally, pack: Instrument, shown: Container[str], *, rows: bool) -> list[Sheet]:
    """Return the sheets of the workbook; `rows` asks for the answers one below the other as well."""
    source = Source(result, tally, Method(pack, pack.rule(tally.rule), tally.blank), shown)
    made = [_hitungan(source)]
    if rows and lacking(source) == "":
        made.insert(0, _responden(source))
    if any(entry["id"] in shown for entry in result["layanan"]):
        made.append(_layanan(source))
    return [*made, _keterangan(source, rows=rows)]


def lacking(source: Source) -> str:
    """Return why there is no sheet of respondents, or nothing where there is one."""
    if source.method.blank == "complete":
        return WHOLE_FORMS
    if source.whole.n < BASE:
        return TOO_FEW
    return TOO_MANY if source.whole.n > MOST_ROWS else ""


def _responden(source: Source) -> Sheet:
    """Return the layout that offices know: answers below one another, sums and figures at the end."""
    method, whole = source.method, source.whole
    sheet, row = _begin(source, "Responden", "Rekapitulasi jawaban responden", (SORTED,))
    start = head(sheet, row, method, "Nomor urut")
    sheet.repeat, sheet.freeze = (row, start - 1), (start, FIRST)
    for number in range(1, whole.n + 1):
        sheet.put(start + number - 1, 1, number, "number")
    high = method.pack.high
    for column, question in enumerate(method.questions, FIRST):
        line = start
        for place, count in enumerate(reversed(whole.answers[question.id])):
            for _ in range(count):
                sheet.put(line, column, high - place, "answer")
                line += 1
        for blank in range(line, start + whole.n):
            sheet.put(blank, column, "", "answer")
    total = start + whole.n
    sheet.breaks.append(total - 1)
    figures(sheet, sums_of_rows(sheet, total, method, start), method, total)
    return sheet


def _hitungan(source: Source) -> Sheet:
    """Return how often each value was given to each question, and the figures that follow."""
    shown = counts_shown(source.result) and bool(source.result["questions"])  # a public part may have none
    notes = () if source.method.blank != "complete" else (WHOLE_FORMS,) if shown else (WHOLE_FORMS, COUNTS_WITHHELD)
    sheet, row = _begin(source, "Hitungan", "Jumlah jawaban menurut nilai", notes)
    start = head(sheet, row, source.method, "Nilai jawaban")
    sheet.freeze, sheet.one_page = (start, FIRST), True
    _group(sheet, start, source.method, source.whole, shown=shown)
    return sheet


def _group(sheet: Sheet, row: int, method: Method, part: Part, *, shown: bool) -> tuple[str, str, int]:
    """Write counts and figures of one group; return the addresses of IKM and letter, and the row below."""
    first = row
    if shown:
        row = counts(sheet, row, method, part)
    total = row
    if method.blank == "complete":
        row = sums_given(sheet, row, method, part)
    else:
        row = sums_of_counts(sheet, row, method, first)
    found = figures(sheet, row, method, total)
    return found.ikm, found.mutu, found.below


def _layanan(source: Source) -> Sheet:
    """Return the table of all layanan, and below it the counts of each one that may be shown, on a page of its own."""
    sheet, row = _begin(source, "Layanan", "Nilai setiap layanan", ())
    for column, label in enumerate(("Layanan", "Responden", "Nilai IKM", "Mutu"), 1):
        sheet.put(row, column, label, "head")
    entries = source.result["layanan"]
    below = row + len(entries) + 2
    for line, entry in enumerate(entries, row + 1):
        sheet.put(line, 1, entry["nama"], "label")
        sheet.heights[line] = 15 * max(1, -(-len(entry["nama"]) // (sheet.widths[0] - 3)))
        sheet.put(line, 2, entry["n_responden"], "count")
        if entry["id"] not in source.shown:
            sheet.put(line, 3, NOT_SHOWN, "word")
            sheet.put(line, 4, "", "word")
            sheet.merges.append((line, 3, line, 4))
            continue
        sheet.breaks.append(below - 1)
        below = sheet.line(below, f"Layanan: {entry['nama']}", "title")
        shown = layanan_counts_shown(source.result)
        start = head(sheet, below, source.method, "Nilai jawaban")
        part = group_part(source.tally, entry["id"])
        ikm, mutu, below = _group(sheet, start, source.method, part, shown=shown)
        below += 1
        sheet.put(line, 3, Formula(ikm), "two")
        sheet.put(line, 4, Formula(mutu), "letter")
    return sheet


def _keterangan(source: Source, *, rows: bool) -> Sheet:
    """Return what must be known to read the figures."""
    result, method = source.result, source.method
    sheet = Sheet("Keterangan", [30, 90], one_page=True)
    row = sheet.line(1, REHEARSAL, "big") if result["rehearsal"] else 1
    row = sheet.line(row, "Keterangan", "title") + 1
    facts = (
        ("Kantor", result["office_nama"]),
        ("Periode", nama_periode(result["periode"])),
        ("Masa survei", rentang(result["mulai"], result["selesai"])),
        ("Jumlah responden", f"{bulat(result['n_responden'])} orang"),
        ("Instrumen", method.pack.nama),
        ("Peraturan", result["peraturan"]),
        ("Aturan hitung", result["rule_keterangan"]),
        ("Jawaban kosong", analysis.BLANK_RULES[result["blank"]]),
        ("Ketelitian", certainty.margin(result)),
        ("Kecukupan sampel", analysis.sample(result)),
        ("Tidak dihitung", certainty.excluded(result)),
    )
    for label, text in facts:
        sheet.put(row, 1, label, "label")
        sheet.put(row, 2, text, "fact")
        sheet.heights[row] = 15 * -(-len(text) // 84)
        row += 1
    row += 1
    for sentence in _reading(source, rows=rows):
        row = sheet.line(row, sentence)
    return sheet


def _reading(source: Source, *, rows: bool) -> list[str]:
    """Return the sentences on how to read the sheets."""
    texts = [text.format(factor=source.method.pack.factor) for text in READING]
    texts.append(LIVE)
    if rows:
        texts.append(lacking(source) or SORTED)
    elif source.method.blank == "complete":
        texts.append(WHOLE_FORMS)
    if any(entry["id"] not in source.shown for entry in source.result["layanan"]):
        texts.append(HIDDEN)
    return texts


def _begin(source: Source, name: str, title: str, notes: tuple[str, ...]) -> tuple[Sheet, int]:
    """Return a sheet with its heading: whose figures, of which days, how many, how reckoned, how sure."""
    result = source.result
    columns = max(8, len(source.method.questions))
    sheet = Sheet(name, [29, *[12 if columns < 12 else 11] * columns])
    row = sheet.line(1, REHEARSAL, "big") if result["rehearsal"] else 1
    row = sheet.line(row, title, "title")
    days = f"Periode {nama_periode(result['periode'])} ({rentang(result['mulai'], result['selesai'])})"
    row = sheet.line(row, result["office_nama"], "office")
    row = sheet.line(row, f"{days}, {bulat(result['n_responden'])} responden")
    for text in (analysis.method(result), certainty.margin(result), *notes):
        row = sheet.line(row, text)
    return sheet, row + 1
