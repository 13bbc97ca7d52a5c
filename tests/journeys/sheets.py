"""Pages printed by Chromium on A4: their words and where these are, and, with `pdftoppm`, their pictures."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

PDFTOPPM = shutil.which("pdftoppm")

MARGIN = 14 / 25.4 * 72
"""The margin in print.css, in points. The sheets are 595 × 842 points."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text as the PDF draws it. `x` and `y` are points from the top left of the sheet."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    width: float
    height: float
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def filled(self) -> float:
        """How far down the sheet its last line is, from 0 to 1."""
        return max((run.y for run in self.runs), default=0) / self.height


def printed(page: Page, *, landscape: bool = False) -> bytes:
    """As Chromium's own dialogue prints it: A4, the margins of the style sheet, background graphics off."""
    page.evaluate("document.fonts.ready")
    return page.pdf(format="A4", landscape=landscape, prefer_css_page_size=False, print_background=False)


def sheets(pdf: bytes) -> list[Sheet]:
    return [_sheet(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _sheet(page: PageObject) -> Sheet:
    runs: list[Run] = []
    width, height = float(page.mediabox.width), float(page.mediabox.height)

    def note(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            runs.append(Run(text, x, height - y))

    page.extract_text(visitor_text=note)
    return Sheet(width, height, tuple(runs))


GRID = (21, 30)
"""Cells across and down a sheet: about a centimetre each. Coarser than a letter, so other fonts and dates make little
difference, and finer than an entry of the diary."""


def picture(pdf: bytes, folder: Path) -> Image.Image:
    """The first sheet in grey, one pixel a cell."""
    (folder / "printed.pdf").write_bytes(pdf)
    command = [str(PDFTOPPM), "-gray", "-png", "-r", "40", "-f", "1", "-l", "1", "-singlefile", "printed.pdf", "sheet"]
    subprocess.run(command, cwd=folder, check=True)
    seen = Image.open(folder / "sheet.png").convert("L")
    across, down = GRID if seen.height > seen.width else GRID[::-1]
    return seen.resize((across, down), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, int]:
    """The mean difference of two pictures, and that of the cell that differs most, from 0 to 255."""
    if one.size != other.size:
        return 255, 255
    cells = list(ImageChops.difference(one, other).tobytes())
    return sum(cells) / len(cells), max(cells)
