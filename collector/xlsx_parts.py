"""The parts of an XLSX file as XML, after the file has been found harmless: small, whole, without macros or a DTD.

Read with the standard library alone: what a stranger's file may do is then bounded by what stands here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from scoring.errors import IkmError

MOST_PACKED: Final = 5_000_000  # bytes of the file; 10,000 answers fill about one tenth
MOST_UNPACKED: Final = 20_000_000  # bytes of all its parts; as a tree they take twenty times that
MOST_PARTS: Final = 1_000
OLE: Final = b"\xd0\xcf\x11\xe0"  # the old .xls, and every workbook under a password
ZIP: Final = b"PK\x03\x04"
UTF8: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?![^>]*encoding=[\"'](?!utf-?8|us-ascii))", re.IGNORECASE)
ENCRYPTED: Final = 1  # the bit of a ZIP entry that needs a password
MACRO: Final = re.compile(r"vbaProject|macroEnabled|macrosheet", re.IGNORECASE)
# What a damaged archive raises, by its damage.
BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, LookupError, ValueError),
)


class Parts:
    """The parts of one workbook by their names. Every error names the file and says how to save it."""

    def __init__(self, file: str, content: bytes) -> None:
        """Open `content`. Raises IMPORT_LARGE, XLSX_KIND and XLSX_BROKEN."""
        self.file = file
        check_size(file, len(content))
        if content.startswith(OLE):
            raise self.unfit("berformat lama (.xls) atau berkata sandi")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN:
            raise self.broken("bukan berkas .xlsx yang utuh") from None
        entries = self._zip.infolist()
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise IkmError("IMPORT_LARGE", file=file, limit=f"{MOST_UNPACKED // 1_000_000} MB sesudah dibuka")
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            raise self.unfit("berkata sandi")
        names = set(self._zip.namelist())
        if "[Content_Types].xml" not in names:
            raise self.unfit("bukan berkas Excel")
        named = file.lower().endswith((".xlsm", ".xltm"))
        if named or any(MACRO.search(name) for name in names) or MACRO.search(self._text("[Content_Types].xml")):
            raise self.unfit("berisi makro")

    def unfit(self, reason: str) -> IkmError:
        """Return the error of a file of another kind."""
        return IkmError("XLSX_KIND", file=self.file, reason=reason)

    def broken(self, reason: str) -> IkmError:
        """Return the error of a file that cannot be read."""
        return IkmError("XLSX_BROKEN", file=self.file, reason=reason)

    def holds(self, name: str) -> bool:
        """Say whether there is such a part."""
        return name in self._zip.namelist()

    def xml(self, name: str) -> ET.Element:
        """Return the root of a part. Raises XLSX_BROKEN when it is missing, no XML, or declares a DTD."""
        content = self._bytes(name)
        if not UTF8.match(content[:1000]) or b"\x00" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise self.broken(f"isi {name} tidak wajar")
        try:
            return ET.fromstring(content)  # noqa: S314  # no DTD, so no entities; and few bytes
        except (ET.ParseError, ValueError, LookupError):
            raise self.broken(f"isi {name} tidak dapat dibaca") from None

    def links(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return what the part refers to, by its id: the kind of the link, and the name of the other part."""
        folder, base = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.holds(listed):
            return {}
        found = {}
        for link in self.xml(listed):
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
            found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target)
        return found

    def _text(self, name: str) -> str:
        return self._bytes(name).decode("utf-8", "replace")

    def _bytes(self, name: str) -> bytes:
        try:
            return self._zip.read(name)
        except KeyError:
            raise self.broken(f"bagian {name} tidak ada") from None
        except BROKEN:
            raise self.broken(f"bagian {name} tidak utuh") from None


def check_size(file: str, size: int) -> None:
    """Raise IMPORT_LARGE for a file of more bytes than any real one has."""
    if size > MOST_PACKED:
        raise IkmError("IMPORT_LARGE", file=file, limit=f"{MOST_PACKED // 1_000_000} MB")


def tag(element: ET.Element) -> str:
    """Return the name of an element without its namespace: transitional and strict files differ in that alone."""
    return element.tag.rpartition("}")[2]


def child(element: ET.Element, name: str) -> ET.Element | None:
    """Return the first child of this name, or None."""
    return next((found for found in element if tag(found) == name), None)


def attribute(element: ET.Element, name: str) -> str:
    """Return an attribute whatever its namespace is, "" where there is none."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
