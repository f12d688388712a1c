"""What the documents of a periode cost, from `make report` to a hundred offices in one call, beside WeasyPrint alone.

A made-up office of two closed periode, all that a clerk enters filled in, so that every document is written. A step is
a process of its own; its memory is that of all its processes together, looked at ten times a second. Seconds of
the processor stand beside those of the clock, which a busy machine makes longer.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bench.bars import against, save
from collector.store import Arrival, create
from collector.workspace import Workspace, load
from scoring.response import Response, canonical, commitment

ROOT = Path(__file__).parent.parent
EARLIER, PERIODE, DAY = "2026-09", "2026-10", "2026-10-25"
ANSWERS = 312
OFFICES = 100
RUNS = 3
PAUSE = 0.1
BARS = {"report_s": ("<=", 10), "report_MB": ("<=", 300), "office_s": ("<=", 3), "of_bare": ("<=", 2)}
# As an office has it: what Python has compiled is kept.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
VALUES = ((1, 2, 3, 4), (2, 9, 55, 34))


class Cost(NamedTuple):
    """What a process cost: seconds of the clock and of the processor, most memory at once (MB), and what it printed."""

    seconds: float
    processor: float
    memory: float
    printed: str


def answer(workspace: Workspace, periode_id: str, n: int) -> None:
    """Store `n` made-up answers, spread over layanan and days of a periode."""
    people, office = random.Random(periode_id), workspace.office  # no two periode have one answer
    periode = office.periode(periode_id)
    pack, days = office.survey_of(periode).instrument, (periode.selesai - periode.mulai).days
    store = create(workspace.store, office.id, "rehearsal")
    for number in range(n):
        answers = tuple(people.choices(*VALUES)[0] for _ in pack.questions)
        layanan, nonce = people.choice(office.layanan).id, people.randbytes(32)
        profil = tuple(people.choice(field.options)[0] for field in pack.profil)
        identity = commitment(nonce, canonical(answers, pack.form, layanan, office.id)), nonce, office.id
        arrival = Arrival(periode.mulai + timedelta(days=number * days // n), people.randint(8, 14))
        if store.add(Response(*identity, layanan, pack.form, 1, 0, answers, profil, ""), arrival) is not True:
            raise SystemExit(f"jawaban ke-{number} tidak disimpan")
    store.close()


def command(*arguments: str) -> list[str]:
    """Return a command of `python -m publish` or `collector`, by its first argument."""
    return [sys.executable, "-m", *arguments, "--rehearsal-day", DAY]


def run(*arguments: str) -> None:
    """Run a command to its end, quietly."""
    subprocess.run(command(*arguments), cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)


def office(folder: Path) -> Workspace:
    """Write an office whose every document can be made: two closed periode, plans, letters and a photo."""
    from publish.demo_entries import fill_entries, fill_letter, fill_rtl
    from publish.demo_office import DATA

    folder.mkdir(parents=True)
    file = folder / "office.toml"
    shutil.copyfile(ROOT / "office.example.toml", file)
    workspace = load(file)
    made_up = tomllib.loads((DATA / "demo.toml").read_text("utf-8"))
    plans = dict.fromkeys((unsur.id for unsur in built(workspace)), next(iter(made_up["rtl"].values())))
    for periode in (EARLIER, PERIODE):
        answer(workspace, periode, ANSWERS)
    for periode in (EARLIER, PERIODE):
        run("collector", "close", periode, "--office", str(file))
        run("publish", "report", periode, "--office", str(file))
        fill_rtl(workspace.periode_folder(periode), plans, "TW IV")
        fill_letter(workspace.periode_folder(periode), made_up["nomor"][periode])
        fill_entries(workspace.periode_folder(periode), workspace.office.periode(periode), made_up)
    return workspace


def built(workspace: Workspace) -> tuple[Any, ...]:
    """Return the unsur that are asked."""
    return workspace.office.survey_on(date.fromisoformat(DAY)).instrument.unsur


def measured(arguments: list[str]) -> Cost:
    """Return what a process cost with all its children."""
    began, before, most = time.perf_counter(), processor(), 0
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=out, env=ENVIRONMENT)
        while process.poll() is None:
            most = max(most, sum(resident(pid) for pid in family(process.pid)))
            time.sleep(PAUSE)
        took = time.perf_counter() - began
        out.seek(0)
        printed = out.read()
    if process.returncode:
        raise SystemExit(printed)
    return Cost(took, processor() - before, most / 1024, printed)


def processor() -> float:
    """Return the seconds of the processor that all processes took that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def family(pid: int) -> list[int]:
    """Return a process and all that it has started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return []
    return [pid, *(other for child in children for other in family(int(child)))]


def resident(pid: int) -> int:
    """Return a process's own share of memory in KiB: what forked processes share counts once."""
    try:
        found = re.search(r"Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def bare(file: Path) -> None:
    """Draw the same HTML with WeasyPrint alone: no standard, no tags, no fields, no attachments, no image."""
    import weasyprint

    from publish import documents, pdf
    from publish.edition import Marks
    from publish.entered import read_entered
    from publish.reconciliation import read_recaps

    workspace, today = load(file), date.fromisoformat(DAY)
    result = documents.score_periode(workspace, PERIODE)
    entered = read_entered(workspace, result, today)
    named = documents.named_values(workspace, result, entered, read_recaps(workspace.periode_folder(PERIODE)), today)
    there = {"": True, documents.PROMISES: bool(entered.before), documents.RECAPS: False}
    for document in documents.DOCUMENTS:
        if there[document.only_with]:
            sheet = documents.lay_out(workspace, document, result, named, Marks())
            html = f"<style>{pdf.FONT_CSS}{sheet.css}</style>{sheet.body}"
            weasyprint.HTML(string=html, url_fetcher=pdf.Fetcher()).write_pdf()


def hundred(made: Workspace, folder: Path, n: int) -> None:
    """Write `n` copies of an office, each in a folder of its own, without the documents of the periode."""
    for number in range(n):
        copy = folder / f"kantor-{number:03d}"
        shutil.copytree(made.root, copy)
        for file in (copy / "data" / "periode" / PERIODE).glob("*.p*"):
            file.unlink()


def figures(folder: Path, offices: int) -> dict[str, float]:
    """Return every figure."""
    made = office(folder / "satu")
    file = str(made.root / "office.toml")
    report, alone = [], []
    for _ in range(RUNS):  # in turns, because a shared machine is slow for seconds on end
        report.append(measured(command("publish", "report", PERIODE, "--office", file)))
        alone.append(measured([sys.executable, "-m", "bench.documents", "--bare", file]))
    documents = report[0].printed.count(".pdf")
    hundred(made, folder / "seratus", offices)
    many = measured(command("publish", "report", PERIODE, "--offices", str(folder / "seratus")))
    if many.printed.count("berkas dalam") != offices:
        raise SystemExit(many.printed)
    slowest = max(float(said.replace(",", ".")) for said in re.findall(r"dalam ([\d,]+) detik", many.printed))
    ours, theirs = (statistics.median(item.seconds for item in runs) for runs in (report, alone))
    return {
        "documents": documents,
        "report_s": ours,
        "report_cpu_s": min(item.processor for item in report),
        "report_MB": max(item.memory for item in report),
        "bare_s": theirs,
        "bare_cpu_s": min(item.processor for item in alone),
        "bare_MB": max(item.memory for item in alone),
        "of_bare": ours / theirs,
        "offices": offices,
        "offices_s": many.seconds,
        "offices_MB": many.memory,
        "office_s": many.seconds / offices,
        "office_cpu_s": many.processor / offices,
        "slowest_s": slowest,
    }


def main() -> int:
    """Print the table, write bench/results/documents.json; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=OFFICES, help="so many in one call")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare(options.bare)
        return 0
    with tempfile.TemporaryDirectory(prefix="ikm-bench-") as folder:
        found = figures(Path(folder), options.offices)
    return save("documents", against(found, BARS))


if __name__ == "__main__":
    sys.exit(main())
