"""The four office procedures: all their steps as data, and each of them walked from draft to dispatch by its people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flow_samples import Case, case, fill_in, fill_isian, fill_letter, fill_rtl, put_briefly
from publish_samples import text_of
from shared_samples import copied, made_case

from publish.documents import DOCUMENTS
from publish.procedure import FOLDER, built_in, parse_procedure
from scoring.errors import IkmError
from scoring.office import PROCEDURES

# Number, who and time standard of every numbered step, as the SOPs print them.
PRINTED = {
    "sukma-monthly": [
        (1, "staf", "5 menit"),
        (2, "pengguna", "10 menit"),
        (3, "staf", "1 bulan"),
        (4, "kasi+camat", "1 hari"),
    ],
    "sukma-rtl": [
        (1, "staf", "30 menit"),
        (2, "staf", "45 menit"),
        (2, "kasi", "45 menit"),
        (3, "kasi", "30 menit"),
        (4, "camat+sekcam", "20 menit"),
    ],
    "eskm-quarterly": [
        (1, "staf", "3 bulan"),
        (2, "staf", "3 bulan (tidak terbaca jelas pada pindaian SOP)"),
        (3, "kasi", "1 jam"),
        (4, "camat", "2 jam"),
        (5, "staf", "1 jam"),
        (6, "verifikator-1", "10 menit"),
        (7, "verifikator-2", "10 menit"),
        (8, "camat", "10 menit"),
        (9, "staf", "2 hari"),
    ],
    "eskm-semester": [
        (1, "staf", "1 hari"),
        (2, "staf", "1 hari"),
        (3, "kasi+sekcam+camat", "1 hari"),
        (4, "staf", "1 hari"),
        (5, "sekcam", "1 hari"),
        (6, "staf", "1 hari"),
        (7, "camat", "1 hari"),
        (8, "staf", "1 hari"),
    ],
}


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_step_of_the_sop_is_there_in_its_order_with_its_role_and_time(procedure: str) -> None:
    steps = [(step.no, "+".join(step.roles), step.standard.printed) for step in built_in(procedure).steps if step.no]
    assert steps == PRINTED[procedure]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_a_time_standard_is_the_number_that_it_prints(procedure: str) -> None:
    words = {"months": "bulan", "days": "hari", "hours": "jam", "minutes": "menit", "": "tidak diatur"}
    for step in built_in(procedure).steps:
        standard = step.standard
        printed = f"{standard.amount} {words[standard.unit]}" if standard.amount else words[""]
        assert standard.printed.removesuffix(" (tidak terbaca jelas pada pindaian SOP)") == printed


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_only_documents_that_are_made_are_signed(procedure: str) -> None:
    made = {document.name for document in DOCUMENTS}
    for step in built_in(procedure).steps:
        assert set(step.documents) <= made


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('no = "rekap"', 'no = "kirim"', 'periksa menyebut "kirim"'),
        ('yes = "rencana"', 'yes = "kirim"', "yes menyebut langkah berikutnya"),
        ('kind = "send"', 'kind = "sign"', "documents"),
        ('kind = "freeze"', 'kind = "letter"', "tepat satu langkah freeze"),
        ("minutes = 30", "minutes = 30\nhours = 1", "satu satuan saja"),
        ('roles = ["kasi"]', 'roles = ["bupati"]', '"bupati" bukan salah satu dari'),
        ('requires = ["hasil"]', 'requires = ["kopi"]', '"kopi" bukan salah satu dari'),
        ('ralat = "susun"', 'ralat = "kirim"', "sebelum pembekuan"),
        ("working_days = 1", "working_days = 1\nday = 25", "day atau working_days"),
        ('id = "rencana"', 'id = "rekap"', '"rekap" tertulis dua kali'),
        ('output = "Laporan terkirim"', "", "output"),
        ('output = "Laporan terkirim"', 'output = "x"\nwarna = "biru"', "warna"),
    ],
)
def test_a_procedure_that_cannot_work_is_refused_with_its_key(old: str, new: str, said: str) -> None:
    text = (FOLDER / "sukma-rtl.toml").read_text("utf-8")
    assert old in text
    with pytest.raises(IkmError) as caught:
        parse_procedure("sukma-rtl.toml", text.replace(old, new, 1))
    assert said in str(caught.value) and str(caught.value).startswith("sukma-rtl.toml")


def test_due_days_are_the_sum_of_the_standards_after_collecting() -> None:
    for procedure in ("sukma-rtl", "eskm-quarterly", "eskm-semester"):
        steps = [step for step in built_in(procedure).steps if step.standard.unit != "months"]
        days = sum(step.standard.amount for step in steps if step.standard.unit == "days")
        minutes = {"hours": 60, "minutes": 1}
        rest = sum(step.standard.amount * minutes.get(step.standard.unit, 0) for step in steps)
        assert built_in(procedure).due_working_days == days + (1 if rest else 0)
        assert rest <= 450  # a working day


@pytest.fixture(scope="module")
def frozen_office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], Case]:
    """Return what gives a copy of an office that froze its first edition; each is walked there once."""

    def copy(procedure: str, folder: Path) -> Case:
        changes = {'penandatangan = "camat"': 'penandatangan = "sekcam"'} if procedure == "sukma-rtl" else {}

        def walk(place: Path) -> None:
            TO_THE_FREEZE[procedure](put_briefly(case(place, procedure, changes)))

        return copied(made_case(tmp_path_factory, f"prosedur-{procedure}", procedure, walk), folder / "kantor")

    return copy


def freeze_a(made: Case) -> None:
    """Walk procedure A to the freeze, with an evaluation that sends it back."""
    assert made.do("report") == 0
    assert made.step("susun", "staf") == 0
    assert made.step("evaluasi", "kasi") == 2  # the plan is empty
    assert made.step("evaluasi", "kasi", "--incomplete") == 0  # what is missing is the note
    assert "belum lengkap (kegiatan, waktu, penanggung_jawab, indikator, bukti)" in made.entries()[-1]["note"]
    fill_in(made)
    fill_letter(made.folder)
    assert made.do("report") == 0
    assert made.step("susun", "staf") == 0
    assert made.step("evaluasi", "kasi") == made.step("evaluasi", "camat") == 0
    assert made.do("freeze") == 0


def freeze_b(made: Case) -> None:
    """Walk procedure B to the freeze: what is incomplete goes back to the recap, the plan has a step of its own."""
    assert made.step("rekap", "staf") == 2  # no report yet
    assert made.do("report") == made.step("rekap", "staf") == 0
    assert made.step("susun", "staf") == 2  # nothing is entered
    fill_isian(made)
    assert made.do("report") == made.step("rekap", "staf") == made.step("susun", "staf") == 0
    assert made.step("periksa", "kasi", "--incomplete") == 2  # nothing is missing, so it needs a note
    assert made.step("periksa", "kasi", "--incomplete", "--note", "Lampiran kuesioner kurang") == 0
    assert made.step("susun", "staf") == 2  # it goes back to the recap
    assert made.step("rekap", "staf") == made.step("susun", "staf") == 0
    assert made.step("periksa", "kasi", "--complete") == 0
    assert made.step("rencana", "kasi", "--complete") == 2
    fill_rtl(made.folder)
    assert made.step("rencana", "kasi") == 2  # the documents do not hold the plan yet
    assert made.do("report") == 0
    assert made.step("rencana", "kasi") == 0
    assert made.do("freeze") == 2  # the letter has no number
    fill_letter(made.folder)
    assert made.do("report") == 0
    assert made.do("freeze") == 0


def freeze_c(made: Case) -> None:
    """Walk procedure C to the freeze; both who correct and who decide send it back once."""
    assert made.do("report") == 0
    assert made.step("susun", "staf") == 0
    assert made.back("koreksi", "kasi", "Angka tabel belum dijelaskan") == 0
    assert made.step("susun", "staf") == made.step("koreksi", "kasi") == 0
    assert made.back("putuskan", "camat", "Tambahkan tindak lanjut aduan") == 0
    for name, role in (("susun", "staf"), ("koreksi", "kasi"), ("putuskan", "camat")):
        assert made.step(name, role) == 0
    assert made.step("susun-ulang", "staf") == 2  # neither plan nor number
    fill_in(made)
    fill_letter(made.folder)
    assert made.do("report") == made.step("susun-ulang", "staf") == made.do("freeze") == 0


def freeze_d(made: Case) -> None:
    """Walk procedure D to the freeze: all three decide, the sekcam verifies both ways, the letter comes last."""
    assert made.do("report") == 0
    assert made.step("susun", "staf") == made.step("putuskan", "kasi") == 0
    assert made.back("putuskan", "sekcam", "Jelaskan layanan yang turun") == 0
    assert made.step("susun", "staf") == 0
    for role in ("camat", "kasi", "sekcam"):
        assert made.step("susun-ulang", "staf") == 2  # all three decide
        assert made.step("putuskan", role) == 0
    fill_in(made)
    assert made.do("report") == made.step("susun-ulang", "staf") == 0
    assert made.back("verifikasi", "sekcam", "Penanggung jawab belum tepat") == 0
    assert made.step("susun-ulang", "staf") == made.step("verifikasi", "sekcam") == 0
    assert made.step("surat", "staf") == 2  # no number
    fill_letter(made.folder)
    assert made.do("report") == made.step("surat", "staf") == made.do("freeze") == 0


TO_THE_FREEZE = {
    "sukma-monthly": freeze_a,
    "sukma-rtl": freeze_b,
    "eskm-quarterly": freeze_c,
    "eskm-semester": freeze_d,
}


def test_procedure_a_goes_from_draft_to_dispatch_over_a_second_edition(
    tmp_path: Path, frozen_office: Callable[[str, Path], Case]
) -> None:
    made = frozen_office("sukma-monthly", tmp_path)
    assert made.back("tanda-tangan", "camat", "Perjelas kesimpulan") == 0
    for name, role in (("susun", "staf"), ("evaluasi", "camat"), ("evaluasi", "kasi")):
        assert made.step(name, role) == 0
    assert made.do("freeze") == 0
    finish(made, edition=2)
    assert made.acts() == [
        "susun done staf",
        "evaluasi returned kasi",
        "susun done staf",
        "evaluasi done kasi",
        "evaluasi done camat",
        "bekukan frozen staf",
        "tanda-tangan returned camat",
        "susun done staf",
        "evaluasi done camat",
        "evaluasi done kasi",
        "bekukan frozen staf",
        *["tanda-tangan signed camat"] * 3,
        "kirim sent staf",
    ]


def test_procedure_b_goes_from_recap_over_the_plan_to_dispatch_signed_by_the_sekcam(
    tmp_path: Path, frozen_office: Callable[[str, Path], Case]
) -> None:
    made = frozen_office("sukma-rtl", tmp_path)
    for name in ("laporan", "rtl", "surat-pengantar"):
        printed = text_of(made.folder / "edisi-1" / f"{name}.pdf")
        assert "a.n. Camat Teladan" in printed and "Bagus Misalnya, S.Sos." in printed, name
        assert "Ratna Contohwati" not in printed, name
    assert made.sign(role="camat") > 0  # the documents do not print that name
    finish(made, role="sekcam")


def test_procedure_c_goes_from_draft_over_two_parafs_to_dispatch(
    tmp_path: Path, frozen_office: Callable[[str, Path], Case]
) -> None:
    made = frozen_office("eskm-quarterly", tmp_path)
    assert made.step("paraf-2", "verifikator-2") == 2  # the first comes first
    assert made.step("paraf-1", "verifikator-1") == made.step("paraf-2", "verifikator-2") == 0
    finish(made)


def test_procedure_d_goes_from_draft_over_the_letter_to_dispatch(
    tmp_path: Path, frozen_office: Callable[[str, Path], Case]
) -> None:
    finish(frozen_office("eskm-semester", tmp_path))


@pytest.mark.parametrize(
    ("procedure", "before", "step", "role"),
    [
        ("sukma-rtl", (), "tanda-tangan", "sekcam"),
        ("eskm-quarterly", (), "paraf-1", "verifikator-1"),
        ("eskm-quarterly", ("1",), "paraf-2", "verifikator-2"),
        ("eskm-quarterly", ("1", "2"), "tanda-tangan", "camat"),
        ("eskm-semester", (), "tanda-tangan", "camat"),
    ],
)
def test_who_initials_or_signs_can_send_a_frozen_edition_back(
    procedure: str,
    before: tuple[str, ...],
    step: str,
    role: str,
    tmp_path: Path,
    frozen_office: Callable[[str, Path], Case],
) -> None:
    made = frozen_office(procedure, tmp_path)
    for number in before:
        assert made.step(f"paraf-{number}", f"verifikator-{number}") == 0
    assert made.back(step, role, "") == 2  # not without a note
    assert made.back(step, role, "Salah ketik pada BAB III") == 0
    assert made.step(step, role) == made.do("send") == 2  # it has to be composed and frozen again
    back = next(item for item in built_in(procedure).steps if item.id == step).back
    assert made.step(back, "staf") == 0
    assert made.acts()[-2:] == [f"{step} returned {role}", f"{back} done staf"]
    assert (made.folder / "edisi-1" / "laporan.pdf").exists()  # what was sent back stays


def test_every_decision_of_the_four_procedures_is_taken_both_ways(
    tmp_path: Path, frozen_office: Callable[[str, Path], Case]
) -> None:
    sent_back_later = {"tanda-tangan", "paraf-1", "paraf-2"}  # by the tests above
    for procedure in PROCEDURES:
        entries = frozen_office(procedure, tmp_path / procedure).entries()
        acts = {(entry["step"], entry["act"]) for entry in entries}
        for step in built_in(procedure).steps:
            if step.back and step.id not in sent_back_later:
                assert {(step.id, "returned"), (step.id, "done")} <= acts, (procedure, step.id)


def finish(made: Case, *, edition: int = 1, role: str = "camat") -> None:
    """Sign, send and archive; see that every step is done and nothing is left to do."""
    assert made.do("send") == 2  # not signed
    assert made.sign(role=role) == 0
    assert made.do("send") == made.do("archive") == 0
    assert made.step("susun", "staf") == 2
    said = json.loads((made.folder / f"edisi-{edition}" / "edisi.json").read_text("utf-8"))
    assert (said["edisi"], said["sebelumnya"]) == (edition, edition - 1)
    assert all(entry["rehearsal"] for entry in made.entries())
    assert {entry["official"]["nama"] for entry in made.entries() if entry["role"] == "staf"} == {
        "Andi Andaikan, A.Md."
    }
    done = {entry["step"] for entry in made.entries() if entry["act"] != "returned"}
    steps = built_in(made.workspace.office.procedure).steps
    assert done == {step.id for step in steps if step.kind != "collect"}
