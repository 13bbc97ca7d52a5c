"""What is sent to each route, by `route` or `route:what the line says it sends`."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.seeding.named_people import NAMED_PEOPLE
from tests.accounts.feed_files import file_of, person
from tests.appointments.api_cast import five_fields
from tests.cast import Cast
from tests.documents.papers import pdf

Ids = dict[str, Any]


def bodies(cast: Cast, about: dict[str, Ids]) -> dict[str, Ids]:
    free, today = five_fields(cast.choice(11)), str(timezone.localdate())
    place = {"starts": "13:00", "ends": "16:00", "types": [cast.type.pk], "locations": [cast.room.pk]}
    file = {"file": lambda: SimpleUploadedFile("cv.pdf", pdf()), "kind": "cv"}
    rows = b"university_id,activity,completed_on,score,count\r\nS1,cv-essentials,2026-01-01,,\r\n"
    draft = {"rule": '{"everybody": true}', "effective_from": str(cast.day), "note": "Because"}
    result = {"university_id": cast.student.university_id, "activity": "cv-essentials", "count": 1}
    return {
        "theme_choose": {"theme": "dark"},
        "profile_edit": {"preferred_name": "Changed", "phone": "07700 900124", "access_needs": "None"},
        "api_token_create": {"name": "A program", "scopes": ["profile:read"]},
        "keep_access": {"email": "somebody@example.net"},
        "colleague_create": {"given_name": "Ada", "email": "ada.new@example.ac.uk", "roles": ["adviser"]},
        "colleague_roles": {"role": "adviser"},
        "colleague_role_take": {"role": "editor"},
        "retention_setting_change": {
            "key": "retention_years", "value": "4", "effective_from": str(cast.day + timedelta(days=9)), "note": "Why",
        },
        "invitation_accept": {"password1": "grey-otter-lantern-42", "password2": "grey-otter-lantern-42"},
        "booking_prepare": {"help_wanted": "Changed", "access_needs": "Changed"},
        "recording_permission": {"permission": "withdraw"},
        "document_attach": {"documents": [about["private_document"]["public_id"]]},
        "document_create": file,
        "document_rename": {"name": "Changed", "kind": "advert"},
        "version_create": file,
        "share_create": {"adviser": cast.other_adviser.public_id},
        "template_create": {"weekday": 1, **place},
        "template_edit": {"weekday": 2, **place},
        "template_publish": {"first": str(cast.day), "last": str(cast.day + timedelta(days=14))},
        "block_create": {"day": str(cast.day + timedelta(days=7)), **place},
        "time_out_create": {"first_day": str(cast.day), "reason": "Dentist"},
        "staff_booking_create": {"start": free["start"]},
        "attendance_mark:arrived": {"mark": "arrived"},
        "attendance_mark:attended": {"mark": "attended"},
        "attendance_reverse": {"reason": "A mistake"},
        "staff_booking_close": {"outcome": "attended", "text": "Went well"},
        "note_create": {"text": "A note"},
        "staff_booking_cancel": {"who": "service", "reason": "Ill"},
        "joining_edit": {"link": "https://meet.example.ac.uk/this-once"},
        "online_room_edit": {"link": "https://meet.example.ac.uk/helen"},
        "staff_booking_move_check": {"start": free["start"]},
        "concern_raise": {"facts": "Very quiet", "seriousness": "worried"},
        "concern_detail": {"kind": "contact", "words": "We talked.", "next_on": today},
        "concern_close": {"reason": "All is well."},
        "concern_reopen": {"reason": "Not after all."},
        "disclosure_create": {
            "to": "school", "to_whom": "The Dean", "shared": "The least", "why": "Danger", "student_told": "yes",
        },
        "query_create": {"category": "general", "subject": "Hello", "text": "A question"},
        "query_detail": {"text": "More"},
        "api_query_list": {"category": "general", "subject": "Hello", "text": "A question"},
        "api_query_reply": {"text": "More"},
        "api_query_assign": {"owner": None},
        "query_resolve": {"to": "resolved"},
        "query_answer": {"text": "An answer"},
        "query_comment": {"comment": "Between us"},
        "query_assign": {"owner": ""},
        "query_recategorise": {"category": "technical"},
        "query_state": {"to": "resolved"},
        "query_merge": {"into": about["other_query"]["public_id"]},
        "query_link": {"into": about["other_query"]["public_id"]},
        "query_decide": {"decision": "accepted", "words": "We are sorry to hear it."},
        "call_create": {"subject": "Opening hours", "text": "Asked when we are open."},
        "reply_template_create": {"name": "New", "text": "Hello"},
        "reply_template_edit": {"name": "Changed", "text": "Hello"},
        "review_close": {"outcome": "contacted", "words": "We talked."},
        "hold_create": {
            "first": today, "last": today, "bookings": "keep", "message": "x", "reason": "y",
        },
        "hold_lift": {"because": "We talked."},
        "strike_excuse": {"because": "Ill."},
        "absence_create": {"kind": "event", "about": "Law fair", "on": today},
        "concern_report": {"happened": "Somebody knows my password."},
        "lead_dismiss": {"reason": "No breach"},
        "case_create": {"person": cast.student.public_id, "summary": "Suspected"},
        "case_note_create": {"note_form-words": "Rang"},
        "outcome_create": {
            "outcome_form-kind": "disciplinary", "outcome_form-on": today, "outcome_form-told_by": "The School",
        },
        "case_close": {"close_form-ending": "no_breach", "close_form-words": "A mistake"},
        "case_reinstate": {"reinstate_form-reason": "A mistake"},
        "termination_propose": {"propose_form-reason": "Shared"},
        "breach_create": {"breach_form-known_at": "2026-11-01T09:00"},
        "case_report_edit": {"address": "law-school@example.ac.uk", "subject": "Changed", "text": "Changed"},
        "feed_run_create": {"file": lambda: SimpleUploadedFile("feed.csv", file_of(person(3)))},
        "feed_run_apply": {"accepts_large_change": "on"},
        "result_import": {"file": lambda: SimpleUploadedFile("results.csv", rows)},
        "audience_create": {"name": "people who are new"},
        "audience_try": {"q": cast.student.university_id},
        "audience_preview": draft,
        "audience_check": draft,
        "audience_schedule": draft,
        "miss_rule_change": {"action": "schedule", "effective_from": today, "note": "Nothing counts any more."},
        "rule_roll_back": {"effective_from": str(cast.day + timedelta(days=3))},
        "account_login": {"login": "nobody@example.ac.uk", "password": "wrong"},
        "account_reset_password": {"email": cast.other_student.email},
        "demo_sign_in": {"email": NAMED_PEOPLE[0].email},
        # API
        "api_booking_list:own_booking": free,
        "api_booking_list:booking": {**free, "student": cast.student.public_id},
        "api_booking_list:override": {**free, "override": {"reason": "Because"}},
        "api_booking_move": free,
        "api_booking_cancel": {"reason": "Ill"},
        "api_booking_cancel:by_service": {"by_service": True},
        "registration_create": {"mode": "in_person"},
        "event_create": {
            "title": "New", "summary": "New", "day": str(cast.day), "starts": "14:00", "ends": "15:00",
            "in_person": "9",
        },
        "event_edit": {"title": "Changed", "summary": "Changed"},
        "event_places_edit": {"in_person": "200"},
        "event_people": {"employers": "Bellweather Bank"},
        "event_copy": {"starts_at": f"{cast.day}T14:00"},
        "series_create": {"title": "Series", "first": str(cast.day), "last": str(cast.day), "starts": "14:00"},
        "event_message": {"text": "Bring a pen"},
        "event_cancel": {"reason": "Ill"},
        "event_times": {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"},
        "event_questions": {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"},
        "staff_registration_create": {"student": cast.student.public_id, "mode": "in_person"},
        "event_attendance_reopen": {"reason": "They came"},
        "door_check_in": {"registration": about["present_registration"]["public_id"]},
        "door_undo": {"registration": about["present_registration"]["public_id"]},
        "door_walk_in": {"student": cast.student.public_id},
        "device_create": {"name": "Entrance"},
        "arrivals_device_create": {"name": "Front desk"},
        "waiting_join": {"mode": "in_person"},
        "feedback_create": {"score": "5", "text": "Good"},
        "api_registration_list:own": {"event": about["event_free"]["public_id"], "mode": "in_person"},
        "api_registration_list:student": {
            "event": about["event_free"]["public_id"], "mode": "in_person", "student": cast.student.public_id,
        },
        "api_registration_list:override": {
            "event": about["event_free"]["public_id"], "mode": "in_person", "override": {"reason": "Because"},
        },
        "api_waiting_list": {"event": about["event_full"]["public_id"], "mode": "in_person"},
        "api_attendance:arrived": {"outcome": "arrived"},
        "api_attendance:attended": {"outcome": "attended"},
        "api_attendance_reverse": {"reason": "A mistake"},
        "api_activity_results": {"results": [result]},
        "api_document_list": file,
        # Django's admin
        "admin:accounts_user_add": {"given_name": "New", "email": "new@example.ac.uk", "roles": ["administrator"]},
        "admin:accounts_user_change": {"given_name": "Changed", "roles": ["administrator"]},
    }  # fmt: skip
