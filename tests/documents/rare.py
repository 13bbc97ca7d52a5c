"""Honest files of rare kinds, built here: neither common nor dangerous."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image

from documents.inspection.taken_out import TakenOut
from tests.documents.papers import pdf
from tests.documents.word import HEAD, SPACES, field, paragraph, run, text, word

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
MADE = Path(__file__).parent / "made"
MICROSOFT = "http://schemas.microsoft.com/office"
OWNER = b"Amara.Okafor"
"""In every hidden place of these files, and never in a copy."""
EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02\0\0\0\x0d\0\0\0\x1a\0\0\0\0" + OWNER + b"\0"
SVG_TYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
ILLUSTRATOR = (
    f'<?xml version="1.0" encoding="utf-8"?>\n<!-- Generator: Adobe Illustrator, {OWNER.decode()} -->\n{SVG_TYPE} '
    '[<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>\n<svg xmlns="&ns_svg;" viewBox="0 0 9 9" '
    'xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" '
    f'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" sodipodi:docname="{OWNER.decode()}.svg">'
    f"<metadata>{OWNER.decode()}</metadata><i:pgf>{OWNER.decode()}</i:pgf><style>.a{{fill:url(#g)}}</style>"
    '<linearGradient id="g"/><path class="a" d="M0 0h9v9z"/></svg>'
)


def image(kind: str, **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, kind, **more)
    return out.getvalue()


def heic() -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal")).save(out, exif=EXIF, quality=50)
    return out.getvalue()


def tiff() -> bytes:
    return image("TIFF", tiffinfo={315: OWNER.decode()})


def picture(number: int = 1, inside: str = "") -> str:
    return paragraph(
        run(f'<w:drawing><a:graphic><a:blip r:embed="rId{number}">{inside}</a:blip></a:graphic></w:drawing>')
    )


def with_picture(name: str, data: bytes, kind: str) -> bytes:
    return word(picture(), [("image", f"media/{name}")], {f"word/media/{name}": data}, {f"word/media/{name}": kind})


def photo_effects() -> bytes:
    """Word keeps the original of a picture with an effect beside it, as HD Photo."""
    effect = (
        '<a:extLst><a:ext uri="{BEBA8EAE-BF5A-486C-A8C5-ECC9F3942E4B}"><a14:imgProps><a14:imgLayer r:embed="rId2">'
        "<a14:imgEffect><a14:artisticBlur/></a14:imgEffect></a14:imgLayer></a14:imgProps></a:ext></a:extLst>"
    )
    return word(
        picture(1, effect),
        [("image", "media/image1.png"), (f"{MICROSOFT}/2007/relationships/hdphoto", "media/hdphoto1.wdp")],
        {"word/media/image1.png": image("PNG"), "word/media/hdphoto1.wdp": b"II\xbc\x01" + OWNER},
        {"word/media/hdphoto1.wdp": "image/vnd.ms-photo"},
    )


def icon() -> bytes:
    uri = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
    blip = f'<a:extLst><a:ext uri="{uri}"><asvg:svgBlip r:embed="rId2"/></a:ext></a:extLst>'
    return word(
        picture(1, blip),
        [("image", "media/image1.png"), ("image", "media/image2.svg")],
        {"word/media/image1.png": image("PNG"), "word/media/image2.svg": ILLUSTRATOR},
        {"word/media/image2.svg": "image/svg+xml"},
    )


def workbook() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("docProps/core.xml", OWNER)
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def chart() -> bytes:
    cached = "<c:numCache><c:pt><c:v>4.3</c:v></c:pt></c:numCache>"
    values = f"<c:ser><c:val><c:numRef><c:f>Sheet1!$B$2</c:f>{cached}</c:numRef></c:val></c:ser>"
    return word(
        paragraph(run('<w:drawing><a:graphic><c:chart r:id="rId1"/></a:graphic></w:drawing>')),
        [("chart", "charts/chart1.xml")],
        {
            "word/charts/chart1.xml": f"{HEAD}<c:chartSpace {SPACES}><c:chart>{values}</c:chart>"
            '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>',
            "word/charts/_rels/chart1.xml.rels": word_relations("package", "../embeddings/Microsoft_Excel_Sheet1.xlsx"),
            "word/embeddings/Microsoft_Excel_Sheet1.xlsx": workbook(),
        },
        {"word/charts/chart1.xml": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"},
    )


def word_relations(kind: str, target: str) -> str:
    made = word("", [(kind, target)])
    with zipfile.ZipFile(BytesIO(made)) as archive:
        return archive.read("word/_rels/document.xml.rels").decode()


def bound_to_data() -> bytes:
    """A cover page: Word also stores its title as data, in UTF-16."""
    bound = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/t" w:storeItemID="{1}"/><w15:dataBinding w:xpath="/t"/></w:sdtPr>'
        f"<w:sdtContent>{paragraph(text('Curriculum Vitae'))}</w:sdtContent></w:sdt>"
    )
    data = f'<?xml version="1.0" encoding="UTF-16"?><t>{OWNER.decode()}</t>'.encode("utf-16")
    return word(bound, [("customXml", "../customXml/item1.xml")], {"customXml/item1.xml": data})


def signed() -> bytes:
    signature = f"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><X509Certificate>{OWNER.decode()}</X509Certificate></Signature>"
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    return word(
        package=[(origin, "_xmlsignatures/origin.sigs")],
        parts={"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": signature},
        kinds={"_xmlsignatures/origin.sigs": "application/vnd.openxmlformats-package.digital-signature-origin"},
    )


def people() -> bytes:
    account = f'<w15:presenceInfo w15:userId="{OWNER.decode()}"/>'
    person = f'<w15:people {SPACES}><w15:person w15:author="A">{account}</w15:person></w15:people>'
    kind = f"{MICROSOFT}/2011/relationships/people"
    return word("", [(kind, "people.xml")], {"word/people.xml": person})


def fields_of_all_kinds() -> bytes:
    nested = (
        run("<w:instrText>IF </w:instrText>") + field("PAGE", "1") + run('<w:instrText> = "1" "a" "b"</w:instrText>')
    )
    contents = run('<w:instrText>HYPERLINK \\l "_Toc1"</w:instrText>')
    return word(
        paragraph(field("PAGE", "1") + field("NUMPAGES \\* MERGEFORMAT", "2") + field("FILENAME \\p", "cv.docx"))
        + paragraph(
            field('HYPERLINK "https://example.org/LINK" \\o "file me"', "my site") + field(nested, "a", xml=True)
        )
        + paragraph(field("TOC \\o &quot;1-3&quot; \\h", "Contents") + field(contents, "Education", xml=True))
        + paragraph('<w:fldSimple w:instr=" AUTHOR ">' + text("Amara") + "</w:fldSimple>")
    )


def word_online() -> bytes:
    """The document is not called document.xml."""
    made = word("", [])
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as archive, zipfile.ZipFile(out, "w") as other:
        for name in archive.namelist():
            data = archive.read(name).decode().replace("document.xml", "document2.xml")
            other.writestr(name.replace("document.xml", "document2.xml"), data)
    return out.getvalue()


# PDF


def changed(change: Callable[[pikepdf.Pdf], None], content: bytes | None = None, **options: object) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content or pdf())) as opened:
        change(opened)
        opened.save(out, **options)
    return out.getvalue()


def titled(opened: pikepdf.Pdf) -> None:
    opened.docinfo["/Title"] = "<html><script> for beginners"


def font_named_js(opened: pikepdf.Pdf) -> None:
    for page in opened.pages:
        fonts = page.Resources.Font
        fonts["/JS"], fonts["/AA"], fonts["/Launch"] = fonts.F1, fonts.F1, fonts.F1
        page.Contents = opened.make_stream(b"BT /JS 12 Tf 72 770 Td (CV) Tj ET")


def attached(opened: pikepdf.Pdf) -> None:
    data = pikepdf.AttachedFileSpec(opened, b"<SkillsPassport>" + OWNER + b"</SkillsPassport>", filename="cv.xml")
    opened.attachments["cv.xml"] = data
    opened.Root.AF = pikepdf.Array([data.obj])


def outlined(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("HTML/JS", 1))


def sealed(opened: pikepdf.Pdf) -> None:
    value = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), Name=OWNER.decode(), ByteRange=[0, 1, 2, 3],
        Contents=OWNER,
    )  # fmt: skip
    widget = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, Rect=[0, 0, 0, 0], T="Signature1",
        V=opened.make_indirect(value),
    )  # fmt: skip
    made = opened.make_indirect(widget)
    opened.pages[0].Annots = pikepdf.Array([made])
    opened.Root.AcroForm = pikepdf.Dictionary(Fields=[made], SigFlags=3)


def tagged(opened: pikepdf.Pdf) -> None:
    """Structure elements have attributes under `/A`, where annotations have their actions."""
    attributes = pikepdf.Array([pikepdf.Dictionary(O=pikepdf.Name.Layout, TextAlign=pikepdf.Name.Center), 0])
    root = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    root.K = pikepdf.Dictionary(
        S=pikepdf.Name.Sound, P=root, A=attributes, Alt="C:\\Users\\Amara.Okafor\\me.jpg", T="kept"
    )
    opened.Root.StructTreeRoot = root


def photo_packed_twice(opened: pikepdf.Pdf) -> None:
    data = image("JPEG", exif=EXIF)
    stream = opened.make_stream(b"")
    import_filters = pikepdf.Array([pikepdf.Name.ASCIIHexDecode, pikepdf.Name.DCTDecode])
    stream.write(data.hex().encode() + b">", filter=import_filters)
    stream.Type, stream.Subtype, stream.Width, stream.Height = pikepdf.Name.XObject, pikepdf.Name.Image, 64, 48
    stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    opened.pages[0].Resources.XObject = pikepdf.Dictionary(I=stream)


def photo_jpeg_2000(opened: pikepdf.Pdf) -> None:
    box = OWNER + b"Exif"
    data = image("JPEG2000")
    stream = opened.make_stream(b"")
    head = data[:12] + (len(box) + 8).to_bytes(4, "big") + b"uuid" + box
    stream.write(head + data[12:], filter=pikepdf.Name.JPXDecode)
    stream.Type, stream.Subtype, stream.Width, stream.Height = pikepdf.Name.XObject, pikepdf.Name.Image, 64, 48
    opened.pages[0].Resources.XObject = pikepdf.Dictionary(I=stream)


RESTRICTED = pikepdf.Encryption(user="", owner="owner", R=4, allow=pikepdf.Permissions(extract=False))
NOTHING: frozenset[TakenOut] = frozenset()

RARE: dict[str, tuple[bytes, frozenset[TakenOut]]] = {
    "photo effects of Word": (photo_effects(), frozenset({TakenOut.PICTURE})),
    "an icon with a document type": (icon(), NOTHING),
    "a chart with its workbook": (chart(), frozenset({TakenOut.OBJECT})),
    "a picture as WebP": (
        with_picture("p.webp", image("WEBP", exif=EXIF, xmp=OWNER), "image/webp"),
        NOTHING,
    ),
    "a photo as HEIC": (with_picture("p.heic", heic(), "image/heic"), NOTHING),
    "a scan as TIFF": (with_picture("p.tiff", tiff(), "image/tiff"), NOTHING),
    "a JPEG with Exif": (with_picture("p.jpg", image("JPEG", exif=EXIF), "image/jpeg"), NOTHING),
    "data in UTF-16 behind the text": (bound_to_data(), NOTHING),
    "signed by Word": (signed(), frozenset({TakenOut.SIGNATURE})),
    "a part named with ü": (with_picture("Grüße-aus-Köln.png", image("PNG"), "image/png"), NOTHING),
    "accounts of those who commented": (people(), NOTHING),
    "fields of all kinds": (fields_of_all_kinds(), NOTHING),
    "Word on the web": (word_online(), NOTHING),
    "a PDF titled like a page": (changed(titled), NOTHING),
    "bytes behind the PDF": (pdf() + b"\r\n<!-- scanned by the mail gateway -->" + OWNER, NOTHING),
    "bytes before the PDF": (b"HTTP/1.1 200 OK " + OWNER + b"\r\n\r\n" + pdf(), NOTHING),
    "a font named JS": (changed(font_named_js), NOTHING),
    "attached XML (Europass)": (changed(attached), frozenset({TakenOut.ATTACHMENT})),
    "bookmarks": (changed(outlined), NOTHING),
    "an empty password": (changed(outlined, encryption=RESTRICTED), frozenset({TakenOut.RESTRICTION})),
    "a signed PDF": (changed(sealed), frozenset({TakenOut.SIGNATURE})),
    "a tagged PDF": (changed(tagged), NOTHING),
    "a photo that is packed twice": (changed(photo_packed_twice), NOTHING),
    "a photo as JPEG 2000": (changed(photo_jpeg_2000), NOTHING),
    "objects packed": (
        changed(outlined, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True),
        NOTHING,
    ),
}
