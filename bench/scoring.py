"""What counting and scoring cost as the store grows, beside pandas and DuckDB on the same file.

Made-up answers over two years of days, five layanan and two channels, some with blanks. Every bar is printed beside
its figure; `--large` adds ten million answers (some ten minutes, 4 GB of disk, which are given back).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from collector import counting
from collector.schema import ANSWER_COLUMNS, PROFIL_COLUMNS
from collector.seal import recount
from collector.store import create, open_store, reading
from scoring import result
from scoring.office import Office, parse_office

ROOT = Path(__file__).parent.parent
FIRST, DAYS = date(2024, 10, 1), 731
QUARTER = "2026-TW2"  # 25 March to 24 June 2026 of the example office
BUSY_DAY, BUSY = FIRST + timedelta(days=DAYS), 10_000
CHANNELS = (1, 3)
PATTERNS = 5_000  # different answers that the rows are made from
TIMES = 9
ROUNDS = 15  # runs of ours at each of three moments: a shared machine is slow for seconds on end
ANSWERED = ((None, 1, 2, 3, 4), (1, 2, 9, 55, 34))
NEEDED = 600  # bytes of disk for one answer, the journal with it
LARGE = 10_000_000
BARS = {"result_ms": 50, "flat": 1.10, "seal_day_s": 1.0, "recount_s_per_10M": 150, "recount_MB": 300, "linear": 1.25}


@cache
def office() -> Office:
    """Return the example office."""
    return parse_office("office.example.toml", (ROOT / "office.example.toml").read_text("utf-8"))


def fill(path: Path, n: int, start: date, days: int) -> None:
    """Put `n` answers of `days` days into the store, in the order of their days.

    By one INSERT .. SELECT without the triggers, which look only at each row's right to be there.
    """
    asked = office()
    pack = asked.survey_on(start).instrument
    answers, profil = ANSWER_COLUMNS[: len(pack.questions)], PROFIL_COLUMNS[: len(pack.profil)]
    columns = ", ".join((*answers, *profil))
    connection = sqlite3.connect(path)
    connection.executescript(
        "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY;"
        f"CREATE TEMP TABLE pattern (no INTEGER PRIMARY KEY, layanan, channel, hour, flags, {columns});"
    )
    rows = patterns(asked, start)
    connection.executemany(f"INSERT INTO pattern VALUES ({', '.join('?' * len(rows[0]))})", rows)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'response'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    before = connection.execute("SELECT coalesce(max(seq), 0) FROM response").fetchone()[0]
    connection.execute(
        "WITH RECURSIVE number (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i < ?1 - 1)"
        f" INSERT INTO response (id, nonce, office, day, hour, layanan, channel, form, flags, {columns})"
        " SELECT CAST(printf('%032d', ?2 + i) AS BLOB), randomblob(32), ?3, date(?4, '+' || (i * ?5 / ?1) || ' days'),"
        f" hour, layanan, channel, ?6, flags, {columns} FROM number JOIN pattern ON no = (i * 7919 + i / ?7) % ?7",
        (n, before, asked.id, start.isoformat(), days, pack.form, PATTERNS),
    )
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def patterns(asked: Office, start: date) -> list[tuple[int | str | None, ...]]:
    """Return the different rows that the store is made from."""
    chance, pack = random.Random(14), asked.survey_on(start).instrument
    rows = []
    for number in range(PATTERNS):
        values = [chance.choices(*ANSWERED)[0] for _ in pack.questions]
        profil = [chance.choice((None, *(code for code, _ in field.options))) for field in pack.profil]
        channel = chance.choices(CHANNELS, (4, 1))[0]
        hour = None if channel == 3 else chance.randint(8, 15)
        head = (number, chance.choice(asked.layanan).id, channel, hour, chance.choice((0, 0, 0, 1)))
        rows.append((*head, *values, *profil))
    return rows


def seconds(work: Callable[[], object]) -> float:
    """Return how long it took, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """Return the median of several runs, in seconds."""
    return statistics.median(several(work, times))


