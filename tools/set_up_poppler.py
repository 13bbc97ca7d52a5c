"""Installs Debian's poppler-utils, if permitted. With it the tests of printed pages compare pictures too."""

from __future__ import annotations

from tools.debian import install


def set_up_poppler() -> str:
    """Empty if pictures can be made of printed pages, otherwise the reason why not."""
    return install("pdftoppm", ["pdftoppm"], ["poppler-utils"])
