"""Ways to pass off a changed document as the signed one, each as a function from what is honest to what is not."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
from pki_samples import BODY, Pki, frozen
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle

from publish.sign import Order, sign

Attack = Callable[[bytes, Pki], bytes]


@cache
def initialled(content: bytes, pki: Pki) -> bytes:
    """Return `content` with both initials, as it goes to the Camat."""
    for who, field in (("paraf1", "Paraf1"), ("paraf2", "Paraf2")):
        content = sign(content, pki.key(who), Order(field))
    return content


@cache
def signed(content: bytes, pki: Pki) -> bytes:
    """Return `content` with both initials and the signature of the Camat."""
    return sign(initialled(content, pki), pki.key("camat"), Order("TandaTangan"))


def updated(content: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Return `content` with an incremental update that `change` makes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: IncrementalPdfFileWriter, number: int = 0) -> Any:
    reference = writer.find_page_for_modification(number)[0]
    writer.mark_update(reference)
    return reference.get_object()


def _stream(content: bytes, **entries: Any) -> generic.StreamObject:
    return generic.StreamObject({pdf_name(f"/{key}"): value for key, value in entries.items()}, stream_data=content)


def add_page(writer: IncrementalPdfFileWriter) -> None:
    writer.insert_page(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
                pdf_name("/Resources"): generic.DictionaryObject(),
                pdf_name("/Contents"): writer.add_object(_stream(b"")),
            }
        )
    )


def change_text(writer: IncrementalPdfFileWriter) -> None:
    page = _page(writer)
    page[pdf_name("/Contents")] = writer.add_object(_stream(b"BT ET"))


def replace_content(writer: IncrementalPdfFileWriter) -> None:
    """Override the stream object itself, so that the page looks untouched."""
    reference = writer.root["/Pages"]["/Kids"].raw_get(0).get_object().raw_get("/Contents")
    reference.get_object()._data = b"BT ET"
    reference.get_object()._encoded_data = None
    writer.mark_update(reference)


def replace_font(writer: IncrementalPdfFileWriter) -> None:
    fonts = writer.root["/Pages"]["/Kids"].raw_get(0).get_object()["/Resources"]["/Font"]
    name = next(iter(fonts))
    fonts.raw_get(name).get_object()[pdf_name("/BaseFont")] = pdf_name("/Lain")
    writer.mark_update(fonts.raw_get(name))


def cover_with_note(writer: IncrementalPdfFileWriter) -> None:
    note = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/FreeText"),
        "/Contents": generic.pdf_string("Nilai indeks 99,99"),
        "/Rect": generic.ArrayObject(map(generic.FloatObject, (70, 600, 400, 800))),
    }
    page = _page(writer)
    added = writer.add_object(generic.DictionaryObject({pdf_name(key): value for key, value in note.items()}))
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", ()), added])


def change_attachment(writer: IncrementalPdfFileWriter) -> None:
    spec = writer.root["/AF"].raw_get(0).get_object()
    reference = spec["/EF"].raw_get("/F")
    changed = _stream(b"unsur,n\r\npersyaratan,99\r\n", Type=pdf_name("/EmbeddedFile"))
    writer.objects[(0, reference.idnum)] = changed
    spec["/EF"][pdf_name("/F")] = writer.add_object(changed)
    writer.update_container(spec["/EF"])


def add_script(writer: IncrementalPdfFileWriter) -> None:
    script = {"/S": pdf_name("/JavaScript"), "/JS": generic.pdf_string("this.getField('x');")}
    action = generic.DictionaryObject({pdf_name(key): value for key, value in script.items()})
    writer.root[pdf_name("/OpenAction")] = writer.add_object(action)
    writer.update_root()


def add_text_field(writer: IncrementalPdfFileWriter) -> None:
    field = {"/FT": pdf_name("/Tx"), "/T": generic.pdf_string("Catatan"), "/V": generic.pdf_string("99,99")}
    added = writer.add_object(generic.DictionaryObject({pdf_name(key): value for key, value in field.items()}))
    form = writer.root["/AcroForm"]
    form["/Fields"].append(added)
    writer.update_container(form)
    writer.update_container(form["/Fields"])


def change_title(writer: IncrementalPdfFileWriter) -> None:
    writer.document_meta.title = "Laporan lain"
    writer.update_root()


def move_signature(writer: IncrementalPdfFileWriter) -> None:
    """Enlarge the widget of the Camat's signature over the page."""
    field = next(value for name, _, value in fields.enumerate_sig_fields(writer) if name == "TandaTangan")
    field.get_object()[pdf_name("/Rect")] = generic.ArrayObject(map(generic.FloatObject, (0, 0, 595, 842)))
    writer.mark_update(field)


