"""Emails as mail programs and strangers write them, each with text that must be extracted."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path
from quopri import encodestring

FILES = Path(__file__).parent / "emails"
HEAD = b"From: Ann Example <ann@example.net>\nTo: careers@example.ac.uk\nMessage-ID: <%s@example.net>\nSubject: Hello\n"


def head(name: str) -> bytes:
    return HEAD % name.encode()


def text(name: str, body: bytes, charset: str = "", more: str = "") -> bytes:
    kind = f"Content-Type: text/plain{f'; charset={charset}' if charset else ''}\n{more}\n"
    return head(name) + b"MIME-Version: 1.0\n" + kind.encode() + body


def multipart(name: str, kind: str, *parts: bytes) -> bytes:
    inside = b"".join(b"--frontier\n" + part + b"\n" for part in parts)
    return head(name) + f'Content-Type: multipart/{kind}; boundary="frontier"\n\n'.encode() + inside + b"--frontier--\n"


def part(kind: str, body: bytes, more: str = "") -> bytes:
    return f"Content-Type: {kind}\n{more}\n".encode() + body


def _built() -> dict[str, bytes]:
    found = {}
    for name, policy in (("lf", "\n"), ("crlf", "\r\n")):
        message = EmailMessage()
        message["From"], message["Subject"], message["Message-ID"] = "a@b.example", "Zoë’s CV 🙂", f"<{name}@b.example>"
        message.set_content("Could you look at my CV? Zoë 🙂")
        message.add_alternative("<p>Could you look at my <b>CV</b>? Zoë 🙂</p>", subtype="html")
        message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Zoë’s CV.pdf")
        found[f"python {name}"] = message.as_bytes().replace(b"\n", policy.encode())
    return found


JAPANESE, CHINESE, RUSSIAN, ARABIC, PERSIAN = (
    "履歴書を見てください",
    "请看我的简历",
    "Посмотрите резюме",
    "السيرة الذاتية",
    "می‌خواهم",
)
FAMILY = "👩‍👩‍👧"
DSN = b"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; x@example.net\nAction: failed\n"
INVITATION = b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Mock interview\nEND:VEVENT\nEND:VCALENDAR"
BASE64 = "Content-Transfer-Encoding: base64\n"
QUOTED = "Content-Transfer-Encoding: quoted-printable\n"

ODD: dict[str, tuple[bytes, list[str]]] = {
    **{name: (raw, ["Could you look at my CV? Zoë 🙂", "Zoë’s CV.pdf"]) for name, raw in _built().items()},
    "iso-2022-jp": (text("jp", JAPANESE.encode("iso-2022-jp"), "ISO-2022-JP"), [JAPANESE]),
    "shift_jis": (text("sj", JAPANESE.encode("cp932"), "Shift_JIS"), [JAPANESE]),
    "euc-jp": (text("ej", JAPANESE.encode("euc-jp"), "EUC-JP"), [JAPANESE]),
    "gb2312": (text("gb", CHINESE.encode("gb2312"), "gb2312"), [CHINESE]),
    "gb2312 that is gb18030": (text("gb2", "请看䶮的简历".encode("gb18030"), "gb2312"), ["请看䶮的简历"]),
    "gb18030 without a charset": (text("gb3", CHINESE.encode("gb18030")), [CHINESE]),
    "big5": (text("b5", "請看我的簡歷".encode("big5"), "big5"), ["請看我的簡歷"]),
    "euc-kr": (text("kr", "이력서를 봐 주세요".encode("euc-kr"), "euc-kr"), ["이력서를 봐 주세요"]),
    "koi8-r": (text("ru", RUSSIAN.encode("koi8-r"), "koi8-r"), [RUSSIAN]),
    "windows-1251": (text("ru2", RUSSIAN.encode("cp1251"), '"windows-1251"'), [RUSSIAN]),
    "windows-1256": (text("ar", ARABIC.encode("cp1256"), "windows-1256"), [ARABIC]),
    "utf-16": (text("u16", b64encode("Hello ü".encode("utf-16")), "utf-16", BASE64), ["Hello ü"]),
    "utf-16 the other way": (
        text("u16b", b64encode("\ufeffHello ü".encode("utf-16-be")), "utf-16", BASE64),
        ["Hello ü"],
    ),
    "latin-1 means windows-1252": (text("l1", "It’s “café” – 5 €".encode("cp1252"), "latin-1"), ["It’s “café” – 5 €"]),
    "iso-8859-1 means windows-1252": (text("l2", "It’s 5 €".encode("cp1252"), "iso-8859-1"), ["It’s 5 €"]),
    "8bit without a charset": (text("8", "Zoë’s café".encode("cp1252")), ["Zoë’s café"]),
    "utf-8 without a charset": (text("8u", "Zoë’s café".encode()), ["Zoë’s café"]),
    "utf-8 that is windows-1252": (text("8w", "Zoë’s café".encode("cp1252"), "utf-8"), ["Zoë’s café"]),
    "us-ascii that is utf-8": (text("8a", "Zoë’s café 🙂".encode(), "us-ascii"), ["Zoë’s café 🙂"]),
    "utf-8 cut in two": (
        text("8c", "Zoë’s café — très bien, à bientôt".encode()[:-1], "utf-8"),
        ["Zoë’s café", "bient"],
    ),
    "a charset that is none": (text("no", b"Hello there", "made-up"), ["Hello there"]),
    "unicode_escape": (text("ue", rb"Hello \ud800 \x00 there", "unicode_escape"), [r"Hello \ud800 \x00 there"]),
    "utf-7": (text("u7", b"Hello +2AA- there", "utf-7"), ["Hello +2AA- there"]),
    "rot13": (text("r13", b"Hello there", "rot13"), ["Hello there"]),
    "zlib": (text("zl", b"Hello there", "zlib"), ["Hello there"]),
    "hz-gb-2312 is not decoded": (text("hz", b"~{<:Ky~} Hello", "hz-gb-2312"), ["Hello"]),
    "joiners": (text("zwj", f"{FAMILY} {PERSIAN}".encode(), "utf-8"), [FAMILY, PERSIAN]),
    "flowed": (
        text("fl", b"This line goes \non here.\n\n> and this \n> too\n-- \nAnn\n", "utf-8; format=flowed"),
        ["This line goes on here.", "> and this too"],
    ),
    "flowed with delsp": (text("fd", b"Donau \ndampf", "utf-8; format=flowed; delsp=yes"), ["Donaudampf"]),
    "quoted-printable": (text("qp", encodestring("Zoë = café".encode()), "utf-8", QUOTED), ["Zoë = café"]),
    "broken quoted-printable": (text("qb", b"Zo=C3=AB =ZZ caf=\n=C3=A9=", "utf-8", QUOTED), ["Zoë", "café"]),
    "broken base64": (text("bb", b64encode(b"Hello there, Ann")[:-1] + b"!", "utf-8", BASE64), ["Hello there, An"]),
    "base64 in two pieces": (
        text("b2", b64encode(b"Hello") + b"\n" + b64encode(b" there"), "", BASE64),
        ["Hello there"],
    ),
    "text and html": (
        multipart("al", "alternative", part("text/plain", b"Plain words"), part("text/html", b"<p>Html words")),
        ["Plain words"],
    ),
    "empty text beside html": (
        multipart("ae", "alternative", part("text/plain", b" \n"), part("text/html", b"<p>Only <b>here</b></p>")),
        ["Only here"],
    ),
    "html first": (
        multipart("ah", "alternative", part("text/html", b"<p>Only here</p>"), part("text/plain", b"")),
        ["Only here"],
    ),
    "all text parts in order": (
        multipart(
            "or", "mixed", part("text/plain", b"One"), part("text/html", b"<p>Two"), part("text/plain", b"Three")
        ),
        ["One\n\nTwo\n\nThree"],
    ),
    "related": (
        multipart(
            "re",
            "related",
            part("text/html; charset=utf-8", b'<p>Hi <img src="cid:a" alt="our logo">'),
            part("image/png; name=a.png", b"x"),
        ),
        ["Hi our logo", "a.png"],
    ),
    "html with a charset of its own": (
        head("hm") + b"Content-Type: text/html\n\n<meta charset=koi8-r><p>" + RUSSIAN.encode("koi8-r"),
        [RUSSIAN],
    ),
    "outlook html": (
        head("ou") + b"Content-Type: text/html; charset=utf-8\n\n<html><head><style>p{color:red}</style></head><body>"
        b"<!--[if gte mso 9]><xml>o:p</xml><![endif]--><p class=MsoNormal>Dear all,<o:p></o:p></p><p>Bye</p></body>",
        ["Dear all,\n\nBye"],
    ),
    "an email in an email": (
        multipart("rf", "mixed", part("text/plain", b"See below"), part("message/rfc822", text("in", b"Inner words"))),
        ["See below", "Inner words", "the email “Hello”"],
    ),
    "an invitation alone": (
        head("ic") + b"Content-Type: text/calendar; method=REQUEST\n\n" + INVITATION,
        ["Mock interview"],
    ),
    "an invitation beside words": (
        multipart("ib", "alternative", part("text/plain", b"Please come"), part("text/calendar", INVITATION)),
        ["Please come", "a calendar invitation"],
    ),
    "a report of delivery": (
        multipart(
            "ds",
            "report",
            part("text/plain", b"Not delivered"),
            part("message/delivery-status", DSN),
            part("message/rfc822", text("or", b"First words")),
        ),
        ["Not delivered", "First words"],
    ),
    "signed (S/MIME)": (
        multipart(
            "sm",
            "signed; protocol=x",
            part("text/plain", b"Signed words"),
            part("application/pkcs7-signature; name=smime.p7s", b"x"),
        ),
        ["Signed words", "smime.p7s"],
    ),
    "sealed (S/MIME)": (
        head("sx") + b"Content-Type: application/pkcs7-mime; name=smime.p7m\n" + BASE64.encode() + b"\nAAAA",
        ["We found no words", "smime.p7m"],
    ),
    "encrypted (PGP)": (
        multipart(
            "pg",
            "encrypted",
            part("application/pgp-encrypted", b"Version: 1"),
            part('application/octet-stream; name="encrypted.asc"', b"x"),
        ),
        ["We found no words", "encrypted.asc"],
    ),
    "TNEF": (
        multipart("tn", "mixed", part("text/plain", b"Hello"), part('application/ms-tnef; name="winmail.dat"', b"x")),
        ["Hello", "winmail.dat"],
    ),
    "names of files by RFC 2231 and 2047": (
        multipart(
            "nm",
            "mixed",
            part("text/plain", b"Two files"),
            part("application/pdf", b"x", "Content-Disposition: attachment; filename*=utf-8''Zo%C3%AB.pdf\n"),
            part("application/pdf", b"x", 'Content-Disposition: attachment; filename="=?koi8-r?B?8sXa28DNxQ==?="\n'),
            part(
                "application/pdf",
                b"x",
                "Content-Disposition: attachment; filename*0*=unicode_escape''%5cud800;\n filename*1=b.pdf\n",
            ),
        ),
        ["Two files", "Zoë.pdf", "Резшюме"],
    ),
    "no boundary": (head("nb") + b"Content-Type: multipart/mixed\n\nStill words", ["Still words"]),
    "a boundary that never comes": (
        head("nc") + b"Content-Type: multipart/mixed; boundary=x\n\nStill words",
        ["Still words"],
    ),
    "no last boundary": (
        head("nl") + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nOne\n--x\n\nTwo",
        ["One\n\nTwo"],
    ),
    "no headers": (b"Just words, and no header", ["Just words, and no header"]),
    "an mbox line": (b"From ann@example.net Fri Nov 27 10:00:00 2026\n" + text("mb", b"Hello"), ["Hello"]),
    "carriage returns": (text("cr", b"One\rTwo\r\nThree"), ["One\nTwo\nThree"]),
    "NUL everywhere": (
        b"From: a\0@b.example\nMessage-ID: <a\0b@c>\nSubject: Hel\0lo\nContent-Type: text/plain\n\nWo\0rds",
        ["Words"],
    ),
    "NUL in encoded words": (b"From: =?utf-8?q?a=00?= <a@b.example>\nSubject: =?utf-8?b?YQBi?=\n\nWords", ["Words"]),
    "surrogates": (text("su", b"Hi " + b"\xed\xa0\x80 there", "utf-8"), ["Hi", "there"]),
    "surrogates by utf-16": (text("s16", b64encode(b"H\0i\0\x00\xd8!\0"), "utf-16le", BASE64), ["Hi"]),
    "bidirectional signs": (text("bd", "Pay \u202egpj.exe\u2066".encode(), "utf-8"), ["Pay gpj.exe"]),
    "five megabytes": (
        multipart(
            "5m", "mixed", part("application/zip; name=a.zip", b"x" * 5_300_000), part("text/plain", b"At the end")
        ),
        ["At the end", "a.zip", "too large"],
    ),
    "a very long text": (text("vl", b"word " * 10_000 + b"end"), ["Cut after 20,000 characters"]),
    "more than a hundred attachments": (
        multipart(
            "ha",
            "mixed",
            part("text/plain", b"Hi"),
            *[part(f"image/png; name={number}.png", b"x") for number in range(120)],
        ),
        ["Hi", "0.png", "and 100 more"],
    ),
}
ODD |= {
    f"file {path.stem}": (path.read_bytes(), path.with_suffix(".txt").read_text().strip().split("\n"))
    for path in sorted(FILES.glob("*.eml"))
}
