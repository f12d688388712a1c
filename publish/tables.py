"""The tables of the documents as HTML: figures with a decimal comma, small groups withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from publish.analysis import unsur_names
from publish.kewajaran import Check
from publish.words import CHANNEL_NAMES, NONE, angka, bulat, nama_periode, persen
from scoring.disclosure import counts_shown, previous_shown, published_cells, published_layanan
from scoring.instrument import Instrument

Result = Mapping[str, Any]
WITHHELD: Final = "tidak ditampilkan"


WHOLE: Final = 10  # rows of a table that stays on one page
KINDS: Final = {"#": Markup(' class="n"'), "*": Markup(' class="lebar"')}


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    foot: Sequence[object] = (),
    css_class: str = "",
) -> Markup:
    """Return a table; a head that starts with "#" is a column of figures, with "*" the widest column of words."""
    classes = [KINDS.get(head[0], Markup("")) for head in heads]
    css_class = f"{css_class} utuh".strip() if len(rows) <= WHOLE else css_class
    parts = [Markup('<table class="{}"><caption>{}</caption><thead><tr>').format(css_class, caption)]
    parts += [
        Markup('<th scope="col"{}>{}</th>').format(kind, head.lstrip("#*"))
        for kind, head in zip(classes, heads, strict=True)
    ]
    parts.append(Markup("</tr></thead><tbody>"))
    parts += [_row(cells, classes) for cells in rows]
    parts.append(Markup("</tbody>"))
    if foot:
        parts.append(Markup("<tfoot>{}</tfoot>").format(_row(foot, classes)))
    parts.append(Markup("</table>"))
    return Markup("").join(parts)


def _row(cells: Sequence[object], classes: Sequence[Markup]) -> Markup:
    inner = [Markup("<td{}>{}</td>").format(kind, cell) for kind, cell in zip(classes, cells, strict=True)]
    return Markup("<tr>{}</tr>").format(Markup("").join(inner))


def grade(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return letter and word of a value, dashes where it does not exist."""
    return entry["mutu"] or NONE, entry["kinerja"] or NONE


def unsur(result: Result) -> Markup:
    """Return NRR, weighted NRR, converted value and letter of every unsur, with the sums below."""
    heads = ("Kode", "*Unsur pelayanan", "#Responden", "#NRR", "#NRR tertimbang", "#Nilai konversi", "Mutu", "Kinerja")
    rows = [
        (
            *(entry["number"], entry["nama"], bulat(entry["n"]), angka(entry["nrr"])),
            *(angka(entry["nrr_tertimbang"]), angka(entry["konversi"]), *grade(entry)),
        )
        for entry in result["unsur"]
    ]
    foot = ("", "Indeks Kepuasan Masyarakat", bulat(result["n_responden"]), "", angka(result["nilai"]))
    return table(
        "Nilai rata-rata (NRR) dan mutu setiap unsur",
        heads,
        rows,
        (*foot, angka(result["ikm"]), *grade(result)),
        css_class="nrr",
    )


def layanan(result: Result) -> Markup:
    """Return respondents, response rate and index of every layanan; no score on a base under ten."""
    shown = published_layanan(result)
    rows = []
    for entry in result["layanan"]:
        counts = (bulat(entry["population"]), bulat(entry["n_responden"]), persen(entry["response_rate"]))
        scores = (angka(entry["ikm"]), *grade(entry)) if entry["id"] in shown else (NONE, NONE, WITHHELD)
        rows.append((entry["nama"], *counts, *scores))
    sample = result["sample"]
    foot = ("Seluruh layanan", bulat(sample["population"]), bulat(result["n_responden"]))
    return table(
        "Responden dan nilai IKM setiap layanan",
        ("*Layanan", "#Orang dilayani", "#Responden", "#Tanggapan", "#IKM", "Mutu", "Kinerja"),
        rows,
        (*foot, persen(sample["response_rate"]), angka(result["ikm"]), *grade(result)),
    )


def profil(result: Result) -> Markup:
    """Return who answered, field by field; cells that could point at a person are withheld."""
    parts = [
        Markup('<table><caption>Karakteristik responden</caption><thead><tr><th scope="col">Karakteristik</th>'),
        Markup('<th scope="col" class="n">Jumlah</th><th scope="col" class="n">Persentase</th></tr></thead>'),
    ]
    for field in result["profil"]:
        cells = published_cells({row["code"]: row["n"] for row in field["options"]})
        parts.append(
            Markup('<tbody class="kelompok"><tr><th scope="rowgroup" colspan="3">{}</th></tr>').format(field["nama"])
        )
        for row in field["options"]:
            if not row["n"]:
                continue
            hidden = cells[row["code"]] is None
            count, share = (WITHHELD, NONE) if hidden else (bulat(row["n"]), persen(row["persen"]))
            parts.append(
                Markup('<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>').format(
                    row["nama"], count, share
                )
            )
        parts.append(Markup("</tbody>"))
    parts.append(Markup("</table>"))
    return Markup("").join(parts)


def channels(result: Result) -> Markup:
    """Return how the answers came in: a table, or a sentence where all came the same way."""
    if len(result["channel"]) == 1:
        only = CHANNEL_NAMES[result["channel"][0]["id"]]
        return Markup("<p>Semua jawaban masuk dengan satu cara: {}.</p>").format(only)
    rows = [(CHANNEL_NAMES[entry["id"]].capitalize(), bulat(entry["n_responden"])) for entry in result["channel"]]
    return table("Cara pengisian", ("Cara", "#Responden"), rows, ("Jumlah", bulat(result["n_responden"])))


