"""The one door to pikepdf: empty signature fields, in the structure of the document before anyone signs it.

A field that a signature brings along is in no structure element, which PDF/UA (7.18.4) refuses, and cannot be put
into one afterwards without breaking the signature.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

FINAL: Final = "TandaTangan"  # nothing may be filled in after this one is signed
INITIALS: Final = ("Paraf1", "Paraf2")
PRINTED_AND_LOCKED: Final = 4 + 128  # PDF/A wants every annotation printed
APPEND_ONLY: Final = 1 + 2  # said beforehand, so that the first signature changes nothing but its own field
CHANGED_BY_SIGNING: Final = {"/ModDate", "/Producer"}
CLAIMED: Final = ("dc:title", "dc:creator", "xmp:CreateDate", "pdfaid:part", "pdfaid:conformance", "pdfuaid:part")
NOWHERE: Final = (0.0, 0.0, 0.0, 0.0)


class Field(NamedTuple):
    """An empty signature field: its name, and what a screen reader says of it."""

    name: str
    label: str


class Place(NamedTuple):
    """Where a field stands: page from 0, and its edges (left, bottom, right, top) in points."""

    page: int
    box: tuple[float, ...]


def add_fields(content: bytes, fields: Sequence[tuple[Field, Place | None]]) -> bytes:
    """Return the tagged PDF with the fields; one without a place is invisible and belongs to the last page.

    The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(content)) as document:
        made = [_add_field(document, field, place) for field, place in fields]
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array(made), SigFlags=APPEND_ONLY))
        if Name.AF in document.Root:  # WeasyPrint names each attachment twice
            document.Root.AF = Array({spec.objgen: spec for spec in document.Root.AF}.values())
        saved = io.BytesIO()
        # WeasyPrint puts all objects into one stream, of which a check of signatures reads the head for every object:
        # with a hundred in a stream it takes an eighth of the time.
        document.save(saved, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return saved.getvalue()


def page_count(content: bytes) -> int:
    """Return the number of pages of a PDF, 0 for what cannot be read as one without a password."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            return len(document.pages)
    except pikepdf.PdfError:
        return 0


def _add_field(document: pikepdf.Pdf, field: Field, place: Place | None) -> Any:
    """Return the field, its widget on its page and in a Form element of the structure."""
    page = document.pages[place.page if place else -1].obj
    box = place.box if place else NOWHERE
    widget = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=pikepdf.String(field.name),
            TU=pikepdf.String(field.label),
            Contents=pikepdf.String(field.label),
            Rect=Array([round(edge, 2) for edge in box]),
            F=PRINTED_AND_LOCKED,
            P=page,
        )
    )
    if place:
        widget.AP = Dictionary(N=_empty_drawing(document, box))
    if field.name == FINAL:
        widget.Lock = document.make_indirect(Dictionary(Type=Name.SigFieldLock, Action=Name.All))
    page.Annots = Array([*page.get(Name.Annots, ()), widget])
    page.Tabs = Name.S  # read in the order of the structure
    _tag(document, widget, page, field.label)
    return widget


def _empty_drawing(document: pikepdf.Pdf, box: tuple[float, ...]) -> Any:
    """Return a drawing of nothing: PDF/A wants one for every annotation that has a size."""
    left, bottom, right, top = box
    drawing = document.make_stream(b"")
    drawing.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(right - left, 2), round(top - bottom, 2)]),
            Resources=Dictionary(),
        )
    )
    return drawing


def _tag(document: pikepdf.Pdf, widget: Any, page: Any, label: str) -> None:
    """Put the widget into a Form element at the end of the structure, and the element into the tree of parents."""
    structure = document.Root.StructTreeRoot
    top = structure.K[0] if isinstance(structure.K, Array) else structure.K
    number = _next_key(structure)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=top,
            Pg=page,
            Alt=pikepdf.String(label),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    widget.StructParent = number
    structure.ParentTree.Nums = Array([*structure.ParentTree.Nums, number, element])
    structure.ParentTreeNextKey = number + 1
    top.K = Array([*top.K, element]) if isinstance(top.K, Array) else Array([top.K, element])


def _next_key(structure: Any) -> int:
    """Return the first key that the tree of parents does not use."""
    numbers = structure.ParentTree.Nums
    used = [int(numbers[place]) for place in range(0, len(numbers), 2)]
    return max([*used, int(structure.get(Name.ParentTreeNextKey, 0)) - 1]) + 1


def place_of(content: bytes, name: str) -> Place | None:
    """Return where the field `name` stands, or None where there is no such field."""
    with pikepdf.open(io.BytesIO(content)) as document:
        for number, page in enumerate(document.pages):
            for annotation in page.obj.get(Name.Annots, ()):
                if str(annotation.get(Name.T, "")) == name:
                    return Place(number, tuple(float(edge) for edge in annotation.Rect))
    return None


def description(content: bytes) -> dict[str, str]:
    """Return what a PDF says of itself that no signature may change: titles, authors, and the standards it claims.

    Raises ValueError for what is no PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            info = {str(key): str(value) for key, value in document.docinfo.items() if key not in CHANGED_BY_SIGNING}
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
                return {**info, **{key: str(xmp.get(key)) for key in CLAIMED}}
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from None
