"""A simulation of power cuts: the system calls of a writer, recorded by strace, and the files a cut could leave.

The model: everything before a file's last sync is on the disk. Of what was written later each sector of 512 bytes is
there or not, by chance. A file is removed for good once anything was synced after it. Answers count as acknowledged
from the moment the writer began to say so.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from publish_samples import ROOT

SECTOR = 512
SURVIVING = (0.0, 0.5, 0.9)  # of the sectors that were not synced
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"
LINE = re.compile(r"(\d+)\s+(.*)")
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
CALL = re.compile(r"(\w+)\((.*)\)\s*= (\d+)")
ON_FILE = re.compile(r'\d+<([^>]*)>(?:, "([^"]*)"(?:\.\.\.)?)?(?:, (\d+))?(?:, (\d+))?')
ALL_BYTES = 1 << 20  # strace shows this many of one write

Kind = Literal["write", "truncate", "unlink", "sync", "sync folder", "ack"]


@dataclass(frozen=True)
class Step:
    """One thing the writer asked of the disk, or said."""

    kind: Kind
    file: str = ""
    offset: int = 0  # for "truncate" the new size, for "ack" the number of the answer
    data: bytes = b""


Image = dict[str, bytearray]


def record(folder: Path, *arguments: str, stop_before_sync: int | None = None) -> list[Step]:
    """Return what `power_cut_writer` asks of the disk in `folder`; it may be killed instead of its n-th sync."""
    log = folder.with_name(folder.name + ".strace")
    watch = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-xx",
        "-y",
        "-s",
        str(ALL_BYTES),
        "-o",
        str(log),
        "-e",
        f"trace={CALLS}",
    ]
    if stop_before_sync is not None:
        watch += ["-e", f"inject=fdatasync:error=EIO:signal=SIGKILL:when={stop_before_sync}"]
    watch += ["-e", "signal=none", sys.executable, str(ROOT / "tests" / "power_cut_writer.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        watch, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    assert stop_before_sync is not None or done.returncode == 0, done.stderr.decode()
    with log.open(encoding="ascii") as lines:
        steps = [step for call in whole(lines) if (step := step_of(call, folder))]
    log.unlink()
    return steps


def whole(lines: Iterator[str]) -> Iterator[str]:
    """Yield the calls of all threads; one that another interrupts is put together, and stands where it ended.

    What is said stands where it began: an answer that is being acknowledged counts as acknowledged.
    """
    begun: dict[str, str] = {}
    for line in lines:
        found = LINE.fullmatch(line.rstrip("\n"))
        if not found:
            continue
        thread, call = found.groups()
        if call.endswith(UNFINISHED):
            begun[thread] = call.removesuffix(UNFINISHED)
            if call.startswith("write("):
                yield begun[thread] + ") = 0"
        elif resumed := RESUMED.fullmatch(call):
            start = begun.pop(thread, "")
            if start and not start.startswith("write("):
                yield start + resumed[1]
        else:
            yield call


def step_of(call: str, folder: Path) -> Step | None:
    """Return what a line of strace means for the files of `folder`, or None."""
    found = CALL.fullmatch(call)
    if not found or "(INJECTED)" in call:
        return None
    name, arguments, _ = found.groups()
    if name == "unlink":
        path = text(arguments.split('"')[1])
        return Step("unlink", Path(path).name) if Path(path).parent == folder else None
    on_file = ON_FILE.match(arguments)
    assert on_file, call
    path, data = text(on_file[1]), raw(on_file[2] or "")
    if name == "write":
        return Step("ack", offset=int(data.split()[1])) if data.startswith(b"ACK ") else None
    if Path(path) == folder:
        return Step("sync folder")
    if Path(path).parent != folder or path.endswith("-shm"):
        return None
    if name == "pwrite64":
        return Step("write", Path(path).name, int(on_file[4]), data)
    if name == "ftruncate":
        return Step("truncate", Path(path).name, int(on_file[3]))
    return Step("sync", Path(path).name)


def raw(shown: str) -> bytes:
    """Return the bytes that strace shows as \\x.."""
    return bytes.fromhex(shown.replace("\\x", ""))


def text(shown: str) -> str:
    """Return the path that strace shows, as letters or as \\x.."""
    return raw(shown).decode() if "\\x" in shown else shown


def files_of(folder: Path) -> dict[str, bytes]:
    """Return what lies in `folder`, which counts as written long ago."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}


def after_cut(before: dict[str, bytes], steps: Sequence[Step], people: random.Random) -> Image:
    """Return the files that a cut after the last of `steps` could leave of `before`."""
    synced = {step.file: place for place, step in enumerate(steps) if step.kind == "sync"}
    last_sync = max((place for place, step in enumerate(steps) if step.kind.startswith("sync")), default=-1)
    image: Image = {name: bytearray(data) for name, data in before.items()}
    share, gone_on = people.choice(SURVIVING), set[str]()  # files whose removal did not reach the disk
    for place, step in enumerate(steps):
        if step.kind in {"ack", "sync", "sync folder"} or step.file in gone_on:
            continue
        if step.kind == "unlink":
            if place < last_sync or people.random() < share:
                image.pop(step.file, None)
            else:
                gone_on.add(step.file)
        elif place < synced.get(step.file, -1):
            apply(image, step)
        else:
            for part in sectors(step):
                if people.random() < share:
                    apply(image, part)
    return image


def sectors(step: Step) -> Iterator[Step]:
    """Yield a write in sectors, anything else whole."""
    if step.kind != "write":
        yield step
        return
    for start in range(0, len(step.data), SECTOR):
        yield Step("write", step.file, step.offset + start, step.data[start : start + SECTOR])


def apply(image: Image, step: Step) -> None:
    """Do to the image what the step did to the files."""
    content = image.setdefault(step.file, bytearray())
    end = step.offset + len(step.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if step.kind == "truncate":
        del content[step.offset :]
    else:
        content[step.offset : end] = step.data
