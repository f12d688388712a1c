"""How many durable answers a second the collector takes, beside a naive Flask app and beside itself without a store.

One run on one machine: client (wrk) and server share its cores. Every figure of ours stands beside the alternative's
under the same clients, with the disk as it is and with every sync 8 ms longer.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.bars import against, save
from collector.store import create, open_store
from collector.workspace import load
from scoring.response import canonical, commitment

ROOT = Path(__file__).parent.parent
CLIENTS = (1, 16, 64, 256)
SECONDS = 5
DELAY = 8000  # microseconds that every sync takes longer
BODIES = 150_000
STORED = 100_000
PAIRS = 5  # runs with an empty and a filled store in turn: a shared machine is up to a tenth slower at times
# At 64 clients, on two cores shared with the client (the last two rows: parts of the rate with an empty store).
BARS = {
    "rate": (">=", 4500),
    "p99_ms": ("<=", 40),
    "cpu_ms": ("<=", 0.5),
    "memory_MB": ("<=", 120),
    "of_ceiling": (">=", 0.40),
    "of_naive": (">=", 2),
    "delayed_of_naive": (">=", 25),
    "delayed_p99_ms": ("<=", 60),
    "with_100000_stored": (">=", 0.95),
}
SERVER = "from collector.serve import server; server('{}', '127.0.0.1', {}).serve()"
NAIVE = (
    *("-m", "gunicorn", "bench.naive_app:app", "--preload", "--log-level", "error"),
    *("-k", "gthread", "-w", "2", "--threads", "32"),
)
PROGRAMS = {"wrk": "wrk", "cc": "gcc", "initdb": "postgresql"}


@dataclass(frozen=True)
class Load:
    """What one run of the client found: answers a second, latency, CPU an answer, memory of all processes."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    memory_MB: float
    refused: int


def write_bodies(office_file: Path, target: Path) -> None:
    """Write as many different good posts as the fastest run can send, one a line."""
    office, chance = load(office_file).office, random.Random(9)
    pack = office.surveys[-1].instrument
    with target.open("w", encoding="utf-8") as file:
        for _ in range(BODIES):
            answers = chance.choices((1, 2, 3, 4), (1, 4, 60, 35), k=len(pack.questions))
            nonce, layanan = secrets.token_bytes(32), chance.choice(office.layanan).id
            identity = commitment(nonce, canonical(answers, pack.form, layanan, office.id))
            body = {"id": identity.hex(), "nonce": nonce.hex(), "a": answers, "f": pack.form, "s": layanan}
            rest = {"u": office.id, "channel": 1, "profil": {}, "saran": "", "cepat": False, "situs": ""}
            file.write(json.dumps({**body, **rest}) + "\n")


