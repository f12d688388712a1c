"""The one door to openpyxl: sheets in, the bytes of an XLSX file out. The same tally gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell as XlsxCell
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from collector.grid import letters
from publish.cells import Cell, Choice, Content, Formula, Sheet, span
from publish.rekap import sheets
from scoring.disclosure import published_layanan
from scoring.instrument import built_in
from scoring.tally import Tally

REKAP: Final = "rekap.xlsx"
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has no place for these
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula when a text is edited
ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)
LINE: Final = Side(style="thin", color="808080")
THIN: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
SHADE: Final = PatternFill("solid", fgColor="E7ECEF")
# Name: size, bold, horizontal place, number format, in a frame, shaded.
STYLES: Final[dict[str, tuple[int, bool, str, str, bool, bool]]] = {
    "big": (20, True, "left", "@", False, False),
    "title": (14, True, "left", "@", False, False),
    "office": (11, True, "left", "@", False, False),
    "note": (10, False, "left", "@", False, False),
    "section": (10, True, "left", "@", False, False),
    "head": (9, True, "center", "General", True, True),
    "label": (10, False, "left", "@", True, False),
    "fact": (10, False, "left", "@", True, False),
    "word": (10, False, "left", "@", True, False),
    "letter": (10, False, "center", "General", True, False),
    "number": (10, False, "left", "0", True, False),
    "value": (10, False, "left", '"Nilai "0', True, False),
    "answer": (10, False, "center", "0", True, False),
    "count": (10, False, "right", "#,##0", True, False),
    "exact": (9, False, "right", "0.00000000", True, False),
    "three": (10, True, "right", "0.000", True, False),
    "two": (10, False, "right", "0.00", True, False),
    "fraction": (10, False, "right", "?/??", True, False),
    "weight": (10, False, "right", "0.00##", True, False),
    "result": (12, True, "right", "0.00", True, True),
    "result_word": (10, True, "center", "General", True, True),
    "entry": (10, False, "left", "@", True, False),
    "entry_value": (10, False, "center", "0", True, False),
}
ENTRY: Final = "entry"  # the styles of cells that can be changed in a locked sheet
MOST_PROMPT: Final = 255  # characters of an input message, in every spreadsheet


def office_workbook(result: Mapping[str, Any], tally: Tally) -> bytes:
    """Return the office's own workbook: answers column by column, counts, every layanan that may be shown."""
    return _workbook(result, tally, published_layanan(result), rows=True)


def public_workbook(public: Mapping[str, Any], tally: Tally) -> bytes:
    """Return the workbook of a published part whose scores are not withheld: its counts, and its layanan."""
    return _workbook(public, tally, {entry["id"] for entry in public["layanan"] if not entry["withheld"]}, rows=False)


def _workbook(result: Mapping[str, Any], tally: Tally, shown: Container[str], *, rows: bool) -> bytes:
    made = sheets(result, tally, built_in(tally.instrument), shown, rows=rows)
    return render(
        made, f"Rekapitulasi SKM {result['periode']}", result["office_nama"], date.fromisoformat(tally.selesai)
    )


def render(content: Sequence[Sheet], title: str, author: str, day: date) -> bytes:
    """Return the file that holds `content`; `day` stands in it as the day it was made."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in STYLES:
        book.add_named_style(_style(name))
    for sheet in content:
        _write(book.create_sheet(sheet.title), sheet)
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    book.properties.title = _clean(title)
    book.properties.creator = book.properties.lastModifiedBy = _clean(author)
    file = io.BytesIO()
    book.save(file)
    book.properties.created = book.properties.modified = datetime.combine(day, time())
    return _repeatable(file, {"docProps/core.xml": tostring(book.properties.to_tree())})


def _write(worksheet: Worksheet, sheet: Sheet) -> None:
    """Write the cells of a sheet and how it is looked at and printed."""
    for (row, column), cell in sorted(sheet.cells.items()):
        _fill(worksheet.cell(row, column), cell)
    for number, width in enumerate(sheet.widths, 1):
        worksheet.column_dimensions[letters(number)].width = width
    for row, height in sheet.heights.items():
        worksheet.row_dimensions[row].height = height
    for top, left, bottom, right in sheet.merges:
        worksheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for row in sheet.breaks:
        worksheet.row_breaks.append(Break(id=row))
    if sheet.freeze:
        worksheet.freeze_panes = f"{letters(sheet.freeze[1])}{sheet.freeze[0]}"
    if sheet.repeat:
        worksheet.print_title_rows = f"{sheet.repeat[0]}:{sheet.repeat[1]}"
    for choice in sheet.choices:
        worksheet.add_data_validation(_validation(choice))
    worksheet.protection.sheet = sheet.locked
    worksheet.protection.formatColumns = worksheet.protection.formatRows = False  # not forbidden: widths may change
    worksheet.sheet_view.showGridLines = False
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, int(sheet.one_page)
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_margins.left = worksheet.page_margins.right = 0.5  # inches
    worksheet.page_margins.top = worksheet.page_margins.bottom = 0.7
    worksheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="Halaman &P dari &N"))


def _validation(choice: Choice) -> DataValidation:
    """Return what a spreadsheet checks while somebody types, with its messages."""
    if isinstance(choice.allowed, int):
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(choice.allowed))
    else:
        listed = choice.allowed.text if isinstance(choice.allowed, Formula) else f'"{choice.allowed}"'
        rule = DataValidation(type="list", formula1=listed)
    rule.allow_blank = True
    rule.promptTitle = rule.errorTitle = choice.title[:32]
    rule.prompt = choice.prompt[:MOST_PROMPT]
    rule.error = f"Isian tidak sesuai. {choice.prompt}"[:MOST_PROMPT]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(span(choice.first, choice.last))
    return rule


def _fill(target: XlsxCell | MergedCell, cell: Cell) -> None:
    """Put a cell's content in place. Text stays text, whatever it begins with."""
    target.style = cell.style
    content = cell.content
    if isinstance(content, str):
        if content:
            target.value = _clean(content)
            target.data_type = "s"
            target.quotePrefix = content.startswith(RISKY)
    else:
        target.value = _value(content)


def _value(content: Content) -> str | int | float:
    """Return a formula or a number as openpyxl takes it; a weight that no decimal can write is a division."""
    if isinstance(content, Formula):
        return f"={content.text}"
    if isinstance(content, Fraction):
        exact = 10**6 % content.denominator == 0
        return float(content) if exact else f"={content.numerator}/{content.denominator}"
    return content


def _clean(text: str) -> str:
    """Return the text without the characters that an XLSX file cannot hold."""
    return FORBIDDEN.sub("", text)


def _style(name: str) -> NamedStyle:
    size, bold, place, number, framed, shaded = STYLES[name]
    style = NamedStyle(name)
    style.font = Font(name="Arial", size=size, bold=bold)
    style.alignment = Alignment(horizontal=place, vertical="center", wrap_text=place != "right")
    style.number_format = number
    style.border = THIN if framed else Border()
    style.fill = SHADE if shaded else PatternFill()
    style.protection = Protection(locked=not name.startswith(ENTRY))
    return style


def _repeatable(file: io.BytesIO, replaced: Mapping[str, bytes]) -> bytes:
    """Return the archive with one day on every entry, and some entries in the words of `replaced`."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, replaced.get(name) or source.read(name))
    return out.getvalue()
