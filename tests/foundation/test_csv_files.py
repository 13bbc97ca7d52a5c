"""No cell of an exported file runs as a formula, whatever precedes the sign and however wide the sign is."""

import ast
import csv
import io

import pytest

from foundation.values.csv_files import Plain, csv_file, harmless, unharmed, written
from tests.architecture.test_house import ROOT, tracked
from tools.places import PACKAGES

FORMULAS = ["=1+1", "+44", "-1", "@SUM(1)", "＝1+1", "＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x", "−1"]
BEFORE = {
    "nothing": "",
    "space": "  ",
    "line_feed": "\n",
    "tab": "\t",
    "carriage_return": "\r",
    "vertical_tab": "\x0b",
    "form_feed": "\x0c",
    "unit_separator": "\x1f",
    "escape": "\x1b",
    "delete": "\x7f",
    "next_line": "\x85",
    "no_break_space": "\xa0",
    "ideographic_space": "\u3000",
    "zero_width_space": "\u200b",
    "zero_width_joiner": "\u200d",
    "byte_order_mark": "\ufeff",
    "right_to_left_override": "\u202e",
    "soft_hyphen": "\xad",
    "line_separator": "\u2028",
    "several": " \x0b\xa0\x1f\ufeff ",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_harmless_whatever_precedes_it(formula: str, before: str) -> None:
    cell = before + formula
    assert harmless(cell) == "'" + cell
    assert harmless(harmless(cell)) == "'" + cell
    assert unharmed("'" + cell) == cell


@pytest.mark.parametrize(
    "cell", ["", "A=1", "Okafor-Lee", "'s-Gravenhage", "’t Hooft", "1-2", "李雷", "\xa0", "a@b.example"]
)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell
    assert unharmed(cell) == cell


@pytest.mark.parametrize("cell", ["\tx", "\rx", "\nx"])
def test_a_cell_that_begins_with_a_break_is_marked(cell: str) -> None:
    assert harmless(cell) == "'" + cell


def test_every_cell_is_made_harmless_unless_its_form_is_known() -> None:
    body = csv_file([["name", "=head"], ["\x0b=1", "a\0b"], [Plain("+447700900123"), "+447700900123"]])
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert rows == [["name", "'=head"], ["'\x0b=1", "a\ufffdb"], ["+447700900123", "'+447700900123"]]


def test_a_long_file_comes_in_pieces() -> None:
    pieces = list(written(["x" * 1000] for _ in range(600)))
    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 600


def test_only_one_module_writes_csv() -> None:
    """`csv.writer` and `csv.DictWriter` do not make cells safe: exports use `foundation.values.csv_files`."""
    found = []
    for path in tracked("*.py"):
        name = str(path.relative_to(ROOT))
        if not name.startswith(PACKAGES) or name == "foundation/values/csv_files.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = getattr(node, "attr", "") or getattr(node, "name", "")
            if isinstance(node, (ast.Attribute, ast.alias)) and named in {"writer", "DictWriter"}:
                found.append(name)
    assert found == []