def descendants(pid: int) -> list[int]:
    """Return the process and all that it started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        children = [int(word) for file in tasks for word in file.read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(found for child in children for found in descendants(child))]


def cpu_seconds(pids: list[int]) -> float:
    """Return the CPU time that the processes and their families have used."""
    ticks = 0
    for member in {member for pid in pids for member in descendants(pid)}:
        fields = Path(f"/proc/{member}/stat").read_text("utf-8").rpartition(") ")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pids: list[int]) -> float:
    """Return the memory of the families; what they share is counted once (proportional set size)."""
    found = 0
    for member in {member for pid in pids for member in descendants(pid)}:
        line = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{member}/smaps_rollup").read_text("utf-8"), re.MULTILINE)
        found += int(line[1]) if line else 0
    return found / 1024


def measure(port: int, clients: int, bodies: Path, pids: list[int]) -> Load:
    """Send posts for some seconds and return what came of it."""
    threads = min(2, clients)
    env = {**os.environ, "BODIES": str(bodies), "THREADS": str(threads)}
    command = ["wrk", f"-t{threads}", f"-c{clients}", f"-d{SECONDS}s", "--latency", "--timeout", "20s"]
    before = cpu_seconds(pids)
    printed = subprocess.run(
        [*command, "-s", str(ROOT / "bench" / "post.lua"), f"http://127.0.0.1:{port}/"],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    used, memory = cpu_seconds(pids) - before, memory_mb(pids)
    sent = int(re.findall(r"(\d+) requests in", printed)[0])
    refused = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", printed)))
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", printed)[0])
    return Load(rate, latency(printed, "50%"), latency(printed, "99%"), used / max(1, sent) * 1000, memory, refused)


def latency(printed: str, share: str) -> float:
    """Return a latency as wrk prints it, in ms."""
    value, unit = re.findall(rf"{share}\s+([\d.]+)(us|ms|s)", printed)[0]
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, env: dict[str, str]) -> Iterator[int]:
    """Hold a server; yield its process once it answers."""
    process = subprocess.Popen([sys.executable, *command], env=env, cwd=ROOT, start_new_session=True)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=2).close()
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
                continue
            break
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def postgres(folder: Path, env: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Hold a PostgreSQL of our own, durable as it comes; yield its address and its process."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    data, port = folder / "postgres", free_port()
    data.mkdir()
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(data, user, user)
    how: dict[str, Any] = {"user": user, "group": user, "extra_groups": [], "cwd": data}
    subprocess.run(
        [str(programs / "initdb"), "-D", str(data / "d"), "-U", "ikm", "--auth=trust", "--locale=C.UTF-8"],
        check=True,
        stdout=subprocess.DEVNULL,
        **how,
    )
    command = [str(programs / "postgres"), "-D", str(data / "d"), "-k", str(data), "-h", "127.0.0.1", "-p", str(port)]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env, **how)
    try:
        dsn = f"postgresql://ikm@127.0.0.1:{port}/postgres"
        while subprocess.run([str(programs / "pg_isready"), "-q", "-d", dsn], check=False).returncode:
            time.sleep(0.1)
        yield dsn, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def one_run(kind: str, clients: int, delayed: bool, folder: Path, bodies: Path, stored: int = 0) -> Load:
    """Return the figures of one server, new for this run, under so many clients."""
    folder.mkdir()
    office_file, port = folder / "office.toml", free_port()
    shutil.copy(ROOT / "office.example.toml", office_file)
    env = {**os.environ, "IKM_OFFICE": str(office_file), "IKM_REHEARSAL_DAY": "", "NAIVE_DB": str(folder / "naive.db")}
    if delayed:
        env |= {"LD_PRELOAD": str(folder.parent / "slow_sync.so"), "SLOW_SYNC_US": str(DELAY)}
    if kind == "naive":
        with running([*NAIVE, "-b", f"127.0.0.1:{port}"], port, env) as pid:
            return measure(port, clients, bodies, [pid])
    if kind == "postgres":
        with postgres(folder, env) as (dsn, database):
            os.environ["IKM_STORE"] = env["IKM_STORE"] = dsn
            try:
                return ours("collector.wsgi:from_environment", office_file, port, env, clients, bodies, [database])
            finally:
                del os.environ["IKM_STORE"]
    target = "bench.unstored_app:application" if kind == "ceiling" else "collector.wsgi:from_environment"
    return ours(target, office_file, port, env, clients, bodies, [], stored)


def ours(
    target: str,
    office_file: Path,
    port: int,
    env: dict[str, str],
    clients: int,
    bodies: Path,
    pids: list[int],
    stored: int = 0,
) -> Load:
    """Return the figures of our own server; all that it said yes to must be there."""
    workspace = load(office_file)
    create(workspace.store, workspace.office.id, "rehearsal").close()
    if stored:
        prefill(str(workspace.store), workspace.office.id, stored)
    workspace.site.mkdir(parents=True)
    with running(["-c", SERVER.format(target, port)], port, env) as pid:
        found = measure(port, clients, bodies, [pid, *pids])
    store = open_store(workspace.store, workspace.office.id)
    with store.reading() as connection:
        (n,) = connection.execute("SELECT count(*) FROM response").fetchone()
    store.close()
    if "unstored" not in target and n - stored < found.rate * SECONDS * 0.95 - found.refused:
        raise SystemExit(f"{n} stored, {found.rate * SECONDS:.0f} acknowledged")
    return found


def prefill(path: str, office: str, n: int) -> None:
    """Put `n` answers of other days into the store, by one statement."""
    connection = sqlite3.connect(path)
    connection.execute(
        "WITH RECURSIVE number (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < ?)"
        " INSERT INTO response (id, nonce, office, day, hour, layanan, channel, form, flags, a01, a02, a03, a04, a05,"
        " a06, a07, a08, a09)"
        " SELECT randomblob(32), randomblob(32), ?, date('2026-01-01', '+' || (i % 200) || ' days'),"
        " 10, 'ktp', 1, 'permenpanrb-14-2017/1', 0, 3, 3, 4, 4, 3, 3, 4, 4, 4 FROM number",
        (n, office),
    )
    connection.commit()
    connection.close()


def plan(quick: bool) -> list[tuple[str, int, bool]]:
    """Return the runs: kind of server, clients, whether every sync takes longer."""
    clients = (64,) if quick else CLIENTS
    kinds = ("sqlite", "naive", "postgres")
    runs = [(kind, count, delayed) for delayed in (False, True) for count in clients for kind in kinds]
    return [("ceiling", count, False) for count in clients] + runs


def pair(folder: Path, bodies: Path) -> tuple[float, float]:
    """Return the rates with an empty store and with a filled one, one right after the other."""
    empty, full = (one_run("sqlite", 64, False, folder.with_suffix(f".{n}"), bodies, n) for n in (0, STORED))
    print_load("sqlite", 64, False, empty)
    print_load(f"{STORED:,}", 64, False, full)
    return empty.rate, full.rate


def compared(found: dict[tuple[str, int, bool], Load], pairs: list[tuple[float, float]]) -> dict[str, float]:
    """Return what the bars are held against."""
    ours, naive = found["sqlite", 64, False], found["naive", 64, False]
    slow, slow_naive = found["sqlite", 64, True], found["naive", 64, True]
    return {
        "rate": ours.rate,
        "p99_ms": ours.p99_ms,
        "cpu_ms": ours.cpu_ms,
        "memory_MB": ours.memory_MB,
        "of_ceiling": ours.rate / found["ceiling", 64, False].rate,
        "of_naive": ours.rate / naive.rate,
        "delayed_of_naive": slow.rate / slow_naive.rate,
        "delayed_p99_ms": slow.p99_ms,
        "with_100000_stored": statistics.median(full / empty for empty, full in pairs),
    }


def main() -> int:
    """Print the table, write bench/results/collector.json; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="every number of clients, not only 64")
    options = parser.parse_args()
    os.environ["PATH"] += os.pathsep + str(max(Path("/usr/lib/postgresql").glob("*/bin"), default=""))
    for program, package in PROGRAMS.items():
        if not shutil.which(program):
            raise SystemExit(f"{program} belum terpasang. Ketik: sudo apt-get install {package}")
    found: dict[tuple[str, int, bool], Load] = {}
    with tempfile.TemporaryDirectory(prefix="ikm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user
        shim = [str(folder / "slow_sync.so"), str(ROOT / "bench" / "slow_sync.c"), "-ldl"]
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", *shim], check=True)
        bodies = folder / "bodies.txt"
        write_bodies(ROOT / "office.example.toml", bodies)
        heads = ("server", "clients", "sync", "rate/s", "p50 ms", "p99 ms", "CPU ms", "MB", "refused")
        print("{:<10}{:>8}{:>8}{:>10}{:>9}{:>9}{:>9}{:>8}{:>9}".format(*heads))
        for number, run in enumerate(plan(not options.large)):
            found[run] = one_run(*run, folder / str(number), bodies)
            print_load(*run, found[run])
        pairs = [pair(folder / f"pair{number}", bodies) for number in range(PAIRS)]
    rows = against(compared(found, pairs), BARS)
    runs = [{"server": k, "clients": c, "sync_delay_us": DELAY * d, **vars(v)} for (k, c, d), v in found.items()]
    return save("collector", rows, sqlite=sqlite3.sqlite_version, runs=runs)


def print_load(kind: str, clients: int, delayed: bool, load: Load) -> None:
    """Print one line of the table."""
    sync = f"+{DELAY // 1000} ms" if delayed else "disk"
    figures = f"{load.rate:>10.0f}{load.p50_ms:>9.1f}{load.p99_ms:>9.1f}{load.cpu_ms:>9.3f}{load.memory_MB:>8.0f}"
    print(f"{kind:<10}{clients:>8}{sync:>8}{figures}{load.refused:>9}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
