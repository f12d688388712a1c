"""The public part of a result: what may be printed stays, what a small base or a subtraction would show is blanked.

Every figure that leaves the office goes through `public_part`. It is stricter than the page needs: it also looks at
what other published periode of the same days have already shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from publish.public_checks import public_checks
from scoring.disclosure import BASE, base, published_cells, published_groups
from scoring.tally import Part, Tally, total

FORMAT: Final = "hasil/1"
SMALL: Final = "base"  # fewer than ten respondents
REMAINDER: Final = "difference"  # ten or more, but published beside the others it would show a smaller group
EARLIER: Final = "earlier"  # another published periode already breaks these days down
EMPTY: Final = "empty"  # nobody answered
# Only what is named here leaves: a figure that a later version adds to result.json stays inside until it is listed.
ABOUT: Final = (
    *("office", "office_nama", "periode", "mulai", "selesai", "rehearsal", "instrument", "form", "peraturan"),
    *("rule", "rule_keterangan", "blank", "n_responden", "sample"),
)
SCORES: Final = (
    *("n_complete", "nilai", "ikm", "ikm_exact", "mutu", "kinerja", "variance", "interval", "unsur", "indexes"),
)
ABOUT_LAYANAN: Final = ("id", "nama", "population", "n_responden", "response_rate")
NO_SCORES: Final[dict[str, Any]] = {
    **dict.fromkeys(("nilai", "ikm", "ikm_exact", "mutu", "kinerja", "n_complete", "variance", "interval")),
    "unsur": [],
    "indexes": [],
}
NO_RANK: Final[dict[str, Any]] = {"unsur": [], "tied": [], "nrr": None}


@dataclass(frozen=True)
class Span:
    """The days of a published total and the respondents behind it."""

    mulai: str
    selesai: str
    n: int

    def within(self, other: Span) -> bool:
        """Say whether all days lie in `other`, which has more."""
        inside = other.mulai <= self.mulai and self.selesai <= other.selesai
        return inside and (self.mulai, self.selesai) != (other.mulai, other.selesai)

    def crosses(self, other: Span) -> bool:
        """Say whether some days are shared and neither holds the other."""
        same = (self.mulai, self.selesai) == (other.mulai, other.selesai)
        return overlaps(self, other) and not (same or self.within(other) or other.within(self))


def overlaps(first: Span, second: Span) -> bool:
    """Say whether the two share a day."""
    return first.mulai <= second.selesai and second.mulai <= first.selesai


def public_part(
    result: Mapping[str, Any], tally: Tally, others: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """Return what may be published of `result`, beside `others`, the published parts of other periode.

    `withheld` says why there are no scores at all ("base", "difference") or is None; `detail` says whether layanan
    and profil are broken down. `tally` is that of the result; `today` becomes the day of publication.
    """
    reason = _reason(result, others)
    here = Span(result["mulai"], result["selesai"], 0)
    broken_down = [other for other in others if other["detail"]]
    detail = reason is None and not any(overlaps(here, _span(other)) for other in broken_down)
    public = {
        **{key: result[key] for key in (*ABOUT, *SCORES, "lowest", "highest", "without_cost", "excluded")},
        "format": FORMAT,
        "published": today.isoformat(),
        "withheld": reason,
        "detail": detail,
        "layanan": _layanan(result, detail=detail),
        "channel": [{"id": entry["id"], "n_responden": entry["n_responden"]} for entry in result["channel"]],
        "profil": _profil(result) if detail else [],
        "previous": _previous(result),
        "previous_withheld": result["previous"] is not None and _previous(result) is None,
        "rules": _rules(result),
        "combined": _combined(result, detail=detail),
        "integrity": [] if reason else public_checks(result, tally, detail=detail),
        "questions": result["questions"] if counts_shown(result, result["blank"]) else [],
    }
    if reason:
        public |= {**NO_SCORES, "questions": [], "previous": None, "lowest": NO_RANK, "highest": NO_RANK}
        public |= {"rules": [], "without_cost": None, "combined": None, "excluded": None}
    public["complete_sums"] = _complete_sums(public, tally)
    return public


def _rules(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rules side by side; not that over whole forms when those with a blank are 1 to 9 people."""
    few = 0 < result["n_responden"] - result["n_complete"] < BASE
    return [entry for entry in result["rules"] if not (few and entry["blank"] == "complete")]


