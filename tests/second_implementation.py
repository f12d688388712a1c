"""The figures a second time, from tally.json and the pack's TOML alone: SQL adds up, whole numbers do the rest.

It shares no code with `scoring`, so that a slip in one of the two shows as a difference.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from pathlib import Path
from typing import Any

PACKS = Path(__file__).parent.parent / "scoring" / "instruments"
BLANKS = ("available", "zero", "complete")
WIDE = Context(prec=250, rounding=ROUND_HALF_UP)
Pair = tuple[int, int]  # numerator, denominator

TABLES = """
CREATE TABLE unsur (place INTEGER PRIMARY KEY, id TEXT);
CREATE TABLE question (id TEXT, unsur TEXT);
CREATE TABLE band (least INTEGER, mutu TEXT);
CREATE TABLE doc (text TEXT);
CREATE TABLE counted (layanan TEXT, question TEXT, n INTEGER, complete INTEGER, filled INTEGER, total INTEGER,
                      whole_total INTEGER);
"""
COUNT = """
INSERT INTO counted
SELECT part.value ->> 'layanan', asked.key, part.value ->> 'n', part.value ->> 'complete',
       (SELECT sum(value) FROM json_each(asked.value)),
       (SELECT sum((key + :low) * value) FROM json_each(asked.value)),
       json_extract(part.value, '$.complete_sums."' || asked.key || '"')
