"""Retention and people's requests: one object of each kind, in a state in which something can be done with it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from accounts.models import Draft, PolicySetting, User
from accounts.operations.drafts import save_draft
from appointments.models import BookingNote
from messaging.operations.contact_permissions import say_permissions
from retention.exports.sealed_files import seal
from retention.models import LegalHold, NoticeVersion, Package, PurgeRun, RightsRequest, TextMention
from retention.operations.legal_holds import place_legal_hold
from retention.operations.requests import ask
from retention.rules.link_tokens import link_token
from retention.selectors.request_page import LINK_SALT
from tests.cast import Cast
from wellbeing.models import Concern

Ids = dict[str, Any]


def set_retained(cast: Cast, people: dict[str, User], words: str, reason: str) -> tuple[dict[str, Ids], dict[str, Ids]]:
    """The objects that URLs refer to, and their query strings."""
    officer, today = people["information_governance"], timezone.localdate()
    made: dict[str, RightsRequest] = {
        kind: ask(person=cast.student, kind=kind, words=words, by=cast.student)
        for kind in ("access", "erasure", "restriction", "complaint", "rectification")
    }
    _readable(made["access"], words)
    say_permissions(person=cast.student, said={("marketing", "email"): True}, by=cast.student, where="Profile")
    paused = ask(person=cast.student, kind="objection", words=words, by=cast.student)
    RightsRequest.objects.filter(pk=paused.pk).update(state="paused", paused_on=today)
    lifting = ask(person=cast.other_student, kind="restriction", words=words, by=cast.other_student)
    RightsRequest.objects.filter(pk=lifting.pk).update(
        state="closed", outcome="done", outcome_words=words, closed_at=timezone.now(), restricted_at=timezone.now()
    )
    run = PurgeRun.objects.create(night=date(2026, 1, 1), state="asking", asks_because="Many.")
    hold = place_legal_hold(
        person=cast.student, classes=["notes"], reason=reason, expires_on=today + timedelta(days=30), by=officer
    )
    note = BookingNote.objects.order_by("pk").first()
    assert note is not None
    mention = TextMention.objects.create(
        model="appointments.BookingNote", row=note.pk, field="next_step", start=0, length=6, found_at=timezone.now()
    )
    concern = Concern.objects.order_by("pk").first()
    assert concern is not None
    hidden = TextMention.objects.create(
        model="wellbeing.Concern", row=concern.pk, field="facts", start=0, length=6, found_at=timezone.now()
    )
    setting = PolicySetting.objects.create(key="retention_years", value=6, effective_from=today + timedelta(days=90))
    NoticeVersion.objects.create(number=1, from_day=today, made_at=timezone.now(), sections=[])
    about = {f"rights_{kind}": {"public_id": each.public_id} for kind, each in made.items()}
    about |= {
        "rights_paused": {"public_id": paused.public_id},
        "rights_lifting": {"public_id": lifting.public_id},
        "rights_part": {"public_id": made["access"].public_id, "key": "notes"},
        "copy": {"token": _released(cast.student)},
        "purge_run": {"public_id": run.public_id},
        "scheduled_setting": {"number": setting.pk},
        "legal_hold": {"public_id": hold.public_id},
        "mention": {"public_id": mention.public_id},
        "wellbeing_mention": {"public_id": hidden.public_id},
        "notice_version": {"number": 1},
        "draft": {"public_id": _draft(cast.student)},
    }
    return about, {"whom_asked": {"who": cast.student.university_id, "person": cast.student.public_id}}


def _draft(person: User) -> str:
    page = reverse("query_create")
    save_draft(person=person, page=page, address=page, form="form", typed={"text": ["Could you"]})
    return str(Draft.objects.get(person=person).public_id)


def _readable(request: RightsRequest, words: str) -> None:
    """A copy that waits for its release, with one note."""
    package, clear, sealed = request.packages.get(), BytesIO(), BytesIO()
    with ZipFile(clear, "w") as archive:
        said = {"classes": {"notes": [{"table": "booking note", "text": words}]}, "readings": []}
        archive.writestr("data.json", json.dumps(said))
    clear.seek(0)
    seal(clear, sealed, package.salt)
    name = storages["retention"].save(f"copies/{package.public_id}", ContentFile(sealed.getvalue()))
    Package.objects.filter(pk=package.pk).update(
        state="ready", name=name, built_at=timezone.now(), contents={"notes": 1}
    )  # fmt: skip


def _released(person: User) -> str:
    """The link of a copy that can be downloaded."""
    request = ask(person=person, kind="portability", by=person)
    package = Package.objects.get(request=request)
    sealed = BytesIO()
    seal(BytesIO(b"a zip"), sealed, package.salt)
    name = storages["retention"].save(f"copies/{package.public_id}", ContentFile(sealed.getvalue()))
    Package.objects.filter(request=request).update(
        size=5,
        state="released",
        name=name,
        built_at=timezone.now(),
        released_at=timezone.now(),
        expires_on=timezone.localdate() + timedelta(days=9),
    )
    return link_token(package.public_id, LINK_SALT)


def retained_bodies(cast: Cast) -> dict[str, Ids]:
    words, later = {"words": "Because."}, str(timezone.localdate() + timedelta(days=60))
    yesterday = str(timezone.localdate() - timedelta(days=1))
    copies = RightsRequest.objects.filter(kind="access").values_list("public_id", flat=True)
    return {
        "purge_run_stop": {"because": "A wrong file."},
        "mention_review": {"decision": "leave"},
        "copy_part_read": {"words": "Because"},
        "notice_words_edit": {"notice_introduction": "We help you.", "effective_from": later},
        "legal_hold_create": {"person": cast.student.public_id, "reason": "A claim", "expires_on": later},
        "legal_holds_create": {
            "who": cast.student.university_id, "people": cast.student.public_id, "reason": "A claim",
            "expires_on": later,
        },
        "legal_holds_lift": {
            "holds": list(LegalHold.objects.values_list("public_id", flat=True)), "because": "Settled."
        },
        "legal_hold_extend": {"expires_on": later},
        "legal_hold_lift": {"because": "Settled."},
        "rights_request_record": {
            "person": cast.student.public_id, "kind": "rectification", "words": "My name", "received_on": yesterday,
            "how": "email",
        },
        **{
            f"rights_request_{name}": {f"{name}_form-words": "Because."}
            for name in ("pause", "extend", "note", "restrict", "lift", "erase")
        },
        "rights_request_close": {"close_form-outcome": "done", "close_form-words": "Because."},
        "rights_request_create": {"kind": "rectification", "words": "My name"},
        "rights_request_follow": words,
        "copy_part": {"notes-included": "yes"},
        "rights_part_decide": {f"{each}-included": "yes" for each in copies},
        "contact_permission_edit": {"marketing": ["email"]},
    }  # fmt: skip
