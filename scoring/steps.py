"""The way from counts to a letter, one step after the other, for people who want to follow it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scoring.counts import Counted
from scoring.errors import IkmError
from scoring.figure import ratio, text
from scoring.index import IKM_PLACES, IndexFigure, Mean, compute, grade, index_fields, unsur_means
from scoring.instrument import Instrument, Rule

MORE_PLACES = 6  # of a figure before it is rounded


def steps(file: str, counted: Counted, rule_id: str | None, blank: str | None) -> str:
    """Return every step from the counts to the letter, for each index of the pack.

    Without `rule_id` or `blank` those that the pack names. Raises RULE_UNKNOWN, BLANK_UNKNOWN and COUNTS_COMPLETE.
    """
    pack = counted.pack
    rule, blank = pack.rule(rule_id or pack.default_rule), blank or pack.default_blank
    means = unsur_means(pack, counted.part, blank)
    if blank == "complete" and counted.blanks:
        raise IkmError("COUNTS_COMPLETE", file=file)
    nrr = {unsur: mean.nrr for unsur, mean in means.items()}
    lines = [
        f"{file}, periode {counted.periode}, layanan {counted.layanan}: {counted.part.n} responden",
        f"{pack.nama}, {pack.peraturan}",
        f"Aturan {rule.id}: {rule.keterangan}; jawaban kosong: {blank}",
        "",
        "1. NRR = jumlah nilai : jumlah jawaban",
        *_means(counted, means),
    ]
    for index in pack.indexes:
        lines += ["", index.nama, *_index(pack, rule, compute(pack, index, rule, nrr))]
    return "\n".join(lines)


def _means(counted: Counted, means: dict[str, Mean]) -> Iterator[str]:
    for unsur in counted.pack.unsur:
        mean = means[unsur.id]
        sums = " + ".join(
            f"{value}x{n}"
            for question in counted.pack.questions_of(unsur.id)
            for value, n in enumerate(counted.part.answers[question.id], counted.pack.low)
        )
        nrr = f"{ratio(mean.nrr)} = {_shown(mean.nrr, MORE_PLACES)}" if mean.n else "tidak ada jawaban"
        yield f"  {_label(counted.pack, unsur.id):<46} ({sums}) : {mean.n} = {mean.total} : {mean.n} = {nrr}"


def _index(pack: Instrument, rule: Rule, figure: IndexFigure) -> Iterator[str]:
    yield f"2. NRR{_rounded(rule.nrr_places)} x bobot{_rounded(rule.product_places)}"
    for unsur, product in figure.nrr_tertimbang.items():
        nrr, weight = figure.nrr[unsur], ratio(figure.bobot[unsur])
        shown = _exact(nrr, rule.nrr_places)
        yield f"  {_label(pack, unsur):<46} {shown} x {weight} = {_exact(product, rule.product_places)}"
    fields, band = index_fields(pack, figure), grade(pack, figure.ikm)
    if figure.nilai is None or band is None:
        yield "Ada unsur tanpa jawaban, sehingga indeks tidak dapat dihitung."
        return
    yield f"3. Jumlah{_rounded(rule.index_places)} = {_exact(figure.nilai, rule.index_places)}"
    yield f"4. x {pack.factor} = {ratio(figure.ikm)} = {_shown(figure.ikm, MORE_PLACES)}"
    yield f"5. Dibulatkan {IKM_PLACES} desimal, setengah ke atas: {_comma(fields['ikm'])}"
    limits = f"{_comma(str(band.min))} sampai {_comma(str(band.max))}"
    yield f"6. Mutu {band.mutu} ({band.kinerja}): {limits}"


def _label(pack: Instrument, unsur_id: str) -> str:
    unsur = next(item for item in pack.unsur if item.id == unsur_id)
    return f"U{unsur.number} {unsur.nama}"


def _rounded(places: int | None) -> str:
    return "" if places is None else f" (dibulatkan {places} desimal)"


def _exact(value: Fraction | None, places: int | None) -> str:
    """Return a figure as it is taken further: rounded where the rule rounds it, else as a fraction."""
    return str(ratio(value) if places is None else _shown(value, places)) if value is not None else "-"


def _shown(value: Fraction | None, places: int) -> str:
    return _comma(text(value, places) or "-")


def _comma(figure: str) -> str:
    return figure.replace(".", ",")
