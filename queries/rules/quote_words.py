"""The words with which mail programs introduce what they repeat, in the languages that our students write in.

All are folded (`str.casefold`). Sets are compared whole; tuples are beginnings, or pieces (`WROTE`).
"""

from __future__ import annotations

STARTS = (
    "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "ar ", "dne ", "w dniu ", "dnia ", "в ", "στις ",
    "a ", "la ",
)  # fmt: skip
"""How an introduction without a time or an address may begin: “On Monday Ann wrote:”."""

WROTE = (
    " wrote", " schrieb", " a écrit", " escribió", " ha scritto", " schreef", " escreveu", " napisał", " skrev",
    " napsal", " ysgrifennodd", " написал", " пишет", " kirjoitti", " írta", " a scris", " yazdı", " yazmış",
    " έγραψε", " scríobh", "写道", "寫道", "のメール", "書きました", "님이 작성", " كتب", " נכתב", " viết",
    " menulis", " escrigué",
)  # fmt: skip

ORIGINALS = frozenset({
    "original message", "originalnachricht", "original-nachricht", "ursprüngliche nachricht", "message d'origine",
    "message d’origine", "message original", "mensaje original", "messaggio originale", "oorspronkelijk bericht",
    "mensagem original", "oprindelig meddelelse", "ursprungligt meddelande", "opprinnelig melding",
    "wiadomość oryginalna", "původní zpráva", "neges wreiddiol", "исходное сообщение", "αρχικό μήνυμα", "原始邮件",
    "原始郵件", "元のメッセージ", "원본 메시지", "الرسالة الأصلية", "orijinal mesaj",
})  # fmt: skip

FORWARDS = (
    "forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten",
    "message transféré", "forwarded by", "début du message réexpédié", "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht",
    "mensagem encaminhada", "wiadomość przekazana", "przekazana wiadomość", "vidarebefordrat meddelande",
    "videresendt meddelelse", "neges a anfonwyd ymlaen", "neges wedi'i hanfon ymlaen", "пересылаемое сообщение",
    "转发的邮件", "转发邮件", "轉寄郵件", "転送されたメッセージ", "전달된 메시지",
)  # fmt: skip

FORWARDED = (
    "fw:",
    "fwd:",
    "wg:",
    "tr:",
    "rv:",
    "enc:",
    "doorst:",
    "vs:",
    "vb:",
    "pd:",
    "yml:",
    "转发:",
    "转发：",
    "轉寄:",
)
"""How the subject of a forwarded email begins."""

FROMS = frozenset({
    "from", "von", "de", "da", "van", "od", "från", "fra", "oddi wrth", "lähettäjä", "feladó", "kimden", "от",
    "от кого",
    "από", "发件人", "寄件者", "差出人", "보낸 사람", "من", "מאת",
})  # fmt: skip
DATES = frozenset({
    "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada em", "fecha", "data", "inviato",
    "verzonden", "wysłano", "skickat", "sendt", "dato", "anfonwyd", "dyddiad", "odesláno", "lähetetty", "elküldve",
    "gönderildi", "gönderilme tarihi", "отправлено", "дата", "στάλθηκε", "ημερομηνία", "发送时间", "日期", "寄件日期",
    "送信日時", "日時", "보낸 날짜", "تم الإرسال", "נשלח",
})  # fmt: skip
SUBJECTS = frozenset({
    "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "onderwerp", "assunto", "temat", "ämne",
    "emne", "pwnc",
    "předmět", "aihe", "tárgy", "konu", "тема", "θέμα", "主题", "主旨", "件名", "제목", "الموضوع", "נושא",
})  # fmt: skip

MOBILE_FOOTERS = (
    "sent from my ", "sent from outlook for ", "sent from yahoo mail", "sent with proton", "sent from proton",
    "get outlook for ", "von meinem ", "gesendet von meinem ", "gesendet mit ", "envoyé de mon ", "envoyé depuis ",
    "enviado desde mi ", "enviado do meu ", "inviato da ", "verstuurd vanaf ", "wysłane z ", "skickat från min ",
    "anfonwyd o fy ", "发自我的", "發自我的", "iphoneから送信", "отправлено с ",
)  # fmt: skip
"""Lines that a telephone adds. They are shown, but an answer needs more than these."""
