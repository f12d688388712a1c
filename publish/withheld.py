"""The public part of a result: what may be printed stays, what a small base or a subtraction would show is blanked.

Every figure that leaves the office goes through `public_part`; what may leave is decided in `scoring.disclosure`, also
beside what other published periode of the same days have already shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from publish.public_checks import public_checks
from scoring.disclosure import (
    BASE,
    REMAINDER,
    SMALL,
    base,
    broken_down,
    counts_shown,
    excluded_shown,
    layanan_counts_shown,
    previous_shown,
    published_cells,
    published_layanan,
    published_rules,
    same_answers,
    span,
    squares_shown,
    withheld_reason,
)
from scoring.tally import Part, Tally, total

FORMAT: Final = "hasil/1"
EARLIER: Final = "earlier"  # another published periode already breaks these days down
EMPTY: Final = "empty"  # nobody answered
# Only what is named here leaves: a figure that a later version adds to result.json stays inside until it is listed.
ABOUT: Final = (
    *("office", "office_nama", "periode", "mulai", "selesai", "rehearsal", "instrument", "form", "peraturan"),
    *("rule", "rule_keterangan", "blank", "n_responden", "sample"),
)
SCORES: Final = (*("n_complete", "nilai", "ikm", "ikm_exact", "mutu", "kinerja", "interval", "unsur", "indexes"),)
ABOUT_LAYANAN: Final = ("id", "nama", "population", "n_responden", "response_rate")
NO_SCORES: Final[dict[str, Any]] = {
    **dict.fromkeys(("nilai", "ikm", "ikm_exact", "mutu", "kinerja", "n_complete", "interval")),
    "unsur": [],
    "indexes": [],
}
NO_RANK: Final[dict[str, Any]] = {"unsur": [], "tied": [], "nrr": None}


def public_part(
    result: Mapping[str, Any], tally: Tally, others: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """Return what may be published of `result`, beside `others`, the published parts of other periode.

    `withheld` says why there are no scores at all ("base", "difference") or is None; `detail` says whether layanan
    and profil are broken down. `tally` is that of the result; `today` becomes the day of publication.
    """
    spans = [span(other, scored=other["withheld"] is None, detail=other["detail"]) for other in others]
    here = span(result, scored=True, detail=False)
    reason = withheld_reason(here, spans)
    detail = reason is None and broken_down(here, spans)
    before = _previous(result, others)
    public = {
        **{key: result[key] for key in (*ABOUT, *SCORES, "lowest", "highest", "without_cost")},
        "format": FORMAT,
        "published": today.isoformat(),
        "withheld": reason,
        "detail": detail,
        "layanan": _layanan(result, detail=detail),
        "channel": [{"id": entry["id"], "n_responden": entry["n_responden"]} for entry in result["channel"]],
        "profil": _profil(result) if detail else [],
        "previous": before,
        "previous_withheld": result["previous"] is not None and before is None,
        "rules": _rules(result, detail=detail),
        "excluded": _excluded(result, detail=detail),
        "combined": _combined(result, detail=detail),
        "integrity": [] if reason else public_checks(result, tally, detail=detail),
        "questions": result["questions"] if _questions_shown(result, detail=detail) else [],
    }
    if reason:
        public |= {**NO_SCORES, "questions": [], "previous": None, "lowest": NO_RANK, "highest": NO_RANK}
        public |= {"rules": [], "without_cost": None, "combined": None, "excluded": None}
    public["complete_sums"] = _complete_sums(public, tally)
    # An exact variance is a sum of squares; those that may be shown stand in silang.csv, after a rule of their own.
    clean: dict[str, Any] = _without(public, "variance")
    return clean


def _without(value: Any, name: str) -> Any:
    """Return a value without the key `name`, at any depth."""
    if isinstance(value, Mapping):
        return {key: _without(held, name) for key, held in value.items() if key != name}
    return [_without(held, name) for held in value] if isinstance(value, list | tuple) else value


def squares_of(public: Mapping[str, Any], tally: Tally) -> list[str]:
    """Return the groups whose sum of squares may be published beside `public`: the office "*", then its layanan.

    Only where this periode breaks its days down: so that no two of them are of the same people.
    """
    if public["withheld"] or not public["detail"]:
        return []
    groups = {"*": public, **{entry["id"]: entry for entry in public["layanan"] if entry["withheld"] is None}}
    printed = {name for name, group in groups.items() if group["interval"]["margin"] is not None}
    names = {part.layanan for part in tally.parts}
    shown = squares_shown({name: group_part(tally, name) for name in sorted(names)}, tally.blank, printed)
    return [name for name in groups if name in shown]


def _rules(result: Mapping[str, Any], *, detail: bool) -> list[Mapping[str, Any]]:
    """Return the rules side by side; those over another group only where the periode is broken down."""
    used = result["blank"] == "complete"
    return [entry for entry in published_rules(result) if detail or (entry["blank"] == "complete") == used]


def _excluded(result: Mapping[str, Any], *, detail: bool) -> dict[str, Any]:
    """Return how many answers were left out; the index with them where it does not show them."""
    found = dict(result["excluded"])
    if found["n"] and not (detail and excluded_shown(result)):
        found |= {"ikm_with": None, "mutu_with": None}
    return found


def _questions_shown(result: Mapping[str, Any], *, detail: bool) -> bool:
    """Say whether all answers are counted out; where the index is over other forms, only with a breakdown."""
    return counts_shown(result) and (detail or layanan_counts_shown(result))


def _combined(result: Mapping[str, Any], *, detail: bool) -> Mapping[str, Any] | None:
    """Return the mean of the layanan beside the pooled index; the two would show a layanan that is withheld."""
    whole: Mapping[str, Any] = result["combined"]
    return whole if detail and len(published_layanan(result)) == len(result["layanan"]) else None


def group_part(tally: Tally, layanan: str) -> Part:
    """Return the counts of one layanan, or of the whole office for "*"."""
    return total([part for part in tally.parts if layanan in ("*", part.layanan)])


def _layanan(result: Mapping[str, Any], *, detail: bool) -> list[dict[str, Any]]:
    """Return every layanan with its respondents; scores only where they are published, else why not."""
    shown = published_layanan(result)
    entries = []
    for entry in result["layanan"]:
        reason = EMPTY if not entry["n_responden"] else SMALL if base(entry, result["blank"]) < BASE else REMAINDER
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


def _previous(result: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the periode before, where it is itself published with scores over the same people; else None."""
    before: Mapping[str, Any] | None = result["previous"]
    if before is None or not previous_shown(result):
        return None
    found = [other for other in others if other["periode"] == before["periode"] and other["withheld"] is None]
    return before if any(same_answers(before, other) for other in found) else None


def _complete_sums(public: Mapping[str, Any], tally: Tally) -> dict[str, dict[str, Any]]:
    """Return, under the rule `complete`, what recomputes the index: per published group its sums over whole forms."""
    if public["blank"] != "complete" or public["withheld"]:
        return {}
    names = ["*", *(entry["id"] for entry in public["layanan"] if entry["withheld"] is None)]
    parts = {name: group_part(tally, name) for name in names}
    return {name: {"n": part.complete, "sums": dict(part.complete_sums)} for name, part in parts.items()}