def _combined(result: Mapping[str, Any], *, detail: bool) -> Mapping[str, Any] | None:
    """Return the mean of the layanan beside the pooled index; the two would show a layanan that is withheld."""
    shown = published_groups({entry["id"]: base(entry, result["blank"]) for entry in result["layanan"]})
    whole: Mapping[str, Any] = result["combined"]
    return whole if detail and len(shown) == len(result["layanan"]) else None


def counts_shown(group: Mapping[str, Any], blank: str) -> bool:
    """Say whether the counts of a published group may stand beside its scores.

    Only under the rule `complete` can the two be subtracted: the difference are the forms with a blank.
    """
    return blank != "complete" or not 0 < group["n_responden"] - group["n_complete"] < BASE


def group_part(tally: Tally, layanan: str) -> Part:
    """Return the counts of one layanan, or of the whole office for "*"."""
    return total([part for part in tally.parts if layanan in ("*", part.layanan)])


def _reason(result: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why the scores of the office may not be published, or None."""
    n = base(result, result["blank"])
    if n < BASE:
        return SMALL
    here = Span(result["mulai"], result["selesai"], n)
    spans = [here, *{_span(other) for other in others if other["withheld"] is None}]
    if any(here.crosses(span) for span in spans) or any(0 < _remainder(span, spans) < BASE for span in spans):
        return REMAINDER
    return None


def _span(public: Mapping[str, Any]) -> Span:
    n = 0 if public["withheld"] else base(public, public["blank"])
    return Span(public["mulai"], public["selesai"], n)


def _remainder(span: Span, spans: Sequence[Span]) -> int:
    """Return the respondents of `span` that no shorter published total within it holds."""
    inside = [item for item in spans if item.within(span)]
    return span.n - sum(item.n for item in inside if not any(item.within(other) for other in inside))


def _layanan(result: Mapping[str, Any], *, detail: bool) -> list[dict[str, Any]]:
    """Return every layanan with its respondents; scores only where they are published, else why not."""
    sizes = {entry["id"]: base(entry, result["blank"]) for entry in result["layanan"]}
    shown = published_groups(sizes)
    entries = []
    for entry in result["layanan"]:
        reason = EMPTY if not entry["n_responden"] else SMALL if sizes[entry["id"]] < BASE else REMAINDER
        if entry["id"] in shown:
            reason = EARLIER
        public = detail and entry["id"] in shown
        scores = {key: entry[key] for key in SCORES} if public else NO_SCORES
        about = {key: entry[key] for key in ABOUT_LAYANAN}
        entries.append({**about, **scores, "withheld": None if public else reason})
    return entries


def _profil(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the profile fields; a withheld cell has no count and no share."""
    fields = []
    for field in result["profil"]:
        shown = published_cells({row["code"]: row["n"] for row in field["options"]})
        rows = [
            row if shown[row["code"]] is not None else {**row, "n": None, "persen": None} for row in field["options"]
        ]
        fields.append({**field, "options": rows})
    return fields


def _previous(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the periode before; without its figures when too few answered."""
    before: Mapping[str, Any] | None = result["previous"]
    if before is None or base(before, result["blank"]) < BASE:
        return None
    return before


def _complete_sums(public: Mapping[str, Any], tally: Tally) -> dict[str, dict[str, Any]]:
    """Return, under the rule `complete`, what recomputes the index: per published group its sums over whole forms."""
    if public["blank"] != "complete" or public["withheld"]:
        return {}
    names = ["*", *(entry["id"] for entry in public["layanan"] if entry["withheld"] is None)]
    parts = {name: group_part(tally, name) for name in names}
    return {name: {"n": part.complete, "sums": dict(part.complete_sums)} for name, part in parts.items()}