def several(work: Callable[[], object], times: int) -> list[float]:
    """Return the seconds of several runs, the first not counted."""
    work()
    return [seconds(work) for _ in range(times)]


def scored(path: Path) -> dict[str, Any]:
    """Return the quarter's whole result from the kept tallies."""
    asked = office()
    with reading(path) as connection:
        return result.score(counting.tally(connection, asked, asked.periode(QUARTER)))


def in_own_process(step: str, path: Path) -> tuple[float, float]:
    """Run a step in a process of its own, so that its peak memory is its own; return seconds and MB."""
    command = [sys.executable, "-m", "bench.scoring", "--step", step, "--store", str(path)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout
    took, peak = json.loads(printed)
    return took, peak


def own_step(step: str, path: Path) -> tuple[float, float]:
    """Return the seconds and the peak memory (MB) of a step in this process."""
    took = STEPS[step](path)
    # Not ru_maxrss: on Linux it also holds the peak of the process that started this one.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("utf-8"))
    return took, int(peak[1]) / 1024 if peak else 0.0


def seal(path: Path, today: date = FIRST + timedelta(days=DAYS)) -> None:
    """Seal every day before `today`, as `make seal` does."""
    store = open_store(path, office().id)
    try:
        store.seal(today)
    finally:
        store.close()


def count_again(path: Path) -> None:
    """Count every row again, as `make recount` does."""
    with reading(path) as connection:
        if not all(same for _, same in recount(connection, office().id)):
            raise SystemExit("hitung ulang berbeda")


def quarter() -> tuple[list[str], tuple[str, str, str]]:
    """Return the columns of the answers, and the office and days of the quarter."""
    asked = office()
    periode = asked.periode(QUARTER)
    columns = ANSWER_COLUMNS[: len(asked.survey_of(periode).instrument.questions)]
    return list(columns), (asked.id, periode.mulai.isoformat(), periode.selesai.isoformat())


def by_pandas(path: Path) -> float:
    """Return the quarter's IKM alone as pandas finds it: the mean of the columns' means, times 25."""
    import pandas

    columns, values = quarter()
    sql = f"SELECT {', '.join(columns)} FROM response WHERE office = ? AND day BETWEEN ? AND ?"
    connection = sqlite3.connect(path)
    frame = pandas.read_sql(sql, connection, params=values)
    connection.close()
    return float(frame.mean().mean() * 25)


def by_duckdb(path: Path) -> float:
    """Return the quarter's IKM alone as DuckDB finds it over the SQLite file itself."""
    import duckdb
    import duckdb_extension_sqlite_scanner as scanner

    columns, values = quarter()
    means = " + ".join(f"avg({column})" for column in columns)
    (extension,) = Path(scanner.__file__).parent.rglob("sqlite_scanner.duckdb_extension")
    connection = duckdb.connect()
    connection.execute(f"LOAD '{extension}'")
    sql = f"SELECT ({means}) * 25 / {len(columns)} FROM sqlite_scan('{path}', 'response')"
    (ikm,) = connection.execute(f"{sql} WHERE office = ? AND day BETWEEN ? AND ?", values).fetchone() or (0.0,)
    connection.close()
    return float(ikm)


def measure(folder: Path, n: int) -> dict[str, float]:
    """Return the figures of one size."""
    path = folder / "responses.db"
    create(path, office().id, "rehearsal").close()
    found = {"fill_s": seconds(lambda: fill(path, n, FIRST, DAYS)), "file_MB": path.stat().st_size / 1e6}
    found["seal_all_s"], found["seal_all_MB"] = in_own_process("seal", path)
    ours_s = [in_own_process("result", path)[0]]  # pandas and duckdb in memory would slow it
    found["recount_s"], found["recount_MB"] = in_own_process("recount", path)
    ours = float(scored(path)["ikm_exact"].partition("/")[0]) / float(scored(path)["ikm_exact"].partition("/")[2] or 1)
    ours_s.append(in_own_process("result", path)[0])
    times = 3 if n > 1_000_000 else TIMES
    for name, other in (("pandas", by_pandas), ("duckdb", by_duckdb)):
        if abs(other(path) - ours) > 1e-9:
            raise SystemExit(f"{name}: {other(path)}, scoring: {ours}")
        found[f"{name}_ms"] = median(lambda other=other: other(path), times) * 1000  # type: ignore[misc]
    found["result_ms"] = statistics.median([*ours_s, in_own_process("result", path)[0]]) * 1000
    found |= {f"{name}_ratio": found[f"{name}_ms"] / found["result_ms"] for name in ("pandas", "duckdb")}
    fill(path, BUSY, BUSY_DAY, 1)
    found["seal_day_s"] = seconds(lambda: seal(path, BUSY_DAY + timedelta(days=1)))
    return found


def against_bars(sizes: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    """Return each bar with the figure found, and whether it holds."""
    small, large = (sizes[name] for name in (min(sizes, key=int), max(sizes, key=int)))
    most, per_row = max(sizes, key=int), {name: found["recount_s"] / int(name) for name, found in sizes.items()}
    found = {
        "result_ms": max(size["result_ms"] for size in sizes.values()),
        "flat": large["result_ms"] / small["result_ms"],
        "seal_day_s": max(size["seal_day_s"] for size in sizes.values()),
        "recount_MB": max(size["recount_MB"] for size in sizes.values()),
    }
    if int(most) == LARGE:  # a smaller store says nothing about ten million
        found |= {"recount_s_per_10M": large["recount_s"], "linear": per_row[most] / per_row["1000000"]}
    return [
        {"bar": name, "most": BARS[name], "found": value, "ok": value <= BARS[name]} for name, value in found.items()
    ]


def main() -> int:
    """Print the table, write bench/results/scoring.json; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="ten million answers too")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(own_step(options.step, options.store)))
        return 0
    sizes: dict[str, dict[str, float]] = {}
    for n in (100_000, 1_000_000, *([LARGE] if options.large else [])):
        if shutil.disk_usage(tempfile.gettempdir()).free < n * NEEDED:
            raise SystemExit(f"ruang disk kurang dari {n * NEEDED // 10**6} MB untuk {n} jawaban")
        with tempfile.TemporaryDirectory(prefix="ikm-bench-") as folder:
            sizes[str(n)] = measure(Path(folder), n)
        print(f"{n:>12,}", *(f"{name} {value:,.1f}" for name, value in sizes[str(n)].items()), sep="  ", flush=True)
    bars = against_bars(sizes)
    print_table(sizes, bars)
    made = {"sizes": sizes, "bars": bars, "python": sys.version.split()[0], "sqlite": sqlite3.sqlite_version}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0 if all(bar["ok"] for bar in bars) else 1


def print_table(sizes: dict[str, dict[str, float]], bars: list[dict[str, Any]]) -> None:
    """Print the figures by size, and below them the bars."""
    print(f"\n{'':<16}" + "".join(f"{int(n):>14,}" for n in sizes))
    for name in next(iter(sizes.values())):
        print(f"{name:<16}" + "".join(f"{found[name]:>14,.2f}" for found in sizes.values()))
    print()
    for bar in bars:
        print(f"{bar['bar']:<18} {bar['found']:>10.2f}  bar <= {bar['most']:<6} {'ok' if bar['ok'] else 'MISSED'}")


RESULTS = ROOT / "bench" / "results" / "scoring.json"
STEPS: dict[str, Callable[[Path], float]] = {
    "seal": lambda path: seconds(lambda: seal(path)),
    "recount": lambda path: seconds(lambda: count_again(path)),
    "result": lambda path: median(lambda: scored(path), ROUNDS),
}


if __name__ == "__main__":
    sys.exit(main())
