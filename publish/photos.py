"""Photos for the documents: read from foto/, checked, turned upright, made small, and stripped of what a phone adds."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from markupsafe import Markup
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from publish import pdf
from scoring.errors import IkmError

FOLDER: Final = "foto"
KINDS: Final = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
MOST_BYTES: Final = 15_000_000
MOST_PIXELS: Final = 50_000_000
LEAST_SIDE: Final = 300  # pixels; under this it prints blurred at half a page's width
SIDE: Final = 1200  # pixels of the longer side in the document
QUALITY: Final = 80


def clean_photo(file: Path) -> bytes:
    """Return the photo as a JPEG of at most 1200 pixels a side, upright, without EXIF: no place, hour or phone.

    The same file gives the same bytes. Raises FILE_MISSING and PHOTO_INVALID.
    """
    name = f"{FOLDER}/{file.name}"
    if not file.is_file():
        raise IkmError("FILE_MISSING", file=name, advice="Salin fotonya ke folder itu, atau hapus barisnya.")
    if file.stat().st_size > MOST_BYTES:
        raise _invalid(name, f"lebih besar daripada {MOST_BYTES // 1_000_000} MB")
    try:
        with whole_images(), Image.open(file, formats=tuple(KINDS)) as image:
            _check(name, file.suffix.lower(), image)
            picture = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise _invalid(name, "bukan gambar JPG atau PNG yang utuh") from error
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    flat.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    flat.save(content, "JPEG", quality=QUALITY)
    return content.getvalue()


@contextmanager
def whole_images() -> Iterator[None]:
    """Refuse a picture that breaks off: weasyprint lets Pillow fill in what is lacking."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check(name: str, suffix: str, image: Image.Image) -> None:
    """Raise PHOTO_INVALID when the name tells another kind than the content, or the size is no photo's."""
    if suffix not in KINDS[image.format or "JPEG"]:
        raise _invalid(name, f"isinya {image.format}, tidak sesuai dengan akhiran namanya")
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _invalid(name, f"berukuran {width} × {height} piksel, terlalu besar")
    if min(width, height) < LEAST_SIDE:
        raise _invalid(name, f"berukuran {width} × {height} piksel; setiap sisi paling sedikit {LEAST_SIDE} piksel")


def _invalid(name: str, reason: str) -> IkmError:
    return IkmError("PHOTO_INVALID", file=name, reason=reason)


def figure(folder: Path, berkas: str, keterangan: str) -> Markup:
    """Return a photo of `folder`/foto with its caption below. Raises FILE_MISSING and PHOTO_INVALID."""
    content = clean_photo(folder / FOLDER / berkas)
    drawn = pdf.image(content, "foto.jpg", keterangan, "foto")
    return Markup('<figure class="foto">{}<figcaption>{}</figcaption></figure>').format(drawn, keterangan)


def gallery(folder: Path, shown: Sequence[tuple[str, str]]) -> Markup:
    """Return photos (file, caption) two in a row; nothing where there are none."""
    if not shown:
        return Markup("")
    figures = [figure(folder, berkas, keterangan) for berkas, keterangan in shown]
    return Markup('<div class="galeri">{}</div>').format(Markup("").join(figures))
