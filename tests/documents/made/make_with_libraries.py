"""The part of `make.py` that needs Python libraries: reportlab, fpdf2, weasyprint, python-docx."""

from __future__ import annotations

import sys
from pathlib import Path

import docx
from fpdf import FPDF
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas
from weasyprint import HTML

LINES = ["Amara Okafor", "MSc Data Science", "Led a team of 12"]


def main(page: Path, folder: Path) -> None:
    HTML(page).write_pdf(folder / "weasyprint.pdf", pdf_variant="pdf/a-3b")
    paper = canvas.Canvas(str(folder / "reportlab.pdf"), pagesize=A4)
    paper.setAuthor("Amara Okafor")
    paper.bookmarkPage("top")
    paper.addOutlineEntry("HTML/JS", "top")
    for row, line in enumerate(LINES):
        paper.drawString(72, 770 - 20 * row, line)
    paper.linkURL("https://example.org", (72, 700, 200, 720))
    paper.acroForm.textfield(name="name", x=72, y=600, width=200)
    paper.save()
    other = FPDF()
    other.add_page()
    other.set_font("Helvetica", size=12)
    for line in LINES:
        other.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    other.output(str(folder / "fpdf2.pdf"))
    word = docx.Document()
    word.core_properties.author = "Amara Okafor"
    word.add_heading(LINES[0])
    for line in LINES[1:]:
        word.add_paragraph(line, style="List Bullet")
    word.add_table(2, 2).cell(0, 0).text = "2024"
    word.sections[0].header.paragraphs[0].text = "Curriculum Vitae"
    word.save(str(folder / "python-docx.docx"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
