"""What is published of the integrity panel, and in which words: nothing points at a person, and nobody is accused."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain, combinations
from typing import Any

import pytest
from scoring_samples import NINE, part, rows_of, tally

from bench.integrity import PACK, drawn, person, tally_of
from publish import kewajaran
from publish.kewajaran import Check
from publish.opendata import hasil_json
from publish.public_checks import public_checks
from publish.withheld import public_part
from scoring.result import score
from scoring.tally import Part, Tally

TODAY = date(2026, 10, 25)
NAMES = {"ktp": "Perekaman KTP Elektronik", "kk": "Kartu Keluarga"}
MIXED = rows_of(" ".join(["343434343", "334433443", "444333344", "343344334", "434343333"] * 8))
BEST = [[4] * 9]
DAYS = [f"2026-10-{day:02d}" for day in range(5, 10)]
SEEDS = (1, 2)
CHANNELS = ("phone", "kiosk", "paper", "assisted")


def shown(made: Tally, *, detail: bool = True) -> dict[str, dict[str, Any]]:
    """Return what may be published of the panel, by id."""
    return {entry["id"]: entry for entry in public_checks(score(made), made, detail=detail)}


def said(made: Tally, *, detail: bool = True) -> dict[str, Check]:
    """Return the checks in words, by id."""
    panel = public_checks(score(made), made, detail=detail)
    return dict(zip((entry["id"] for entry in panel), kewajaran.checks(panel, NAMES), strict=True))


def one(**changes: Any) -> Part:
    return replace(part(MIXED), **changes)


def small_office(chance: random.Random) -> Tally:
    """Return the counts of a small office: every kind of oddity, now and then, in small numbers."""
    n = chance.choice((9, 10, 11, 14, 25, 40, 80, 120))
    layanan = {name: chance.randint(1, 9) for name in ("ktp", "kk", "usaha")[: chance.randint(1, 3)]}
    channels = {name: chance.choice((1, 8, 9)) for name in CHANNELS[: chance.randint(1, 4)]}
    alike = chance.random() * chance.choice((0, 0.2, 1))
    visits = []
    for _ in range(n):
        answers = [chance.choice((1, 3, 4))] * 9 if chance.random() < alike else person(chance, 3.2)
        hour = chance.choice((6, 8, 9, 10, 18)) if chance.random() < 0.2 else 9
        visits.append((drawn(chance, layanan), drawn(chance, channels), chance.choice(DAYS), hour, answers))
    made = tally_of(sorted(visits, key=lambda visit: visit[2:4]))
    parts = []
    for one_part in made.parts:
        flags = {flag: chance.randint(0, min(3, one_part.n)) for flag in ("fast", "honeypot")}
        hours = {} if one_part.channel == "paper" else one_part.hours
        parts.append(replace(one_part, hours=hours, flags={flag: count for flag, count in flags.items() if count}))
    population = {name: chance.randint(5, 200) for name in made.layanan} if chance.random() < 0.7 else {}
    blank = chance.choice(("available", "zero", "complete"))
    return replace(made, parts=tuple(parts), population=population, blank=blank)


@cache
def offices(seed: int) -> list[tuple[Tally, dict[str, dict[str, Any]], bool]]:
    """Return small offices, what may be published of their panels, and whether days are broken down nowhere else."""
    chance, found = random.Random(seed), []
    for number in range(120):
        made = small_office(chance)
        detail = number % 4 > 0
        found.append((made, shown(made, detail=detail), detail))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_no_count_of_people_with_a_trait_is_1_to_4_or_leaves_1_to_4(seed: int) -> None:
    printed = 0
    for made, panel, _ in offices(seed):
        assert bool(panel) == (sum(part.n for part in made.parts) >= 10)
        for name in ("repeats", "straight", "outside", "fast", "honeypot") if panel else ():
            entry = panel[name]
            count = entry["repeats" if name == "repeats" else "n"]
            assert count is None or (count not in range(1, 5) and entry["of"] - count not in range(1, 5))
            assert (entry["persen"] is None) >= (count is None)
            printed += count is not None
        if panel:
            assert not [row for row in panel["straight"]["values"] if row["n"] in range(1, 5)]
            assert all(burst["n"] >= 10 for burst in panel["bursts"]["bursts"])
    assert printed > 100


def test_taking_the_printed_forms_of_one_value_away_leaves_nobody_or_ten() -> None:
    for made, panel, _ in chain.from_iterable(map(offices, SEEDS)):
        if panel:
            taken = sum(row["n"] or 0 for row in panel["straight"]["values"])
            assert not taken or made.n - taken == 0 or made.n - taken >= 10


def subsets(names: set[str]) -> Iterator[tuple[str, ...]]:
    yield from chain.from_iterable(combinations(sorted(names), size) for size in range(len(names) + 1))


def test_scores_of_channels_and_layanan_never_differ_by_1_to_9_people() -> None:
    printed = 0
    for seed in SEEDS:
        for made, panel, _ in offices(seed):
            groups = {channel["id"] for channel in panel["mode"]["channels"]} if panel else set()
            if not groups:
                continue
            printed += 1
            public = public_part(score(made), made, [], TODAY)
            named = {entry["id"] for entry in public["layanan"] if entry["withheld"] is None}
            cells = {(item.layanan, item.channel): item.n for item in made.parts}
            everything = set(cells)
            for some, other in ((a, b) for a in subsets(named) for b in subsets(groups)):
                rows = {cell for cell in everything if cell[0] in some}
                columns = {cell for cell in everything if cell[1] in other}
                for left in (rows, everything - rows):
                    for right in (columns, everything - columns):
                        rest = left - right
                        assert not (right <= left and sum(cells[cell] for cell in rest) in range(1, 10))
                        assert not (left <= right and sum(cells[cell] for cell in right - left) in range(1, 10))
    assert printed > 5


def test_where_days_are_broken_down_elsewhere_no_count_with_a_trait_and_no_layanan_is_given() -> None:
    for _, panel, detail in offices(SEEDS[0]):
        if panel and not detail:
            for name in ("repeats", "straight", "outside", "fast", "honeypot"):
                assert panel[name]["about"] == "withheld" and panel[name]["persen"] is None
            assert panel["bursts"]["bursts"] == panel["served"]["over"] == panel["mode"]["channels"] == []
            assert panel["repeats"]["layanan"] == [] and panel["repeats"]["usual"] is None


def test_a_figure_that_nobody_listed_and_a_new_check_do_not_leave_the_office() -> None:
    made = tally(one())
    scored = score(made)
    later = [{**entry, "baru": "79.99"} for entry in scored["integrity"]]
    later.append({"id": "baru", "state": "seen", "n": "78.88"})
    public = public_part({**scored, "integrity": later}, made, [], TODAY)
    assert "79.99" not in hasil_json(public) and "78.88" not in hasil_json(public)
    assert len(kewajaran.checks(public["integrity"][:-1], NAMES)) == 11


def test_under_ten_answers_there_is_no_panel_at_all() -> None:
    made = tally(part(MIXED[:9]))
    assert public_part(score(made), made, [], TODAY)["integrity"] == []
    assert kewajaran.summary([]) == kewajaran.TOO_FEW


def test_a_channel_within_a_layanan_but_for_three_people_hides_the_scores_of_channels() -> None:
    paper, phone = part(MIXED, channel="paper"), part(MIXED, layanan="kk")
    open_ = shown(tally(paper, phone))["mode"]
    assert [channel["n"] for channel in open_["channels"]] == [40, 40]
    closed = shown(tally(paper, part(MIXED[:3]), phone))["mode"]
    assert (closed["channels"], closed["about"]) == ([], "withheld")
    assert "tidak ditampilkan" in said(tally(paper, part(MIXED[:3]), phone))["mode"].sentence


def test_a_burst_of_a_withheld_layanan_is_counted_and_not_named() -> None:
    hours = {f"{day} 09": 8 for day in DAYS}
    burst = {**hours, "2026-10-06 14": 20}
    kk = replace(part([*MIXED, *BEST * 20], layanan="kk"), hours=burst)
    named = shown(tally(one(hours=hours), kk))["bursts"]
    assert [row["layanan"] for row in named["bursts"]] == ["kk"]
    third = replace(part(MIXED[:7], layanan="usaha"), hours={})
    layanan = {**NAMES, "usaha": "Surat Keterangan Usaha"}
    closed = tally(part([*MIXED * 2]), kk, third, layanan=layanan)
    assert shown(closed)["bursts"]["count"] == 1 and shown(closed)["bursts"]["bursts"] == []
    assert "Rinciannya tidak ditampilkan" in said(closed)["bursts"].sentence


def test_every_check_says_its_figures_and_what_is_usual() -> None:
    hours = {f"{day} 09": 8 for day in DAYS}
    phone = one(hours={**hours, "2026-10-06 14": 20, "2026-10-07 19": 6}, n=40, flags={"fast": 9, "honeypot": 2})
    helped = replace(part(BEST * 60, layanan="kk", channel="assisted"), repeats=50)
    words = said(tally(phone, helped, population={"ktp": 500, "kk": 40}))
    for name, sentence in {
        "assisted": "60 dari 100 jawaban (60,0%)",
        "mode": "IKM ponsel 8",
        "bursts": "Perekaman KTP Elektronik, 6 Oktober 2026 pukul 14.00–15.00, 20 jawaban (biasanya sekitar",
        "repeats": "50 dari 100 jawaban (50,0%)",
        "straight": "60 dari 100 kuesioner lengkap (60,0%) berisi satu nilai untuk semua pertanyaan: nilai 4 ",
        "outside": "6 dari 66 jawaban yang dicatat jamnya (9,1%) masuk sebelum pukul 07.00 atau mulai pukul 17.00.",
        "fast": "9 dari 100 jawaban",
        "honeypot": "Kurang dari lima dari 100 jawaban",
        "tickets": "Tiket belum dipakai",
        "served": "Jawaban lebih banyak daripada orang yang dilayani pada Kartu Keluarga (60 dari 40).",
        "kstar": "Huruf A turun menjadi B bila",
    }.items():
        assert sentence in words[name].sentence, words[name]
    assert words["tickets"].state == "Belum tersedia"
    text = kewajaran.summary(list(words.values()))
    assert "Satu pemeriksaan belum tersedia atau belum dapat dinilai." in text
    assert "tidak ada jawaban yang dihapus secara otomatis" in text


def test_paper_alone_says_what_is_not_known_and_why() -> None:
    words = said(tally(one(channel="paper")))
    for name in ("bursts", "outside", "fast", "honeypot", "tickets", "served"):
        assert words[name].state == "Belum tersedia", name
    assert words["mode"].state == "Belum dapat dinilai"
    assert kewajaran.summary(list(words.values())).startswith("Dari 11 pemeriksaan, tidak ada yang perlu dilihat.")


def test_no_sentence_accuses_or_is_unfinished() -> None:
    for made, panel, _ in offices(SEEDS[0]):
        for check in kewajaran.checks(list(panel.values()), made.layanan):
            text = f"{check.name} {check.state} {check.sentence}".lower()
            assert check.sentence.endswith(".") and "  " not in text
            for word in ("none", "curang", "palsu", "manipulasi", "dihapus", "{", "withheld"):
                assert word not in text, check


def test_the_panel_is_plain_json() -> None:
    panel = public_checks(score(tally(one())), tally(one()), detail=True)
    assert json.loads(json.dumps(panel)) == panel
    assert PACK.id == NINE