def answers(result: Result, pack: Instrument) -> Markup:
    """Return how often each value was chosen for every question, or nothing where that would show a small group."""
    if not counts_shown(result):
        return Markup("")
    names = {question.id: question.unsur for question in pack.questions}
    unsur_of = unsur_names(result)
    values = [str(value) for value in range(pack.low, pack.high + 1)]
    rows = [
        (unsur_of[names[entry["id"]]], *(bulat(count) for count in entry["counts"]), bulat(entry["blank"]))
        for entry in result["questions"]
    ]
    heads = ("*Pertanyaan tentang unsur", *(f"#Nilai {value}" for value in values), "#Kosong")
    return table("Jumlah jawaban menurut nilai", heads, rows)


def checks(found: Sequence[Check]) -> Markup:
    """Return the checks of the counts, those that ask for a look in bold; nothing where none may be shown."""
    if not found:
        return Markup("")
    rows = [
        (check.name, Markup("<strong>{}</strong>").format(check.state) if check.seen else check.state, check.sentence)
        for check in found
    ]
    return table("Pemeriksaan kewajaran jawaban", ("Pemeriksaan", "Keadaan", "Uraian"), rows, css_class="kewajaran")


def questions(pack: Instrument) -> Markup:
    """Return the questions of the instrument with their options, lowest value first."""
    rows = [
        (nomor, question.text, "; ".join(f"{value} {words}" for value, words in enumerate(question.options, pack.low)))
        for nomor, question in enumerate(pack.questions, 1)
    ]
    return table("Pertanyaan dan pilihan jawaban", ("#No.", "*Pertanyaan", "Pilihan jawaban"), rows)


def bands(pack: Instrument) -> Markup:
    """Return the grades of the instrument."""
    rows = [
        (f"{angka(str(band.min))}–{angka(str(band.max))}", band.mutu, band.kinerja) for band in reversed(pack.bands)
    ]
    return table("Nilai konversi, mutu, dan kinerja", ("Nilai konversi", "Mutu", "Kinerja"), rows)


def previous(result: Result) -> Markup:
    """Return this periode beside the one before, unsur by unsur where they can be compared."""
    before = result["previous"]
    if not previous_shown(result):
        return Markup("")
    if before["instrument"] != result["instrument"]:
        return bridge(result)
    then = {entry["id"]: entry for entry in before["unsur"]}
    rows = [_beside(entry, then.get(entry["id"]), before) for entry in result["unsur"]]
    names = (nama_periode(before["periode"]), nama_periode(result["periode"]))
    foot = ("Nilai IKM", angka(before["ikm"]), angka(result["ikm"]), angka(before["change"]))
    heads = ("*Unsur", f"#{names[0]}", f"#{names[1]}", "#Perubahan")
    return table("Perbandingan dengan periode sebelumnya (NRR)", heads, rows, foot)


def _beside(now: Mapping[str, Any], then: Mapping[str, Any] | None, before: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one unsur in both periode, with the change where the same question feeds it."""
    old = angka(then["nrr"]) if then else NONE
    return now["nama"], old, angka(now["nrr"]), angka(before["unsur_change"].get(now["id"]))


def bridge(result: Result) -> Markup:
    """Return both periode at a change of instrument: unsur whose question stayed, then those that are new or gone.

    What moved in the first part is no matter of the new form; the index is not compared.
    """
    before = result["previous"]
    then = {entry["id"]: entry for entry in before["unsur"]}
    same = {unsur for unsur, change in before["unsur_change"].items() if change is not None}
    gone = [entry for entry in before["unsur"] if entry["id"] not in {unsur["id"] for unsur in result["unsur"]}]
    kept = [_beside(entry, then.get(entry["id"]), before) for entry in result["unsur"] if entry["id"] in same]
    other = [_beside(entry, then.get(entry["id"]), before) for entry in result["unsur"] if entry["id"] not in same]
    other += [(entry["nama"], angka(entry["nrr"]), NONE, NONE) for entry in gone]
    groups = (("Pertanyaannya sama", kept), ("Pertanyaannya baru, berubah, atau tidak ditanyakan lagi", other))
    heads = ("*Unsur", f"#{nama_periode(before['periode'])}", f"#{nama_periode(result['periode'])}", "#Perubahan")
    rows: list[tuple[object, ...]] = []
    for name, lines in groups:
        rows += [(Markup("<strong>{}</strong>").format(name), "", "", ""), *lines] if lines else []
    foot = ("Nilai IKM (tidak dibandingkan)", angka(before["ikm"]), angka(result["ikm"]), NONE)
    return table("Peralihan instrumen: NRR unsur sebelum dan sesudah", heads, rows, foot, css_class="utuh")


def escape_markdown(text: object) -> Markup:
    """Return text that neither HTML nor Markdown reads as its own; markup stays as it is."""
    if isinstance(text, Markup):
        return text
    safe = str(escape(text))
    for char in "\\`*_{}[]#|<>!~":
        safe = safe.replace(char, f"&#{ord(char)};") if char not in "#<>" else safe
    return Markup(safe)  # noqa: S704  # escaped above
