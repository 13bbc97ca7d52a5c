"""Builds the files of this folder again: honest documents as other programs write them. See README.md.

Run `python tests/documents/made/make.py`. It needs the programs that README.md names; the tests do not.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>&lt;html&gt; and CSS: a CV</title></head>
<body><h1>Amara Okafor</h1><p>Zo\u00eb\u2019s caf\u00e9, Gr\u00fc\u00dfe aus K\u00f6ln;
<a href="https://example.org/amara">my site</a>,
<a href="mailto:amara@example.org">email</a>.</p><h2>Education</h2>
<table border="1"><tr><td>2024</td><td>MSc Data Science</td></tr></table>
<ul><li>HTML/CSS/JS</li><li>Led a team of 12</li></ul></body></html>"""
TEX = r"""\documentclass{article}\usepackage{%s}\usepackage[colorlinks]{hyperref}
\hypersetup{pdftitle={<html> CV of Amara},pdfauthor={Amara Okafor},%s}
\begin{document}\section{Amara Okafor}Led a team of 12. \href{https://example.org}{My site},
\href{references.pdf}{references}, \href{run:portfolio.exe}{portfolio}. \Acrobatmenu{NextPage}{next page}
\newpage\section{Education}MSc Data Science\end{document}"""
MACROS = "\n".join(  # groff
    [".TL", "Curriculum Vitae", ".AU", "Amara Okafor", ".SH", "Education", ".PP", "MSc Data Science, led a team of 12."]
)


def run(*command: str | Path, cwd: Path) -> None:
    subprocess.run([str(each) for each in command], cwd=cwd, check=True, capture_output=True, timeout=180)


def office(folder: Path, source: Path, to: str, name: str) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    run("soffice", profile, "--headless", "--convert-to", to, "--outdir", folder / "out", source, cwd=folder)
    made = next((folder / "out").iterdir())
    shutil.move(made, HERE / name)


def latex(folder: Path, name: str, package: str, options: str) -> None:
    (folder / "cv.tex").write_text(TEX % (package, options))
    for _ in range(2):
        run("pdflatex", "-interaction=nonstopmode", "cv.tex", cwd=folder)
    shutil.move(folder / "cv.pdf", HERE / name)


def from_office(folder: Path) -> None:
    page = folder / "cv.html"
    page.write_text(HTML)
    office(folder, page, "odt:writer8", "cv.odt")
    source = folder / "source.odt"
    shutil.move(HERE / "cv.odt", source)
    office(folder, source, "pdf:writer_pdf_Export", "libreoffice.pdf")
    office(folder, source, 'pdf:writer_pdf_Export:{"IsAddStream":{"type":"boolean","value":"true"}}', "hybrid-odf.pdf")
    tagged = '{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"}}'
    office(folder, source, f"pdf:writer_pdf_Export:{tagged}", "libreoffice-archive.pdf")
    restricted = (
        '{"RestrictPermissions":{"type":"boolean","value":"true"},'
        '"PermissionPassword":{"type":"string","value":"owner"},"Printing":{"type":"long","value":"0"}}'
    )
    office(folder, source, f"pdf:writer_pdf_Export:{restricted}", "libreoffice-restricted.pdf")
    office(folder, source, "docx:MS Word 2007 XML", "libreoffice.docx")
    office(folder, source, "docx:Office Open XML Text", "libreoffice-strict.docx")


def from_tex(folder: Path) -> None:
    latex(folder, "latex.pdf", "url", "pdfstartview=FitH")
    latex(folder, "latex-presentation.pdf", "url", "pdfpagemode=FullScreen,bookmarks=true,pdflang=en")


def from_ghostscript(folder: Path) -> None:
    run(
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-sDEVICE=pdfwrite",
        "-o",
        HERE / "ghostscript.pdf",
        HERE / "latex.pdf",
        cwd=folder,
    )
    (folder / "cv.ms").write_text(MACROS)
    with (folder / "cv.ps").open("wb") as out:
        subprocess.run(["groff", "-ms", "-Tps", "cv.ms"], cwd=folder, check=True, stdout=out)
    run("ps2pdf", "cv.ps", HERE / "groff-ps2pdf.pdf", cwd=folder)


def from_chromium(folder: Path) -> None:
    (folder / "page.html").write_text(HTML)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    run("chromium", *flags, f"--print-to-pdf={HERE / 'chromium.pdf'}", folder / "page.html", cwd=folder)


def from_qpdf(folder: Path) -> None:
    run(
        "qpdf",
        "--linearize",
        "--object-streams=generate",
        HERE / "libreoffice.pdf",
        HERE / "linearized.pdf",
        cwd=folder,
    )
    lock = ["--encrypt", "", "owner", "256", "--print=none", "--modify=none", "--"]
    run("qpdf", *lock, HERE / "chromium.pdf", HERE / "empty-password-aes.pdf", cwd=folder)
    shutil.copy(HERE / "chromium.pdf", HERE / "europass.pdf")
    (folder / "attachment.xml").write_text("<SkillsPassport><Name>Amara Okafor</Name></SkillsPassport>")
    attach = ["--add-attachment", folder / "attachment.xml", "--mimetype=text/xml", "--"]
    run("qpdf", *attach, "--replace-input", HERE / "europass.pdf", cwd=folder)


def from_libraries(folder: Path) -> None:
    """Uses the current interpreter, which has these libraries."""
    (folder / "html.html").write_text(HTML)
    run(sys.executable, HERE / "make_with_libraries.py", folder / "html.html", HERE, cwd=folder)
    run("pandoc", folder / "html.html", "-o", HERE / "pandoc.docx", cwd=folder)


MAKERS: list[Callable[[Path], None]] = [
    from_office,
    from_tex,
    from_ghostscript,
    from_chromium,
    from_qpdf,
    from_libraries,
]


if __name__ == "__main__":
    for maker in MAKERS:
        with tempfile.TemporaryDirectory() as drawn:
            maker(Path(drawn))
