"""The questionnaire on paper: the same pack, the same wording, two pages of A4 for one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from publish import pdf
from scoring.instrument import Instrument, Profil, Question
from scoring.office import Office

CSS: Final = (Path(__file__).parent / "layout" / "formulir.css").read_text("utf-8")
LETTERS: Final = "abcdefghij"
BOX: Final = Markup('<span class="kotak"></span>')


def paper_form(office: Office, pack: Instrument, today: date) -> bytes:
    """Return the paper form of `pack` as PDF."""
    body = Markup(
        '<main><p class="instansi">{}</p><h1>KUESIONER SURVEI KEPUASAN MASYARAKAT (SKM)</h1><p class="unit">{}</p>'
        '<p class="janji">Tanpa nama. Lingkari satu huruf untuk setiap pertanyaan, lalu masukkan lembar ini ke kotak '
        "survei.</p>{}{}{}</main>"
    ).format(
        office.instansi,
        f"Unit layanan {office.nama}, {office.kabupaten}",
        _head(office, pack.profil),
        _questions(pack.questions, pack.low),
        Markup(
            "<h2>III. Saran (boleh tidak diisi)</h2>"
            '<p class="kecil">Jangan menuliskan nama, NIK, atau nomor telepon.</p>'
            '<div class="garis"></div><div class="garis"></div><div class="garis"></div>'
        ),
    )
    return pdf.render(f"Kuesioner SKM - {office.nama}", CSS, body, author=office.nama, day=today)


def _head(office: Office, profil: Sequence[Profil]) -> Markup:
    services = Markup("").join(Markup("<span>{} {}</span>").format(BOX, item.nama) for item in office.layanan)
    hours = Markup("<span>{} 08.00–12.00</span><span>{} 13.00–17.00</span>").format(BOX, BOX)
    rows = [("Tanggal survei", Markup('<span class="isi"></span>')), ("Jam survei", hours)]
    rows.append(("Layanan yang diterima", services))
    for field in profil:
        options = Markup("").join(Markup("<span>{} {}</span>").format(BOX, nama) for _, nama in field.options)
        rows.append((field.nama, options))
    lines = [Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(name, cell) for name, cell in rows]
    table = Markup('<table class="profil"><tbody>{}</tbody></table>').format(Markup("").join(lines))
    return Markup("<h2>I. Profil (boleh tidak diisi)</h2>{}").format(table)


def _questions(questions: Sequence[Question], low: int) -> Markup:
    lines = []
    for nomor, question in enumerate(questions, 1):
        options = Markup("").join(
            Markup("<li><b>{}.</b> {}</li>").format(letter, words)
            for letter, words in zip(LETTERS, question.options, strict=False)
        )
        cell = Markup('<p>{}</p><ol class="pilihan">{}</ol>').format(question.text, options)
        lines.append(Markup('<tr><td class="nomor">{}.</td><td>{}</td><td class="p"></td></tr>').format(nomor, cell))
    values = ", ".join(f"{letter} = {value}" for value, letter in enumerate(LETTERS[: len(questions[0].options)], low))
    return Markup(
        '<h2>II. Pendapat responden tentang pelayanan</h2><table class="tanya"><thead><tr><th scope="col">No.</th>'
        '<th scope="col">Pertanyaan (lingkari huruf sesuai jawaban Anda)</th><th scope="col">P *)</th></tr></thead>'
        '<tbody>{}</tbody></table><p class="kecil">*) Diisi petugas: {}.</p>'
    ).format(Markup("").join(lines), values)