FROM doc, json_each(doc.text, '$.parts') AS part, json_each(part.value, '$.answers') AS asked
"""
# per unsur: the sum of its values and how many count, by the treatment of blanks; printed NRR in thousandths and
# converted value in hundredths, half up; its place from below and from above, equals sharing one
UNSUR = """
WITH mean AS (
  SELECT unsur.place, unsur.id,
    coalesce(sum(CASE :blank WHEN 'complete' THEN whole_total ELSE total END), 0) AS total,
    coalesce(sum(CASE :blank WHEN 'complete' THEN complete WHEN 'zero' THEN n ELSE filled END), 0) AS n,
    coalesce(sum(n - filled), 0) AS empty
  FROM unsur JOIN question ON question.unsur = unsur.id
  LEFT JOIN counted ON counted.question = question.id AND :layanan IN ('*', counted.layanan)
  GROUP BY unsur.place, unsur.id
), printed AS (
  SELECT *, (2000 * total + n) / nullif(2 * n, 0) AS nrr, (200 * total * :factor + n) / nullif(2 * n, 0) AS konversi
  FROM mean
)
SELECT *, rank() OVER (ORDER BY nrr IS NULL, nrr) AS low, rank() OVER (ORDER BY nrr IS NULL, nrr DESC) AS high
FROM printed ORDER BY place
"""


@cache
def pack_of(instrument: str) -> tuple[dict[str, Any], sqlite3.Connection]:
    """Return the pack as it stands in its file, and a database that holds its unsur, questions and bands."""
    pack = tomllib.loads((PACKS / f"{instrument}.toml").read_text("utf-8"))
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    base.executescript(TABLES)
    base.executemany("INSERT INTO unsur VALUES (?, ?)", enumerate(unsur["id"] for unsur in pack["unsur"]))
    base.executemany("INSERT INTO question VALUES (:id, :unsur)", [dict(item) for item in pack["question"]])
    base.executemany(
        "INSERT INTO band VALUES (?, ?)", [(int(band["min"].replace(".", "")), band["mutu"]) for band in pack["band"]]
    )
    return pack, base


def recompute(text: str) -> dict[str, Any]:
    """Return the figures of the tally in `text`, named as in result.json, but without names, margins and profiles."""
    head = json.loads(text)
    pack, base = pack_of(head["instrument"])
    base.execute("DELETE FROM doc")
    base.execute("DELETE FROM counted")
    base.execute("INSERT INTO doc VALUES (?)", (text,))
    base.execute(COUNT, {"low": pack["scale"]["min"]})
    rule, blank = head["rule"], head["blank"]
    n, complete = base.execute(
        "SELECT coalesce(sum(value ->> 'n'), 0), coalesce(sum(value ->> 'complete'), 0)"
        " FROM doc, json_each(doc.text, '$.parts')"
    ).fetchone()
    ways = [(item["id"], blank) for item in pack["rule"]]
    ways += [(rule, other) for other in BLANKS if other != blank and complete < n]
    unsur = unsur_of(base, pack, "*", blank)
    return {
        "n_responden": n,
        "n_complete": complete,
        **index_of(pack, base, unsur, rule),
        "unsur": [printed_unsur(base, pack, rule, row) for row in unsur],
        "indexes": [
            {"id": index["id"], **index_of(pack, base, unsur, rule, number)}
            for number, index in enumerate(pack["index"])
        ],
        "layanan": [layanan_of(pack, base, head, item["id"]) for item in head["layanan"]],
        "lowest": [row["id"] for row in ranked(unsur, "low")],
        "highest": [row["id"] for row in ranked(unsur, "high")],
        "sample": sample_of(pack, head),
        "rules": [
            {"rule": way, "blank": kept, **index_of(pack, base, unsur_of(base, pack, "*", kept), way)}
            for way, kept in ways
        ],
    }


def unsur_of(base: sqlite3.Connection, pack: dict[str, Any], layanan: str, blank: str) -> list[sqlite3.Row]:
    return base.execute(UNSUR, {"layanan": layanan, "blank": blank, "factor": pack["scale"]["factor"]}).fetchall()


def ranked(unsur: Sequence[sqlite3.Row], side: str) -> list[sqlite3.Row]:
    chosen = [row for row in unsur if row[side] <= 3 and row["nrr"] is not None]
    return sorted(chosen, key=lambda row: (row[side], row["place"]))


def layanan_of(pack: dict[str, Any], base: sqlite3.Connection, head: dict[str, Any], layanan: str) -> dict[str, Any]:
    n = sum(part["n"] for part in head["parts"] if part["layanan"] == layanan)
    unsur = unsur_of(base, pack, layanan, head["blank"])
    return {"id": layanan, "n_responden": n, **index_of(pack, base, unsur, head["rule"])}


def printed_unsur(base: sqlite3.Connection, pack: dict[str, Any], rule: str, row: sqlite3.Row) -> dict[str, Any]:
    weighted = None if row["nrr"] is None else product(pack, rule, 0, row)
    return {
        "id": row["id"],
        "number": f"U{row['place'] + 1}",
        "n": row["n"],
        "blank": row["empty"],
        "nrr": None if row["nrr"] is None else pointed(row["nrr"], 3),
        "nrr_tertimbang": None if weighted is None else half_up(weighted, 3),
        "konversi": None if row["konversi"] is None else pointed(row["konversi"], 2),
        "mutu": letter(base, row["konversi"]),
    }


def index_of(
    pack: dict[str, Any], base: sqlite3.Connection, unsur: Sequence[sqlite3.Row], rule: str, number: int = 0
) -> dict[str, str | None]:
    """Return the index, its converted value and letter; all None when an unsur of it has no answer."""
    wanted = pack["index"][number].get("unsur") or [row["id"] for row in unsur]
    rows = [row for row in unsur if row["id"] in wanted]
    if any(row["nrr"] is None for row in rows):
        return {"nilai": None, "ikm": None, "mutu": None}
    top, bottom = 0, 1
    for row in rows:
        one, under = product(pack, rule, number, row)
        top, bottom = top * under + one * bottom, bottom * under
    top, bottom = cut((top, bottom), rule_of(pack, rule).get("index_places"))
    ikm = half_up((top * pack["scale"]["factor"], bottom), 2)
    return {"nilai": half_up((top, bottom), 3), "ikm": ikm, "mutu": letter(base, int(ikm.replace(".", "")))}


def product(pack: dict[str, Any], rule: str, number: int, row: sqlite3.Row) -> Pair:
    """Return NRR times weight, each rounded where the rule says so."""
    places = rule_of(pack, rule)
    weight = (1, len(pack["index"][number].get("unsur") or pack["unsur"]))
    if number == 0 and places["bobot"] != "1/n":
        whole, _, decimals = places["bobot"].partition(".")
        weight = (int(whole + decimals), 10 ** len(decimals))
    top, bottom = cut((row["total"], row["n"]), places.get("nrr_places"))
    return cut((top * weight[0], bottom * weight[1]), places.get("product_places"))


def rule_of(pack: dict[str, Any], rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in pack["rule"] if item["id"] == rule)
    return found


def cut(value: Pair, places: int | None) -> Pair:
    return value if places is None else (int(half_up(value, places).replace(".", "")), 10**places)


def half_up(value: Pair, places: int) -> str:
    """Return the division to `places` decimals; 250 digits are more than any denominator here can ask for."""
    return str(WIDE.divide(Decimal(value[0]), Decimal(value[1])).quantize(Decimal(1).scaleb(-places), context=WIDE))


def pointed(value: int, places: int) -> str:
    digits = str(value).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def letter(base: sqlite3.Connection, hundredths: int | None) -> str | None:
    """Return the letter of a converted value; under the scale it is the lowest."""
    if hundredths is None:
        return None
    found = base.execute(
        "SELECT mutu FROM band WHERE least <= max(:value, (SELECT min(least) FROM band)) ORDER BY least DESC LIMIT 1",
        {"value": hundredths},
    ).fetchone()
    return str(found["mutu"])


def sample_of(pack: dict[str, Any], head: dict[str, Any]) -> dict[str, int | None]:
    """Return the people served, where known of every layanan, and the least number of respondents."""
    served = [head["population"].get(item["id"]) for item in head["layanan"]]
    people = None if None in served or not served else sum(served)
    least = None
    if pack["sample"]["rule"] == "(unsur+1)x10":
        least = 10 * len(pack["unsur"]) + 10
    elif people is not None:  # Krejcie and Morgan, top and bottom times 100,000
        least = int(half_up((96025 * people, 250 * (people - 1) + 96025), 0)) if people else 0
    return {"population": people, "minimum": least}
