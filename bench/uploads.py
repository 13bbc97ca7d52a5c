"""What judging an upload costs as it grows: each kind of input that was once, or might be, dearer than its size.

make bench ARGS="--only uploads"      a line for each: at n, 2n and 4n, through the functions that the child runs
"""

from __future__ import annotations

import gc
import math
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from bench.figures import Goal
from documents.inspection.docx import copy_docx
from documents.inspection.pdf import copy_pdf
from documents.inspection.unfit import Unfit

MOST_RATIO = 2.6
"""Of the times at 2n and n. Twice would be exactly linear; quadratic is four times."""
TURNS = 3
LONG = 0.2
"""Seconds beyond which one turn is exact enough."""
UNMEASURABLE = 0.002
"""Seconds: what is quicker is taken for this."""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
BEGIN, END = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def word(body: str = "", parts: dict[str, str] | None = None, links: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        kind = f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/>'
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{kind}</Types>')
        relation = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>')
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def pdf(objects: list[bytes], root: int = 1) -> bytes:
    """Without a table, so that the whole has to be searched for its objects."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root %d 0 R>>\n%%%%EOF\n" % root


def pages(more: bytes = b"", objects: list[bytes] | None = None) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>" % more
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *(objects or [])])


def drawing(inside: str) -> bytes:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    return word(parts={"word/i.svg": svg}, links=relation(1, "image", "i.svg"))


def instruction(words: str) -> bytes:
    return word(f"<w:p>{BEGIN}<w:r><w:instrText>{words}</w:instrText></w:r>{END}</w:p>")


def body(each: str) -> Callable[[int], bytes]:
    return lambda n: word(f"<w:p>{each * n}</w:p>")


def attributes(n: int) -> str:
    return " ".join(f'a{k}="u"' for k in range(n))


def references(n: int) -> bytes:
    return pages(b"/X[" + b"".join(b"%d 0 R " % (4 + k) for k in range(n)) + b"]", [b"<</A 1>>"] * n)


def spaces(n: int) -> str:
    return " ".join(f'xmlns:p{k}="u{k}"' for k in range(n))


def each_prefixed(n: int) -> bytes:
    return word("".join(f'<w:p xmlns:p{k}="u" p{k}:src="file:"/>' for k in range(n)))


def prefixed(n: int) -> bytes:
    return word(f"<w:p {spaces(n)}>" + "".join(f'<p{k}:attachedTemplate p{k}:a="1"/>' for k in range(n)) + "</w:p>")


FIELD = f"{BEGIN}<w:r><w:instrText>DDE x</w:instrText></w:r>{END}"
DEEP = BEGIN * 18 + "<w:r><w:instrText>QUOTE 1</w:instrText></w:r>" + END * 18
ANNOTATION = b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A<</S/URI/URI(javascript:1)/Next[<</S/Launch/F(x)>>]>>>>"

PDF: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "PDF: lines of “stream”": (40_000, lambda n: b"%PDF-1.7\n" + b"stream\n" * n + b"%%EOF"),
    "PDF: opening brackets": (1_000_000, lambda n: b"%PDF-1.7\n1 0 obj\n" + b"(" * n + b"\n%%EOF"),
    "PDF: a text without an end": (1_000_000, lambda n: b"%PDF-1.7\n1 0 obj\n(" + b"a" * n + b"\n%%EOF"),
    "PDF: nested arrays": (5_000, lambda n: pages(b"/X[" + b"[[1]]" * n + b"]")),
    "PDF: names written in codes": (100_000, lambda n: pages(b"/X[" + b"/#4a#53" * n + b"]")),
    "PDF: objects": (4_000, references),
    "PDF: links": (2_000, lambda n: pages(b"/Annots[" + ANNOTATION * n + b"]")),
    "PDF: endobj without an object": (40_000, lambda n: b"%PDF-1.7\n" + b"1 0 obj\n" * n + b"%%EOF"),
    "PDF: comments": (200_000, lambda n: pages() + b"%<\n" * n),
}  # fmt: skip
DOCX: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "DOCX: instructions that do not end": (20_000, lambda n: word("<w:instrText " * n)),
    "DOCX: quotation marks in an instruction": (200_000, lambda n: instruction("HYPERLINK " + "&quot; " * n)),
    "DOCX: words in an instruction": (100_000, lambda n: instruction("HYPERLINK " + "\\l x " * n)),
    "DOCX: fields": (2_000, body(FIELD)),
    "DOCX: fields in fields": (150, body(DEEP)),
    "DOCX: simple fields": (5_000, body('<w:fldSimple w:instr="DDE x"><w:r/></w:fldSimple>')),
    "DOCX: runs": (20_000, body("<w:r><w:t>x</w:t></w:r>")),
    "DOCX: paths": (10_000, body('<w:x src="file:///x" descr="C:\\Users"/>')),
    "DOCX: templates": (20_000, body("<w:attachedTemplate/>")),
    "DOCX: relations": (5_000, lambda n: word(links="".join(relation(k, "hyperlink", "file:x") for k in range(n)))),
    "DOCX: prefixes": (20_000, lambda n: word(f"<w:p {spaces(n)}><w:attachedTemplate/></w:p>")),
    "DOCX: elements of many prefixes": (4_000, prefixed),
    "DOCX: attributes of many prefixes": (3_000, each_prefixed),
    "DOCX: attributes of many elements": (100, body(f"<w:p {attributes(150)}/>")),
    "DOCX: attributes": (20_000, lambda n: word(f"<w:p {attributes(n)}/>")),
    "DOCX: addresses in a drawing": (100_000, lambda n: drawing('<g style="' + "url(#a)" * n + '"/>')),
    "DOCX: shapes in a drawing": (10_000, lambda n: drawing('<g onload="x"/>' * n)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UploadFigure:
    """Seconds at n, 2n and 4n; the ratio is that of one step, over both."""

    name: str
    kilobytes: int
    seconds: tuple[float, float, float]

    @property
    def ratio(self) -> float:
        first, *_, last = (max(each, UNMEASURABLE) for each in self.seconds)
        return math.sqrt(last / first)


def seconds(copy: Callable[[bytes], object], content: bytes) -> float:
    """The best of a few turns, or of one that is long enough; of this process alone, whatever else the machine does."""
    took = []
    gc.collect()
    gc.disable()  # as in the child
    try:
        for _ in range(TURNS):
            began = time.process_time()
            with suppress(Unfit):
                copy(content)
            took.append(time.process_time() - began)
            if took[-1] > LONG:
                break
    finally:
        gc.enable()
    return min(took)


def measured(name: str) -> UploadFigure:
    kinds = PDF if name in PDF else DOCX
    start, made = kinds[name]
    copy = copy_pdf if name in PDF else copy_docx
    contents = [made(start * times) for times in (1, 2, 4)]
    first, second, third = (seconds(copy, content) for content in contents)
    return UploadFigure(name, len(contents[-1]) // 1024, (first, second, third))


def measure_uploads() -> list[UploadFigure]:
    return [measured(name) for name in (*PDF, *DOCX)]


def upload_goals(found: list[UploadFigure]) -> list[Goal]:
    return [
        Goal(
            f"{each.name}: {' · '.join(f'{1000 * took:.0f}' for took in each.seconds)} ms at n, 2n, 4n "
            f"({each.kilobytes:,} KB); twice the input {each.ratio:.1f} × the time (linear: at most {MOST_RATIO})",
            each.ratio <= MOST_RATIO,
        )
        for each in found
    ]
