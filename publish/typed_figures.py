"""Figures cannot be typed: every digit in the prose is a named value, a named date or the number of a law."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jinja2 import nodes
from markupsafe import Markup

from scoring.errors import IkmError
from scoring.periode import BULAN

MONTHS: Final = "|".join(BULAN)
HOLE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
DATE: Final = re.compile(
    rf"(?:\d{{1,2}} (?:{MONTHS}) (?:\d{{4}} )?sampai dengan )?\d{{1,2}} (?:{MONTHS}) \d{{4}}|(?:{MONTHS}) \d{{4}}"
)
HEADING: Final = re.compile(r"^#{1,6} +\d+(?:\.\d+)*\.? ")
ORDINAL: Final = re.compile(r"^ {0,8}(\d{1,2})\. ")
# What is markup and not read: attributes behind a heading, the address of a link, tags with harmless numbers.
MARKUP: Final = re.compile(
    r"\{:? ?[.#][^}\n]*\}|(?<=\])\([^)\n]*\)|</?h[1-6]\b"
    r"|\b(?:class|id|href|colspan|rowspan)=(?:\"[^\"\n]*\"|'[^'\n]*')"
)


def check_prose(file: str, tree: nodes.Template, named: Mapping[str, str | Markup], laws: Sequence[str] = ()) -> None:
    """See that the prose, as Jinja parsed it, has no digit of its own. Raises PROSE_FIGURE with file, line and figure.

    Allowed are numbers of headings and lists, dates that equal one in `named`, and the numbers of `laws`, written whole
    or up to the word "tentang".
    """
    for line, typed in _typed(tree, _known(named, laws)):
        same = [name for name, value in named.items() if value == typed and not isinstance(value, Markup)]
        advice = f"Ganti dengan {{{{ {same[0]} }}}}." if same else "Ganti dengan nama dari nilai.txt."
        raise IkmError("PROSE_FIGURE", file=file, line=line, figure=typed, advice=advice)


def _known(named: Mapping[str, str | Markup], laws: Sequence[str]) -> list[str]:
    """Return the texts that may stand with their digits, the longest first."""
    texts = [str(value) for value in named.values() if not isinstance(value, Markup)]
    dates = {date for text in texts for date in DATE.findall(text)}
    short = {law.partition(" tentang ")[0] for law in laws}
    return sorted({*laws, *short, *dates}, key=len, reverse=True)


def _typed(tree: nodes.Template, known: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each typed figure with its line: in what stands between braces, and in the text."""
    for constant in tree.find_all(nodes.Const):
        if any(char.isnumeric() for char in str(constant.value)):
            yield constant.lineno, str(constant.value)
    text = "\n".join(_lines(tree))
    for allowed in known:
        words = r"\s+".join(re.escape(word) for word in allowed.split())
        text = re.sub(rf"(?<!\w){words}(?!\w)", _line_ends, text)
    last = 0
    for number, line in enumerate(text.split("\n"), 1):
        bare = HEADING.sub("", line)
        if (ordinal := ORDINAL.match(bare)) and int(ordinal[1]) in {1, last + 1}:
            last = int(ordinal[1])
            bare = bare[ordinal.end() :]
        for word in html.unescape(MARKUP.sub(" ", bare.replace(HOLE, " "))).split():
            if any(char.isnumeric() for char in word):
                yield number, word.strip(".,;:()*_\"'")


def _line_ends(found: re.Match[str]) -> str:
    """Return the line ends of what is taken out, so that the lines keep their numbers."""
    return " " + "\n" * found[0].count("\n")


def _lines(tree: nodes.Template) -> list[str]:
    """Return the lines of the prose, a hole where something stands between braces."""
    lines: list[str] = []
    for data in tree.find_all(nodes.TemplateData):
        for number, text in enumerate(data.data.split("\n"), data.lineno - 1):
            lines += [""] * (number + 1 - len(lines))
            lines[number] += text + HOLE
    return [line.removesuffix(HOLE) for line in lines]
