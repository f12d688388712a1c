"""Which rule gives a figure that another tool printed: every named rule is tried, with every treatment of blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from scoring.errors import IkmError
from scoring.figure import ratio, rounded, text
from scoring.index import compute, grade, unsur_means
from scoring.instrument import BLANKS, Instrument
from scoring.recap import Nrr, is_recap, read_recap
from scoring.table import read_answers, read_nrr, read_table, refused
from scoring.tally import count_rows

PRINTED: Final = re.compile(r"[0-9]{1,3}(?:[.,]([0-9]{1,6}))?")
FIRST: Final = "available"


def explain(file: str, text: str, pack: Instrument, printed: str, *, nrr: bool) -> dict[str, Any]:
    """Return which rules of the pack give `printed` ("90.56") for a sheet of answers, counts, sums or NRR.

    `reproduced_by` names those whose IKM rounds half up to the printed figure ("exact", or "exact/zero" where blanks
    counted as zero); `within_rounding` those that could, had the printed NRR more decimals; `nearest` is the closest.
    Raises PRINTED_INVALID and TABLE_*.
    """
    found = PRINTED.fullmatch(printed.strip())
    if not found:
        raise IkmError("PRINTED_INVALID", printed=printed)
    places, target = len(found[1] or ""), Fraction(printed.strip().replace(",", "."))
    ways, slack = read_ways(file, text, pack, nrr=nrr)
    rules = [
        _tried(pack, rule_id, blank, values, target, places, slack)
        for blank, values in ways.items()
        for rule_id in (rule.id for rule in pack.rules)
    ]
    known = [entry for entry in rules if entry["ikm"] is not None]
    return {
        "instrument": pack.id,
        "printed": printed.strip().replace(",", "."),
        "reproduced_by": [entry["name"] for entry in known if entry["reproduces"]],
        "within_rounding": [entry["name"] for entry in known if entry["possible"] and not entry["reproduces"]],
        "nearest": min(known, key=lambda entry: Fraction(entry["distance"]))["name"] if known else None,
        "rules": rules,
    }


def read_ways(file: str, text: str, pack: Instrument, *, nrr: bool) -> tuple[dict[str, Nrr], Fraction]:
    """Return the NRR per unsur of a sheet by treatment of blanks, and how far each may be off by having been printed.

    There is one way only where nothing is blank. Raises TABLE_*.
    """
    if is_recap(file, text):
        return read_recap(file, text, pack), Fraction(0)
    _, rows = read_table(file, text, pack)
    if nrr:
        values = read_nrr(file, rows, pack)
        return {FIRST: values}, _slack(rows[0].cells[question.id] for question in pack.questions)
    answers, remarks = read_answers(file, rows, pack)
    if remarks:
        raise refused(file, remarks)
    part = count_rows(answers, [question.id for question in pack.questions], pack.low, pack.high)
    ways = BLANKS if part.complete < part.n else (FIRST,)
    means = {blank: unsur_means(pack, part, blank) for blank in ways}
    nrr_by_blank = {blank: {unsur: mean.nrr for unsur, mean in found.items()} for blank, found in means.items()}
    return dict(nrr_by_blank), Fraction(0)


def _tried(
    pack: Instrument, rule_id: str, blank: str, nrr: Nrr, target: Fraction, places: int, slack: Fraction
) -> dict[str, Any]:
    """Return what one rule gives, and how far that is from the printed figure."""
    rule = pack.rule(rule_id)
    figure = compute(pack, pack.indexes[0], rule, nrr)
    band = grade(pack, figure.ikm)
    entry: dict[str, Any] = {
        "name": rule_id if blank == FIRST else f"{rule_id}/{blank}",
        "rule": rule_id,
        "blank": blank,
        "keterangan": rule.keterangan,
        "ikm": text(figure.ikm, max(places, 2)),
        "ikm_exact": ratio(figure.ikm),
        "mutu": band.mutu if band else None,
    }
    if figure.ikm is None:
        return {**entry, "distance": None, "reproduces": False, "possible": False}
    distance = abs(figure.ikm - target)
    reach = slack * sum(figure.bobot.values()) * pack.factor + Fraction(1, 2 * 10**places)
    return {
        **entry,
        "distance": str(rounded(distance, 4)),
        "reproduces": Fraction(rounded(figure.ikm, places)) == target,
        "possible": distance <= reach,
    }


def _slack(cells: Iterable[str]) -> Fraction:
    """Return half a unit of the last decimal that the printed NRR carry: what rounding may have taken from each."""
    decimals = [len(cell.replace(",", ".").partition(".")[2]) for cell in cells]
    return Fraction(1, 2 * 10 ** max(decimals)) if any(decimals) else Fraction(0)


def lines(explained: Mapping[str, Any]) -> str:
    """Return one line a rule for people, the verdict first."""
    printed = str(explained["printed"]).replace(".", ",")
    names = explained["reproduced_by"]
    if names:
        verdict = f"{printed} dihasilkan oleh aturan: {', '.join(names)}."
    else:
        verdict = f"{printed} tidak dihasilkan oleh aturan mana pun; yang terdekat: {explained['nearest']}."
    rows = [verdict]
    for entry in explained["rules"]:
        sign = "ya" if entry["reproduces"] else "mungkin" if entry["possible"] else "tidak"
        ikm, distance = ((entry[key] or "-").replace(".", ",") for key in ("ikm", "distance"))
        rows.append(f"{entry['name']:<28}{ikm:>10}  {entry['mutu'] or '-':<2}  selisih {distance:>8}  {sign}")
    return "\n".join(rows)
