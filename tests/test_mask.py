"""Personal data in comments: what is masked, what stays, alike in Python and in the browser, and in linear time."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser_samples import chromium
from hypothesis import given
from hypothesis import strategies as st
from publish_samples import office
from scoring_samples import ROOT, VECTORS
from test_import import GOOD, rows, sheet, take
from test_scoring_response import post, submit

from scoring.mask import MARK, PATTERNS, mask
from scoring.response import SARAN_LIMIT, Refusal, Response

PERSONAL = [line.split("\t") for line in (VECTORS / "mask-personal.txt").read_text("utf-8").splitlines()]
HARMLESS = (VECTORS / "mask-harmless.txt").read_text("utf-8").splitlines()
COMMENTS = [comment for comment, _ in PERSONAL] + HARMLESS
# What the patterns look at, in pieces that a stranger may put together as he likes.
PIECES = [
    *(
        "pak ",
        "Pak ",
        "bu",
        "ibu ",
        "mas-",
        "a.n. ",
        "an ",
        "nama saya ",
        "nama: ",
        "dusun ",
        "gg ",
        "jl. ",
        "no ",
        "RT ",
        "rw",
    ),
    *(
        "Budi",
        "siti ",
        "Sri Wahyuni",
        "S.Pd.",
        "H. ",
        "dr. ",
        "camat",
        "yang ",
        "x",
        "é",
        "👍",
        "###",
        "#",
        "\n",
        " ",
        ". ",
        ",",
    ),
    *(
        "08",
        "81",
        "+62",
        "12",
        "0351",
        "3520",
        "2026",
        "1 ",
        "-",
        "/",
        "(",
        ")",
        "12-10-",
        "08.00-",
        "Maret ",
        "lahir ",
        "ttl ",
    ),
    *(
        "@",
        " at ",
        " dot ",
        "[at]",
        ".com",
        "ig ",
        "rek ",
        "wa ",
        "nik ",
        "blok ",
        "B ",
        "ae",
        "ABC",
        "_",
        "'",
        "a" * 30,
    ),
]
HOSTILE = [
    *(
        "a",
        "1",
        "1 ",
        "08 ",
        "@",
        "a@a",
        "a.",
        " at ",
        "pak ",
        "pak a",
        "nama saya ",
        "###",
        "###A ",
        "###Ab Ab",
        "ber",
    ),
    *(
        "jl ",
        "jl a ",
        "jl " + "a" * 20 + " ",
        "rt ",
        "rt 1 rw ",
        "a lahir ",
        "ttl aa aa ",
        "rek a",
        "wa no ",
        "b 1234 ",
        "(",
    ),
    *("0 8 1 ", "62 ", "2020 ", "08.00-12.00 ", "pak h. ", "###h. ", "é", "👍", "a_", "fb a_", "a(at)a(dot)", "\n"),
]
IN_THE_BROWSER = """([patterns, texts]) => {
  const made = patterns.map(([pattern, flags]) => new RegExp(pattern, 'gu' + flags));
  return texts.map(text => {
    const start = performance.now();
    const masked = made.reduce((so_far, pattern) => so_far.replace(pattern, '$1###'), text);
    return [masked, performance.now() - start];
  });
}"""
SECONDS = 2.0  # for 10,000 characters on a busy machine; a pattern that tries all ways needs minutes


def in_the_browser(texts: list[str]) -> list[tuple[str, float]]:
    """Return every text as the questionnaire's script masks it, and the milliseconds it took."""
    with chromium() as browser:
        found: list[Any] = browser.new_page().evaluate(IN_THE_BROWSER, [[list(pair) for pair in PATTERNS], texts])
    return [(text, took) for text, took in found]


def command(content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "collector", "mask"], cwd=ROOT, input=content, capture_output=True, check=False
    )


def hostile(length: int) -> list[str]:
    return [(piece * length)[:length] for piece in HOSTILE]


def test_what_tells_who_somebody_is_is_gone() -> None:
    masked = [(comment, parts.split("|"), mask(comment)) for comment, parts in PERSONAL]
    assert [left for left in masked if MARK not in left[2] or any(part in left[2] for part in left[1])] == []


def test_a_comment_that_names_nobody_stays_as_it_is() -> None:
    assert [(comment, mask(comment)) for comment in HARMLESS if mask(comment) != comment] == []


@pytest.mark.parametrize(
    ("comment", "masked"),
    [
        ("bu siti judes", "bu ### judes"),
        ("Bu Siti Aminah, S.Pd. di loket 2 ramah.", "Bu ### di loket 2 ramah."),
        ("Pak Budi. Terima kasih banyak", "Pak ###. Terima kasih banyak"),
        ("Pak Joko dan bu rini ramah", "Pak ### dan bu ### ramah"),
        ("KTP atas nama Sri belum jadi", "KTP atas nama ### belum jadi"),
        ("petugas bernama agus salim kasar", "petugas bernama ### kasar"),
        ("NIK 3520 0112 0190 0001 salah", "NIK ### salah"),
        ("hub 0812-3456-7890, terima kasih", "hub ###, terima kasih"),
        ("Jl. Merdeka No. 12 RT 03/RW 05", "Jl. ### ###"),
        ("lahir 12-03-1980 tertulis lain", "lahir ### tertulis lain"),
        ("motor B 1234 ABC hilang", "motor ### hilang"),
        ("surat ke budi@kantor.example ya", "surat ke ### ya"),
    ],
)
def test_the_rest_of_the_comment_can_still_be_read(comment: str, masked: str) -> None:
    assert mask(comment) == masked


