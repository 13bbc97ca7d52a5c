"""Fields of a Word document (ECMA-376 part 1, 17.16): keeps harmless ones, and only the text of all others.

Uses an allow list, and only for instructions that can be read: if another field supplies the name (QUOTE inside it),
the field is unknown and is removed. The text is what Word showed last.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from documents.inspection.links import is_kept
from documents.inspection.markup import Element, elements, local, remove, unwrap
from documents.inspection.taken_out import TakenOut
from documents.inspection.unfit import TOO_COMPLICATED, Unfit

HARMLESS = frozenset(
    [
        "=",
        "ADVANCE",
        "AUTONUM",
        "AUTONUMLGL",
        "AUTONUMOUT",
        "BARCODE",
        "COMPARE",
        "DATE",
        "DISPLAYBARCODE",
        "EQ",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "FORMTEXT",
        "HYPERLINK",
        "IF",
        "INDEX",
        "LISTNUM",
        "MERGEFIELD",
        "NOTEREF",
        "NUMPAGES",
        "PAGE",
        "PAGEREF",
        "QUOTE",
        "REF",
        "SECTION",
        "SECTIONPAGES",
        "SEQ",
        "STYLEREF",
        "SYMBOL",
        "TA",
        "TC",
        "TIME",
        "TOA",
        "TOC",
        "XE",
    ]
)
FROZEN = frozenset(
    [
        "AUTHOR",
        "BIBLIOGRAPHY",
        "CITATION",
        "COMMENTS",
        "CREATEDATE",
        "DOCPROPERTY",
        "DOCVARIABLE",
        "EDITTIME",
        "FILENAME",
        "FILESIZE",
        "INFO",
        "KEYWORDS",
        "LASTSAVEDBY",
        "NUMCHARS",
        "NUMWORDS",
        "PRINTDATE",
        "REVNUM",
        "SAVEDATE",
        "SUBJECT",
        "TEMPLATE",
        "TITLE",
        "USERADDRESS",
        "USERINITIALS",
        "USERNAME",
    ]
)
"""These show hidden details that are not in the copy.

