"""The poster at the counter: one A4 page per layanan with the QR code, the address in words, and the promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector import qr
from collector.freeze import address
from publish import pdf
from scoring.office import Layanan, Office

CSS: Final = (Path(__file__).parent / "layout" / "poster.css").read_text("utf-8")


def poster(office: Office, layanan: Layanan, questions: int, today: date, *, rehearsal: bool) -> bytes:
    """Return the poster of one layanan as PDF; `questions` is their number on the form."""
    link = address(office, layanan)
    body = Markup(
        '<main>{}<p class="instansi">{}</p><p class="kantor">{}</p><h1>Bagaimana<br>pelayanan kami?</h1>'
        '<p class="layanan">{}</p>{}<p class="cara">Pindai dengan kamera ponsel, atau buka</p><p class="alamat">{}</p>'
        '<p class="janji">{} pertanyaan, sekitar dua menit. Tanpa nama. Petugas tidak dapat melihat jawaban Anda.</p>'
        '<p class="kaki">Tidak membawa ponsel? Mintalah formulir kertas di loket.</p></main>'
    ).format(
        Markup('<p class="pita">UJI COBA</p>') if rehearsal else "",
        office.instansi,
        office.nama,
        layanan.nama,
        pdf.image(qr.svg(link), "qr.svg", f"Kode QR menuju {link}", "qr"),
        link.removeprefix("https://").removeprefix("http://").rstrip("/"),
        questions,
    )
    title = f"Poster survei {layanan.nama} - {office.nama}"
    return pdf.render(title, CSS, body, author=office.nama, day=today)