def test_there_are_enough_examples_of_both_kinds() -> None:
    assert len(PERSONAL) >= 150 and len(HARMLESS) >= 150
    assert all(part and part in comment for comment, parts in PERSONAL for part in parts.split("|"))


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_masking_twice_changes_nothing_more_and_no_text_grows(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    assert len(masked) <= len(text)


@pytest.mark.parametrize("flags", sorted({flags for _, flags in PATTERNS}))
def test_the_patterns_keep_to_what_both_languages_read_alike(flags: str) -> None:
    assert flags in {"", "i"}
    for pattern in [pattern for pattern, held in PATTERNS if held == flags]:
        assert not re.search(r"\(\?<|\(\?P|\(\?>|[+*?}]\+|\\[AZsSpP]", pattern)
        assert re.compile(pattern).groups == 1


@pytest.mark.browser
def test_the_browser_masks_exactly_as_the_collector_does() -> None:
    chance = random.Random(4)
    mixed = ["".join(chance.choices(PIECES, k=chance.randrange(1, 12))) for _ in range(3000)]
    texts = [*COMMENTS, *map(str.upper, COMMENTS), *map(str.title, COMMENTS), *mixed]
    assert [masked for masked, _ in in_the_browser(texts)] == [mask(text) for text in texts]


@pytest.mark.parametrize("length", [SARAN_LIMIT, 10_000])
def test_no_text_makes_the_collector_think_for_long(length: int) -> None:
    for text in hostile(length):
        start = time.perf_counter()
        mask(text)
        assert time.perf_counter() - start < SECONDS, text[:40]


@pytest.mark.browser
def test_no_text_makes_the_browser_think_for_long() -> None:
    texts = [*hostile(SARAN_LIMIT), *hostile(10_000)]
    for text, (masked, took) in zip(texts, in_the_browser(texts), strict=True):
        assert took < SECONDS * 1000, text[:40]
        assert masked == mask(text)


def test_what_a_page_posts_is_masked_before_it_is_stored() -> None:
    for read in (post(saran="bu siti judes"), submit(saran="bu si\u200bti judes")):
        assert isinstance(read, Response) and read.saran == "bu ### judes"


def test_the_limit_holds_for_what_was_written_and_the_masked_text_never_passes_it() -> None:
    longest = ("Pak Ida " * 38)[:SARAN_LIMIT]
    read = post(saran=longest.strip() + "!")
    assert isinstance(read, Response) and len(read.saran) <= SARAN_LIMIT
    refusal = post(saran="wa 081234567890 " + "a" * SARAN_LIMIT)
    assert isinstance(refusal, Refusal) and "316 huruf" in refusal.remarks[0].text


def test_a_paper_sheet_is_masked_before_it_is_stored(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = sheet(tmp_path, f"2026-10-05,ktp,{GOOD},bu siti judes", head=f"tanggal,layanan,{HEAD},saran")
    assert take(workspace, file, today=date(2026, 10, 25)).sheets == 1
    assert [row["text"] for row in rows(workspace, "saran")] == ["bu ### judes"]


HEAD = ",".join(f"U{number}" for number in range(1, 10))


def test_the_command_masks_line_by_line_and_needs_no_office() -> None:
    done = command(b"Pak Budi ramah\r\n\nloket 3 sepi, hub 081234567890")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "Pak ### ramah\n\nloket 3 sepi, hub ###\n"


def test_the_command_answers_a_line_before_the_next_one_comes() -> None:
    arguments = [sys.executable, "-m", "collector", "mask"]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin and running.stdout
        for number in range(3):
            running.stdin.write(b"bu siti %d\n" % number)
            running.stdin.flush()
            assert running.stdout.readline() == b"bu ### %d\n" % number


def test_the_command_says_which_line_is_no_utf_8() -> None:
    done = command(b"baik\n\xff\xfe\n")
    assert (done.returncode, done.stdout) == (2, b"baik\n")
    assert done.stderr.decode() == (
        "Berkas masukan tidak dapat dibaca: baris 2 bukan teks UTF-8; simpan berkasnya sebagai UTF-8.\n"
    )


def test_a_reader_that_leaves_early_is_no_fault_of_the_command() -> None:
    shell = f"yes 'pak budi' | {sys.executable} -m collector mask | head -1"
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"pak ###\n", b"")


def test_the_patterns_can_be_written_into_a_page() -> None:
    assert json.loads(json.dumps(PATTERNS)) == [list(pair) for pair in PATTERNS]