Their text stays; nothing dangerous was removed, so nothing is reported.
"""
MAY_CONTAIN_OTHERS = frozenset(["=", "IF", "COMPARE", "QUOTE"])
SHOW_THEIR_WORDS = frozenset(["MACROBUTTON", "GOTOBUTTON"])
"""These show the rest of their instruction."""
DEEPEST = 20
"""The same limit as in Word."""
UNKNOWN = "\0"
"""Stands for a nested field inside an instruction."""
INSTRUCTIONS = frozenset(["instrText", "delInstrText"])
WRITTEN = INSTRUCTIONS | {"t", "delText", "tab", "br", "lastRenderedPageBreak"}
"""The elements of a run that Word reads as an instruction. If it holds anything else, the instruction is unknown."""
SWITCHES_WITH_WORDS = frozenset(["\\l", "\\o", "\\t"])


@dataclass(slots=True)
class OpenField:
    """A field whose end was not reached yet. `leaves`: its marks, and every element of its instruction."""

    leaves: list[Element] = field(default_factory=list)
    instruction: list[str] = field(default_factory=list)
    in_result: bool = False


def clean_fields(root: Element) -> set[TakenOut]:
    found = elements(root)
    return _simple(found) | _complex(found)


def verdict(instruction: str) -> tuple[bool, TakenOut | None]:
    """May the field stay? If not, what was taken out?"""
    told = instruction.split(None, 1)
    name = told[0].upper() if told else ""
    name, rest = ("=", instruction) if name.startswith("=") else (name, told[1] if len(told) > 1 else "")
    if name == "HYPERLINK" and UNKNOWN not in rest:
        kept = all(is_kept(each) for each in targets(rest))
        return kept, None if kept else TakenOut.LINK
    if name in FROZEN:
        return False, None
    if name not in HARMLESS or (UNKNOWN in rest and name not in MAY_CONTAIN_OTHERS):
        return False, TakenOut.FIELD
    return True, None


def targets(words: str) -> Iterator[str]:
    """The arguments of a HYPERLINK that do not belong to a switch."""
    of_switch = False
    for word in tokens(words):
        if not of_switch and not word.startswith('"') and word.startswith("\\") and len(word) == 2:
            of_switch = word.lower() in SWITCHES_WITH_WORDS
            continue
        if not of_switch:
            yield word.strip('"')
        of_switch = False


def tokens(words: str) -> Iterator[str]:
    """Words separated by white space. A quoted string is one word, with its opening quotation mark."""
    for number, piece in enumerate(words.split('"')):
        if number % 2:
            yield f'"{piece}'
        else:
            yield from piece.split()


def _simple(found: list[Element]) -> set[TakenOut]:
    taken_out = set()
    for each in found:
        if local(each.tag) == "fldSimple":
            instruction = next((value for key, value in each.attrib.items() if local(key) == "instr"), "")
            stays, what = verdict(instruction)
            if not stays:
                unwrap(each)
                taken_out.add(what)
    return {what for what in taken_out if what is not None}


def _complex(found: list[Element]) -> set[TakenOut]:
    taken_out: set[TakenOut | None] = set()
    opened: list[OpenField] = []
    for each in found:
        name, parent = local(each.tag), each.getparent()
        if name == "fldChar":
            taken_out.add(_mark(each, opened))
        elif name == "fldSimple" and parent is not None:
            _add(opened, UNKNOWN)
        elif name in INSTRUCTIONS or (parent is not None and local(parent.tag) == "r" and name != "rPr"):
            taken_out.add(_leaf(each, name, opened))
    taken_out |= {_end(each) for each in opened}
    return {what for what in taken_out if what is not None}


def _mark(mark: Element, opened: list[OpenField]) -> TakenOut | None:
    kind = next((value for key, value in mark.attrib.items() if local(key) == "fldCharType"), "")
    if kind == "begin":
        if len(opened) >= DEEPEST:
            raise Unfit(TOO_COMPLICATED)
        _add(opened, UNKNOWN, mark)
        opened.append(OpenField([mark]))
        return None
    if not opened:
        remove(mark)
        return None
    opened[-1].leaves.append(mark)
    opened[-1].in_result = True
    _add(opened[:-1], "", mark)
    return _end(opened.pop()) if kind == "end" else None


def _add(opened: list[OpenField], words: str, leaf: Element | None = None) -> None:
    """Adds to every instruction that is open here."""
    for outer in opened:
        if not outer.in_result:
            outer.instruction.append(words)
            if leaf is not None:
                outer.leaves.append(leaf)


def _leaf(leaf: Element, name: str, opened: list[OpenField]) -> TakenOut | None:
    if name in INSTRUCTIONS and (not opened or opened[-1].in_result):  # outside any field: Word does not show it
        _, what = verdict("".join(leaf.itertext()))
        remove(leaf)
        return what
    _add(opened, "".join(leaf.itertext()) if name in WRITTEN else UNKNOWN, leaf)
    return None


def _end(closed: OpenField) -> TakenOut | None:
    instruction = "".join(closed.instruction)
    stays, what = verdict(instruction)
    if stays:
        return None
    for leaf in _shown(closed, instruction):
        remove(leaf)
    return what


def _shown(closed: OpenField, instruction: str) -> list[Element]:
    """The leaves to remove: all, except the text that a button shows."""
    told = instruction.split(None, 2)
    if len(told) < 3 or told[0].upper() not in SHOW_THEIR_WORDS or UNKNOWN in instruction:
        return closed.leaves
    texts = [each for each in closed.leaves if local(each.tag) == "instrText"]
    texts[0].tag = texts[0].tag.replace("instrText", "t")
    texts[0].text = told[2].strip()
    return [each for each in closed.leaves if each is not texts[0]]
