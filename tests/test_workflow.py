"""The engine: from a procedure and the lines of a journal to the state of every step, and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from publish.journal import Entry, Official
from publish.procedure import Standard, built_in
from publish.standard import deadline, late
from publish.workflow import (
    DONE,
    OPEN,
    RETURNED,
    WAITING,
    Evidence,
    State,
    changed,
    fold,
    require_news,
    require_other_person,
    require_signed,
    require_turn,
    require_unchanged,
)
from scoring.errors import IkmError

ZONE = ZoneInfo("Asia/Jakarta")
CLOSED = datetime(2026, 12, 28, 8, tzinfo=ZONE)  # a Monday
EVIDENCE = Evidence(datetime(2026, 9, 25, 7, 30, tzinfo=ZONE), CLOSED)
PEOPLE = {
    role: Official(role, f"Pejabat {role}", str(number))
    for number, role in enumerate(("staf", "kasi", "camat", "sekcam", "verifikator-1", "verifikator-2"))
}
TEXT = {"laporan.md": "a", "rtl.toml": "b", "result.json": "c", "surat.toml": "d"}
ROUND = ("susun staf", "koreksi kasi", "putuskan camat", "susun-ulang staf", "bekukan staf")
KINDS = {"bekukan": "frozen", "paraf-1": "paraf", "paraf-2": "paraf", "tanda-tangan": "signed", "kirim": "sent"}

SIGNED = tuple(f"tanda-tangan camat signed {name}" for name in ("laporan", "rtl", "surat-pengantar"))


def entries(*acts: str, people: dict[str, Official] | None = None) -> list[Entry]:
    """Return entries written as "step role" or "step role returned", one an hour."""
    made: list[Entry] = []
    for number, text in enumerate(acts):
        step, role, *act = text.split()
        name = act[0] if act else KINDS.get(step, "done")
        when = (CLOSED + timedelta(hours=number)).isoformat()
        edition = sum(entry.act == "frozen" for entry in made) + 1
        detail = {"frozen": {"edition": edition, "naskah": TEXT}, "signed": {"document": act[1] if act[1:] else ""}}
        person = (people or PEOPLE)[role]
        note = "alasan" if name in ("returned", "ralat") else ""
        made.append(
            Entry(number + 1, when, step, name, role, person, note, TEXT, detail.get(name, {}), False, "0" * 64)
        )
    return made


def state(*acts: str, procedure: str = "eskm-quarterly", people: dict[str, Official] | None = None) -> State:
    return fold(built_in(procedure), entries(*acts, people=people), EVIDENCE)


def statuses(made: State) -> dict[str, str]:
    return {progress.step.id: progress.status for progress in made.steps}


def code(check: object, *arguments: object) -> str:
    """Return the code with which a check refuses, "" when it lets pass."""
    try:
        check(*arguments)  # type: ignore[operator]
    except IkmError as error:
        return error.code
    return ""


def turn(made: State, step: str, role: str) -> str:
    return code(require_turn, made, made.procedure.index(step), role, "2026-TW4")


def test_collecting_is_open_until_the_periode_is_closed() -> None:
    made = fold(built_in("sukma-monthly"), [], Evidence(EVIDENCE.began, None))
    assert list(statuses(made).values())[:3] == [OPEN, OPEN, WAITING]
    assert turn(made, "susun", "staf") == "STEP_ORDER"
    assert statuses(fold(built_in("sukma-monthly"), [], EVIDENCE))["susun"] == OPEN


def test_a_step_that_is_done_opens_the_next_from_that_moment() -> None:
    made = state("susun staf", "koreksi kasi")
    assert statuses(made)["koreksi"] == DONE
    assert made.open is not None
    assert (made.open.step.id, made.open.since) == ("putuskan", CLOSED + timedelta(hours=1))


def test_a_step_for_several_waits_for_each_of_them() -> None:
    made = state("susun staf", "putuskan camat", procedure="eskm-semester")
    assert made.steps[2].awaited == ("kasi", "sekcam")
    assert turn(made, "putuskan", "camat") == "STEP_TWICE"
    done = state("susun staf", "putuskan camat", "putuskan kasi", "putuskan sekcam", procedure="eskm-semester")
    assert statuses(done)["putuskan"] == DONE


@pytest.mark.parametrize(
    ("acts", "step", "role", "refused"),
    [
        ((), "koreksi", "kasi", "STEP_ORDER"),
        ((), "susun", "kasi", "STEP_ROLE"),
        (ROUND, "paraf-2", "verifikator-2", "STEP_ORDER"),
        (ROUND, "koreksi", "kasi", "STEP_ORDER"),
        (ROUND, "paraf-1", "verifikator-2", "STEP_ROLE"),
        (ROUND, "susun-ulang", "staf", ""),  # a draft may be put forward once more
        ((*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2", SIGNED[0]), "susun-ulang", "staf", "STEP_SIGNED"),
        ((*ROUND, "paraf-1 verifikator-1"), "paraf-1", "verifikator-1", "STEP_ORDER"),
        (
            (*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2", *SIGNED, "kirim staf"),
            "kirim",
            "staf",
            "STEP_FINISHED",
        ),
    ],
)
def test_a_step_out_of_its_order_or_by_another_role_is_refused(
    acts: tuple[str, ...], step: str, role: str, refused: str
) -> None:
    assert turn(state(*acts), step, role) == refused


def test_a_return_opens_the_step_that_the_procedure_names_and_all_later_ones() -> None:
    made = state(*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2 returned")
    assert made.open is not None
    assert (made.open.step.id, made.open.status, made.open.note) == ("susun-ulang", RETURNED, "alasan")
    assert statuses(made)["putuskan"] == DONE
    assert statuses(made)["paraf-1"] == WAITING
    assert made.frozen is None and made.editions == 1
    assert [entry.step for entry in made.voided] == ["paraf-1"]


def test_a_draft_put_forward_again_voids_the_parafs() -> None:
    made = state(*ROUND, "paraf-1 verifikator-1", "susun-ulang staf")
    assert made.open is not None and made.open.step.id == "bekukan"
    assert [entry.role for entry in made.voided] == ["verifikator-1"]
    again = state(*ROUND, "paraf-1 verifikator-1", "susun-ulang staf", "bekukan staf")
    assert again.editions == 2 and again.steps[again.at].step.id == "paraf-1"


def test_a_correction_after_the_signature_starts_a_new_edition_with_its_reason() -> None:
    whole = (*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2", *SIGNED)
    assert state(*whole).signed
    assert code(require_signed, state(*whole), "2026-TW4", "diterbitkan") == ""
    made = state(*whole, "kirim staf", "susun-ulang camat ralat")
    assert made.open is not None and made.open.step.id == "susun-ulang"
    assert (made.editions, made.reason, made.signed) == (1, "alasan", False)
    assert code(require_signed, made, "2026-TW4", "diterbitkan") == "NOT_SIGNED"


def test_signing_waits_for_every_document() -> None:
    made = state(*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2", SIGNED[1])
    assert made.open is not None and made.open.unsigned == ("laporan", "surat-pengantar")
    assert not made.signed


@pytest.mark.parametrize(
    ("role", "same_as", "acts", "step"),
    [
        ("kasi", "staf", ("susun staf",), "koreksi"),
        ("verifikator-1", "staf", ROUND, "paraf-1"),
        ("verifikator-2", "verifikator-1", (*ROUND, "paraf-1 verifikator-1"), "paraf-2"),
        ("camat", "verifikator-2", (*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2"), "tanda-tangan"),
        ("camat", "verifikator-1", (*ROUND, "paraf-1 verifikator-1", "paraf-2 verifikator-2"), "tanda-tangan"),
    ],
)
def test_nobody_checks_their_own_work_in_whatever_office(
    role: str, same_as: str, acts: tuple[str, ...], step: str
) -> None:
    made = state(*acts)
    place = made.procedure.index(step)
    assert code(require_other_person, made, place, PEOPLE[role]) == ""
    acting = Official(f"Plt. {role}", PEOPLE[same_as].nama, "")
    assert code(require_other_person, made, place, acting) == "STEP_SELF"


def test_content_that_changed_since_the_last_check_is_refused_but_what_a_step_may_change_is_not() -> None:
    made = state("susun staf")
    other = TEXT | {"rtl.toml": "changed"}
    check = made.procedure.index("koreksi")
    assert changed(made, other) == ["rtl.toml"]
    assert code(require_unchanged, made, check, TEXT, "2026-TW4") == ""
    assert code(require_unchanged, made, check, other, "2026-TW4") == "CONTENT_CHANGED"
    assert code(require_unchanged, made, made.procedure.index("susun"), other, "2026-TW4") == ""
    assert code(require_news, made, made.procedure.index("susun"), TEXT) == "STEP_REPEATED"
    assert code(require_news, made, made.procedure.index("susun"), other) == ""
    assert code(require_news, made, check, TEXT) == ""
    assert code(require_unchanged, made, check, {**TEXT, "foto/a.jpg": "new"}, "2026-TW4") == "CONTENT_CHANGED"
    letter = state("susun staf", procedure="eskm-semester")
    place = letter.procedure.index("surat")
    assert code(require_unchanged, letter, place, TEXT | {"surat.toml": "number"}, "2026-S2") == ""
    assert code(require_unchanged, letter, place, other, "2026-S2") == "CONTENT_CHANGED"


@pytest.mark.parametrize(
    ("since", "standard", "due"),
    [
        ("2026-10-26T10:00", ("minutes", 30), "2026-10-26T10:30"),
        ("2026-10-26T15:50", ("minutes", 30), "2026-10-27T07:50"),
        ("2026-10-23T15:30", ("hours", 2), "2026-10-26T09:00"),  # over a weekend
        ("2026-10-24T11:00", ("hours", 1), "2026-10-26T08:30"),  # begun on a Saturday
        ("2026-10-26T06:00", ("hours", 1), "2026-10-26T08:30"),
        ("2026-10-23T10:00", ("days", 1), "2026-10-26T16:00"),
        ("2026-10-31T10:00", ("months", 1), "2026-11-30T10:00"),
        ("2026-11-30T10:00", ("months", 3), "2027-02-28T10:00"),
    ],
)
def test_a_standard_runs_in_working_time(since: str, standard: tuple[str, int], due: str) -> None:
    begun = datetime.fromisoformat(since).replace(tzinfo=ZONE)
    assert deadline(begun, Standard("x", *standard)) == datetime.fromisoformat(due).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-10-23T15:00", ""),
        ("2026-10-23T15:40", "40 menit"),
        ("2026-10-23T17:05", "2 jam 5 menit"),
        ("2026-10-25T15:40", "kurang dari 1 hari kerja"),  # a weekend
        ("2026-10-27T08:00", "2 hari kerja"),
    ],
)
def test_late_is_said_in_minutes_on_the_same_day_and_then_in_working_days(now: str, said: str) -> None:
    due = datetime(2026, 10, 23, 15, tzinfo=ZONE)
    assert late(due, datetime.fromisoformat(now).replace(tzinfo=ZONE)) == said


def test_a_step_is_overdue_by_its_own_standard_and_stays_so_when_done() -> None:
    made = state("susun staf", "koreksi kasi", "putuskan camat")
    assert made.steps[2].overdue(CLOSED) == ""  # an hour, as the SOP has it
    assert made.steps[4].overdue(CLOSED + timedelta(hours=5)) == "2 jam 0 menit"
    slow = fold(
        built_in("eskm-quarterly"),
        [entries("susun staf")[0], entries(*["susun staf"] * 4, "koreksi kasi")[-1]],
        EVIDENCE,
    )
    assert slow.steps[2].overdue(CLOSED + timedelta(days=9)) == "3 jam 0 menit"
