"""Scoring for anyone: `python -m scoring < tally.json > result.json`; other commands read recap sheets, hitung.csv."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scoring import result, tally_json
from scoring.combine import combine
from scoring.counts import group, read_counts
from scoring.errors import IkmError
from scoring.explain import explain, lines
from scoring.instrument import BLANKS, built_in, built_in_ids
from scoring.steps import steps
from scoring.table import printed, score_table
from scoring.tally import Tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 with one sentence for each fault on standard error."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "table":
            print(_table(options))
        elif options.command == "combine":
            print(_combine(options))
        elif options.command == "explain":
            print(_explain(options))
        elif options.command == "counts":
            print(_counts(options))
        else:
            sys.stdout.buffer.write(result.dump(result.score(_tally())).encode())
    except IkmError as error:
        print(error.lines, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="table|explain|combine|counts")
    table = commands.add_parser("table", help="score a recap sheet (CSV): respondent by unsur, or one row of NRR")
    found = commands.add_parser("explain", help="name the rules that give a printed IKM for a recap sheet (CSV)")
    found.add_argument("--printed", required=True, help="the IKM as printed, 90.56")
    several = commands.add_parser("combine", help="combine the tallies of several offices: pooled, and their mean")
    several.add_argument("files", type=Path, nargs="+", help="tally.json of each office")
    for command in (table, found):
        command.add_argument("file", type=Path)
        command.add_argument("--instrument", required=True, help=", ".join(built_in_ids()))
        command.add_argument("--nrr", action="store_true", help="the file's one row is the NRR per unsur")
        command.add_argument("--json", action="store_true", help="print JSON; figures are strings, decimal point")
    counts = commands.add_parser("counts", help="write the index of published counts (hitung.csv) step by step")
    counts.add_argument("file", type=Path)
    counts.add_argument("--periode", help="default: the last in the file")
    counts.add_argument("--layanan", default="*", help="default: the whole office")
    for command in (table, counts):
        command.add_argument("--rule", help="a rule of the instrument; default: the one it names")
        command.add_argument("--blank", choices=BLANKS, help="how blanks count; default: the one the instrument names")
    return parser


def _combine(options: argparse.Namespace) -> str:
    tallies = [tally_json.load(_read(file)) for file in options.files]
    return json.dumps(combine(tallies), ensure_ascii=False, indent=1)


def _tally() -> Tally:
    """Return the tally on standard input, which is UTF-8 whatever the machine's own encoding is."""
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise IkmError("TALLY_INVALID", where="berkas", reason="bukan UTF-8") from None
    return tally_json.load(text)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Periksa nama dan foldernya.") from None
    except UnicodeDecodeError:
        raise IkmError("FILE_UNREADABLE", file=file, reason="simpan sebagai CSV UTF-8") from None
    except OSError as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None


def _explain(options: argparse.Namespace) -> str:
    pack, file = built_in(options.instrument), options.file
    explained = explain(file.name, _read(file), pack, options.printed, nrr=options.nrr)
    return json.dumps(explained, ensure_ascii=False, indent=1) if options.json else lines(explained)


def _counts(options: argparse.Namespace) -> str:
    file = options.file.name
    counted = group(file, read_counts(file, _read(options.file)), options.periode, options.layanan)
    return steps(file, counted, options.rule, options.blank)


def _table(options: argparse.Namespace) -> str:
    pack, text = built_in(options.instrument), _read(options.file)
    rule, blank = options.rule or pack.default_rule, options.blank or pack.default_blank
    figures = score_table(options.file.name, text, pack, rule, blank, nrr=options.nrr)
    return json.dumps(figures, ensure_ascii=False, indent=1) if options.json else printed(figures)


if __name__ == "__main__":
    sys.exit(main())
