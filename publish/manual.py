"""The manual for the office as one PDF: four pages of docs/ with their pictures, contents, and numbers of pages.

The pages stay the one source. What only developers read in them is left out, and a link between them says its page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, Final

import markdown
from markdown.extensions.toc import slugify
from markupsafe import Markup

from publish import pdf
from publish.documents import CSS
from scoring.errors import IkmError
from scoring.periode import tanggal

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = ("petunjuk", "prosedur", "galat", "batas")  # of docs/, in the order of the chapters
STYLE: Final = (Path(__file__).parent / "layout" / "petunjuk.css").read_text("utf-8")
TITLE: Final = "Buku Petunjuk Survei Kepuasan Masyarakat"
AUTHOR: Final = "ikm"
LINK: Final = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#:]*)(#[^)]*)?\)")  # to a page of ours, not to an address
TESTED: Final = re.compile(r"^Diuji oleh:\n\n(?:- .*\n)+\n?", re.MULTILINE)  # names of tests, in English
PICTURE: Final = re.compile(r'<img alt="([^"]*)" src="([^"]*)">')
CODE: Final = re.compile(r"<code>(.*?)</code>", re.DOTALL)
ALONE: Final = re.compile(r"<p>(<img [^>]*>)</p>")
GALLERY: Final = re.compile(r"<table>(?=(?:(?!</table>).)*<img )", re.DOTALL)
WHOLE: Final = re.compile(r"(?<!\S)(?=\S*[-/?])\S{1,22}(?!\S)")  # a word of a command that is not broken at its hyphens
INDENT: Final = 3  # of a list within a numbered step, as the pages are written


def write_manual(folder: Path, day: date) -> Path:
    """Write petunjuk.pdf, in the state of `day`, into `folder`; return it. Raises FILE_MISSING for a page or picture.

    The same pages on the same day give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "petunjuk.pdf"
    file.write_bytes(
        pdf.render(TITLE, CSS + pdf.paper("A4") + STYLE, _body(ROOT / "docs", day), author=AUTHOR, day=day)
    )
    return file


def _body(docs: Path, day: date) -> Markup:
    """Return cover, contents and chapters."""
    chapters: list[Markup] = []
    contents: list[Mapping[str, Any]] = []
    for name in PAGES:
        html, tokens = _chapter(docs, name)
        chapters.append(Markup('<section id="{}" class="{}">{}</section>').format(name, name, html))
        contents += tokens
    version = tomllib.loads(_read(docs.parent / "pyproject.toml").decode())["project"]["version"]
    cover = Markup(
        '<div class="sampul"><p class="judul">BUKU PETUNJUK<br>SURVEI KEPUASAN MASYARAKAT</p>'
        '<p class="periode">Langkah kerja, empat prosedur, daftar galat, dan batas</p>'
        '<p class="instansi">Versi {}, keadaan {}</p></div>'
    ).format(version, tanggal(day))
    parts = [cover, Markup('<div class="toc">{}</div>').format(_contents(contents)), *chapters]
    return Markup('<main class="laporan petunjuk">{}</main>').format(Markup("").join(parts))


def _chapter(docs: Path, name: str) -> tuple[Markup, Sequence[Mapping[str, Any]]]:
    """Return the HTML of a page of docs/, and its headings as the contents need them."""
    text = TESTED.sub("", _read(docs / f"{name}.md").decode())
    reader = markdown.Markdown(
        extensions=["tables", "toc", "sane_lists"],
        extension_configs={"toc": {"slugify": lambda value, separator: _anchor(name, slugify(value, separator))}},
        output_format="html",
        tab_length=INDENT,
    )
    html = reader.convert(_linked(name, text)).replace("<pre><code> ", "<pre><code>")
    html = GALLERY.sub('<table class="gambar">', ALONE.sub(r"<figure>\1</figure>", html))
    html = CODE.sub(lambda found: f"<code>{WHOLE.sub(_unbroken, found[1])}</code>", html)
    html = PICTURE.sub(lambda found: str(_picture(docs, found[2], found[1])), html)
    tokens: Sequence[Mapping[str, Any]] = reader.toc_tokens  # type: ignore[attr-defined]  # set by its extension
    return Markup(html), tokens  # noqa: S704  # the pages are our own


def _anchor(name: str, slug: str = "") -> str:
    return f"{name}-{slug}" if slug else name


def _linked(name: str, text: str) -> str:
    """Return the Markdown with its links led within the PDF; a page that is not in it is named only."""

    def led(found: re.Match[str]) -> str:
        words, page, place = found[1], found[2], (found[3] or "").removeprefix("#")
        target = Path(page).stem if page else name
        if target not in PAGES or "/" in page:
            return words
        return f"[{words}](#{_anchor(target, place)})"

    return LINK.sub(led, text)


def _unbroken(word: re.Match[str]) -> str:
    return f"<span>{word[0]}</span>"


def _picture(docs: Path, source: str, alt: str) -> Markup:
    return pdf.image(_read(docs / source), source, unescape(alt), "gambar")


def _contents(tokens: Sequence[Mapping[str, Any]], deepest: int = 2) -> Markup:
    """Return the list of headings down to a level; their numbers and pages are the style's."""
    lines = [
        Markup('<li><a href="#{}">{}</a>{}</li>').format(
            token["id"],
            Markup(token["html"]),  # noqa: S704  # as the page has it
            _contents(token["children"], deepest) if token["children"] and token["level"] < deepest else "",
        )
        for token in tokens
    ]
    return Markup("<ul>{}</ul>").format(Markup("").join(lines))


def _read(file: Path) -> bytes:
    if not file.is_file():
        raise IkmError("FILE_MISSING", file=file, advice="Pulihkan berkas itu dari salinan program, lalu ulangi.")
    return file.read_bytes()
