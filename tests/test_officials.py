"""What office.toml says to the procedures: who is needed, who signs, and on which days nobody works."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from flow_samples import Case
from publish_samples import collect, office, publish

from collector.workspace import load
from publish.due import due_date
from publish.procedure import Standard, built_in
from publish.standard import after, deadline, late
from scoring.errors import IkmError
from scoring.office import MAY_SIGN, NEEDED, PROCEDURES
from scoring.periode import parse


def test_the_roles_that_an_office_needs_are_those_of_the_steps() -> None:
    for procedure in PROCEDURES:
        steps = built_in(procedure).steps
        signers = next(step.roles for step in steps if step.kind == "sign")
        roles = {role for step in steps if step.kind != "sign" for role in step.roles} - {"pengguna"}
        assert roles | {"camat", "kasi"} == set(NEEDED[procedure])  # the documents name camat and kasi
        assert MAY_SIGN.get(procedure, ("camat",)) == signers


def test_status_and_doctor_name_the_officials_that_the_procedure_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {'procedure = "sukma-monthly"': 'procedure = "eskm-quarterly"', 'cut = "bulanan"': 'cut = "triwulan"'}
    made = Case(office(tmp_path, changes), "2026-TW4", "2026-12-28")
    said = "prosedur eskm-quarterly memerlukan pejabat dengan peran verifikator-1, verifikator-2, yang belum ada"
    assert made.do("status") == 0
    assert said in " ".join(capsys.readouterr().out.split())
    collect(made.workspace, "doctor", day=made.day)
    assert f"office.toml: {said} pada 28 Desember 2026." in capsys.readouterr().out
    file = made.workspace.root / "office.toml"
    file.write_text(re.sub(r"(?m)^#(?=[a-z\[])", "", file.read_text("utf-8")), "utf-8")  # as the example says
    assert load(file).office.vacant(date(2026, 12, 28)) == ()
    assert made.do("status") == 0
    assert "verifikator-1, verifikator-2" not in capsys.readouterr().out


def test_only_who_may_sign_by_the_procedure_is_taken_as_the_signer(tmp_path: Path) -> None:
    with pytest.raises(IkmError, match=r"prosedur sukma-monthly ditandatangani oleh camat"):
        office(tmp_path, {'penandatangan = "camat"': 'penandatangan = "sekcam"'})


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ('["2026-12-25"]', "tanggal tanpa tanda kutip"),
        ("[2026-12-25T08:00:00]", "tanggal tanpa tanda kutip"),
        ("[2026-12-25, 2026-12-25]", "tertulis dua kali"),
        ("2026-12-25", "daftar tanggal"),
    ],
)
def test_a_list_of_holidays_that_cannot_be_read_is_refused_with_its_key(
    written: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(IkmError) as caught:
        office(tmp_path, {"libur = []": f"libur = {written}"})
    assert "libur" in str(caught.value) and reason in str(caught.value)


def test_a_holiday_is_no_working_day_of_standard_due_date_and_delay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    libur = (date(2026, 12, 25), date(2027, 1, 1))
    assert after(date(2026, 12, 24), 1, libur) == date(2026, 12, 28)
    quarter = built_in("eskm-quarterly")
    assert due_date(quarter, parse("2026-TW4", 25), libur) == date(2026, 12, 30)
    assert due_date(quarter, parse("2026-TW4", 25)) == date(2026, 12, 29)
    begun = datetime.fromisoformat("2026-12-24T15:30+07:00")
    assert deadline(begun, Standard("2 jam", "hours", 2), libur) == datetime.fromisoformat("2026-12-28T09:00+07:00")
    assert late(begun, datetime.fromisoformat("2026-12-28T15:00+07:00"), libur) == "1 hari kerja"
    made = office(tmp_path, {"libur = []": "libur = [2026-12-25, 2026-10-26]"})
    assert publish(made, "due", day="2026-10-28") == 0
    shown = capsys.readouterr().out
    assert "Desember 2026: 25 Desember 2026 (hari libur); belum berakhir" in shown
    assert "terlambat 2 hari kerja" in shown  # 26 October was one
    assert "kecuali 2 hari libur dalam office.toml" in shown


def test_a_working_day_is_monday_to_friday() -> None:
    assert after(date(2026, 10, 23), 1) == date(2026, 10, 26)
    assert after(date(2026, 10, 24), 8) == date(2026, 11, 4)