def foreign_field(content: bytes, pki: Pki, who: str, box: tuple[int, int, int, int] | None, page: int = 1) -> bytes:
    """Return `content` signed in a field that the signing program brings along, as other applications do."""
    spec = fields.SigFieldSpec("Signature1", on_page=page, box=box, empty_field_appearance=False)
    meta = signers.PdfSignatureMetadata(
        field_name="Signature1", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    style = StaticStampStyle(border_width=1) if box else None
    signer = signers.PdfSigner(meta, signer=pki.key(who).signer, new_field_spec=spec, stamp_style=style)
    result: bytes = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue()
    return result


def transplant(content: bytes, pki: Pki) -> bytes:
    """Put another document, with a table of contents of its own, behind the frozen one, and sign the whole."""
    with pikepdf.open(io.BytesIO(frozen(BODY.replace("81,85", "99,99")))) as other:
        saved = io.BytesIO()
        other.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    behind, shift = saved.getvalue(), len(content)
    at = behind.rindex(b"xref\n", 0, behind.rindex(b"startxref"))
    table = re.sub(rb"(\d{10})( \d{5} n)", lambda row: b"%010d%s" % (int(row[1]) + shift, row[2]), behind[at:])
    table = re.sub(rb"startxref\n\d+", b"startxref\n%d" % (at + shift), table)
    return sign(content + behind[:at] + table, pki.key("camat"), Order("TandaTangan"))


def hole(content: bytes, pki: Pki) -> bytes:
    """Let the signature cover less than the whole: its second range begins a hundred bytes later."""
    whole = signed(content, pki)
    start, length = re.findall(rb"/ByteRange \[0 \d+ (\d+) (\d+)", whole)[-1]
    later = b"%d %d" % (int(start) + 100, int(length) - 100)
    return whole.replace(b"%s %s" % (start, length), later.ljust(len(start) + len(length) + 1))


ATTACKS: dict[str, Attack] = {
    "a page is added": lambda content, pki: updated(signed(content, pki), add_page),
    "a text is changed by an update": lambda content, pki: updated(signed(content, pki), change_text),
    "the content of a page is replaced behind its back": lambda content, pki: updated(
        signed(content, pki), replace_content
    ),
    "a font is replaced": lambda content, pki: updated(signed(content, pki), replace_font),
    "a note covers the figures": lambda content, pki: updated(signed(content, pki), cover_with_note),
    "an attachment is changed": lambda content, pki: updated(signed(content, pki), change_attachment),
    "a script runs on opening": lambda content, pki: updated(signed(content, pki), add_script),
    "a text field is added": lambda content, pki: updated(signed(content, pki), add_text_field),
    "the title is changed": lambda content, pki: updated(signed(content, pki), change_title),
    "the signature is drawn over the page": lambda content, pki: updated(signed(content, pki), move_signature),
    "all signatures are removed": lambda content, pki: content,
    "the last signature is removed": initialled,
    "a stranger signs": lambda content, pki: sign(content, pki.key("orang-lain"), Order("TandaTangan")),
    "a stranger initials before the Camat signs": lambda content, pki: sign(
        sign(content, pki.key("orang-lain"), Order("Paraf1")), pki.key("camat"), Order("TandaTangan")
    ),
    "a stranger signs behind the Camat": lambda content, pki: foreign_field(
        signed(content, pki), pki, "orang-lain", None
    ),
    "a trusted person signs behind the Camat": lambda content, pki: foreign_field(
        signed(content, pki), pki, "paraf1", None
    ),
    "the second initial comes before the first": lambda content, pki: sign(
        sign(sign(content, pki.key("paraf2"), Order("Paraf2")), pki.key("paraf1"), Order("Paraf1")),
        pki.key("camat"),
        Order("TandaTangan"),
    ),
    "an initial follows the signature that locks": lambda content, pki: sign(
        sign(content, pki.key("camat"), Order("TandaTangan")), pki.key("paraf1"), Order("Paraf1")
    ),
    "something is written behind the end": lambda content, pki: signed(content, pki) + b"\n% 99,99\n",
    "blanks are written behind the end": lambda content, pki: signed(content, pki) + b" " * 64,
    "the signature covers less than the whole": hole,
    "another document with a valid signature": lambda content, pki: signed(
        frozen(BODY.replace("Penutup", "Lain")), pki
    ),
    "another edition with a valid signature": lambda content, pki: signed(frozen(BODY.replace("81,85", "99,99")), pki),
    "another document is hidden behind the frozen one": transplant,
    "the signer changes the text before signing": lambda content, pki: sign(
        updated(content, change_text), pki.key("camat"), Order("TandaTangan")
    ),
    "the signer changes an attachment before signing": lambda content, pki: sign(
        updated(content, change_attachment), pki.key("camat"), Order("TandaTangan")
    ),
    "a mark of another program covers the figures": lambda content, pki: foreign_field(
        content, pki, "camat", (60, 500, 500, 800), 0
    ),
    "a mark of another program covers its own page": lambda content, pki: foreign_field(
        content, pki, "camat", (60, 60, 550, 780), 1
    ),
    "the file is saved anew by another program": lambda content, pki: _saved_anew(signed(content, pki)),
}


def _saved_anew(content: bytes) -> bytes:
    done = subprocess.run(["qpdf", "-", "-"], input=content, capture_output=True, check=False)
    return done.stdout
