"""What every command line of ours shares: its faults in Indonesian, the options that name the office, how it ends."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

from collector.workspace import DAY_VARIABLE
from scoring.errors import IkmError

# What argparse says in English, with what it names.
FAULTS: Final = {
    "ARGUMENT_CHOICE": re.compile(
        r"argument (?P<name>.+?): invalid choice: '?(?P<value>.*?)'? \(choose from (?:'', )?(?P<known>.*)\)"
    ),
    "ARGUMENT_VALUE": re.compile(r"argument (?P<name>.+?): invalid (?P<kind>\w+) value: '(?P<value>.*)'"),
    "ARGUMENT_MISSING": re.compile(r"the following arguments are required: (?P<name>.+)"),
    "ARGUMENT_UNKNOWN": re.compile(r"(?:unrecognized arguments: )?(?P<value>.+)", re.DOTALL),
}
FULL: Final = (errno.ENOSPC, errno.EDQUOT)
REFUSED: Final = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "hak akses tidak ada"),
    **{errno.EROFS: "disk hanya dapat dibaca", errno.ENOTDIR: "sebagian namanya bukan folder"},
    **{errno.EISDIR: "ini folder, bukan berkas", errno.ENAMETOOLONG: "namanya terlalu panjang"},
}
# What a citizen is told of the store, as a clerk at a terminal needs it.
AT_A_TERMINAL: Final = {"STORE_FULL": "DISK_FULL", "STORE_BUSY": "DISK_BUSY", "STORE_BROKEN": "DISK_BROKEN"}
KINDS: Final = {"fromisoformat": "tanggal seperti 2026-10-25", "int": "bilangan bulat"}


class Arguments(argparse.ArgumentParser):
    """A parser that says in Indonesian what is wrong with what was typed; a name as `make` has it, BY for --by."""

    def error(self, message: str) -> NoReturn:
        """End with 2 and one sentence on standard error."""
        for code, pattern in FAULTS.items():
            if found := pattern.fullmatch(message):
                values = found.groupdict()
                values["name"] = values.get("name", "").replace("--rehearsal-day", "TODAY").replace("--", "").upper()
                values["known"] = values.get("known", "").replace("'", "")
                values["kind"] = KINDS.get(values.get("kind", ""), "nilai yang sesuai")
                self.exit(2, f"{IkmError(code, **values)}\n")
        raise AssertionError(message)


def office_options() -> Arguments:
    """Return the options that every command on an office takes, as a parent for its parser."""
    shared = Arguments(add_help=False)
    shared.add_argument("--office", type=Path, default=Path("office.toml"), help="the office's configuration")
    day = os.environ.get(DAY_VARIABLE) or None
    shared.add_argument("--rehearsal-day", type=date.fromisoformat, default=day, help="a rehearsal's day, 2026-10-25")
    return shared


def finish(options: argparse.Namespace) -> int:
    """Run the chosen command; return 0, or 2 with one sentence for each fault on standard error."""
    try:
        options.run(options)
    except IkmError as error:
        said = IkmError(AT_A_TERMINAL[error.code], file="") if error.code in AT_A_TERMINAL else error
        print(said.lines, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains of it at the end once more
        print(IkmError("OUTPUT_CLOSED"), file=sys.stderr)
        return 2
    except OSError as error:
        print(_of_the_disk(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _of_the_disk(error: OSError) -> IkmError:
    """Return what is wrong with the disk or a folder, which a clerk can mend; raises `error` when it is neither."""
    if error.errno in FULL:
        return IkmError("DISK_FULL", file=f" ketika menulis {error.filename}" if error.filename else "")
    if error.errno in REFUSED and error.filename:
        return IkmError("FILE_REFUSED", file=error.filename, reason=REFUSED[error.errno])
    raise error
