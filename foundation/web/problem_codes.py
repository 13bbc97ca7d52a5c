"""Every problem code of the API. The pages at `/api/problems/` are generated from this."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """`title` is the RFC 9457 title and `statuses` the HTTP statuses that it comes with.

    The rest is for the code's page.
    """

    statuses: tuple[int, ...]
    title: str
    meaning: str
    action: str


def _type(status: int | tuple[int, ...], title: str, meaning: str, action: str) -> ProblemType:
    return ProblemType(status if isinstance(status, tuple) else (status,), title, meaning, action)


FIX = "Correct what you send. The same request will be refused again."
INCONSISTENT = (
    "allocation_use_source_kind",
    "answered_twice",
    "booking_arrived",
    "booking_ended",
    "booking_ended_by",
    "booking_late",
    "booking_mode",
    "booking_not_arrived",
    "booking_seat",
    "booking_status",
    "check_in_how",
    "checked_in_already",
    "offer_missing",
    "offer_times",
    "registration_counted",
    "registration_ended",
    "registration_mode",
    "registration_status",
    "seat",
    "still_coming",
    "waiting_ended",
    "waiting_entry_source_kind",
    "waiting_entry_state",
)
"""Codes of constraints that catch an operation's mistakes."""

NOTHING = "Nothing more needs doing."
OTHER_TIME = "Choose another free time. The answer’s “alternatives” lists the nearest."
FILE_AGAIN = "Save the document again as a PDF without a password, and upload that."

PROBLEM_TYPES: dict[str, ProblemType] = {
    # The request
    "bad_request": _type(400, "Bad request", "The request can’t be read.", FIX),
    "parse_error": _type(400, "Body can’t be read", "The body isn’t valid JSON, or isn’t in UTF-8.", FIX),
    "invalid": _type(
        400,
        "Value can’t be read",
        "A value has the wrong type or shape, or there is no such parameter. “errors” names each one.",
        "Compare the request with the OpenAPI description, and correct it.",
    ),
    "validation_failed": _type(
        422,
        "Value not accepted",
        "A value is missing, too long, out of range or not one of the choices. “errors” names each one.",
        "Change the values that “errors” names, and send the request again.",
    ),
    "not_found": _type(
        404,
        "Not found",
        "There is nothing at this address, or nothing that you can see.",
        "Check the address and the id. Ids belong to the person whose token you use.",
    ),
    "method_not_allowed": _type(
        405, "Method not allowed", "This address doesn’t support the method.", "Use a method that “Allow” lists."
    ),
    "not_acceptable": _type(
        406, "Not acceptable", "The API answers in JSON only.", "Send “Accept: application/json”, or leave it out."
    ),
    "too_large": _type(
        413, "Body too large", "The body is larger than this address accepts.", "Send less, or in several requests."
    ),
    "address_too_long": _type(414, "Address too long", "Path and query have more than 2 KB.", "Shorten the query."),
    "unsupported_media_type": _type(
        415,
        "Unsupported media type",
        "This address doesn’t accept the body’s Content-Type.",
        "Send “application/json”; for an upload “multipart/form-data”.",
    ),
    "too_many_requests": _type(
        429,
        "Too many requests",
        "This token, person or network has sent too many requests in this minute.",
        "Wait as many seconds as “Retry-After” says, then send fewer requests a minute.",
    ),
    # Authentication and permission
    "not_authenticated": _type(
        401,
        "Not signed in",
        "The request has no token, and this address needs one.",
        "Send “Authorization: Bearer” with a token from your profile page.",
    ),
    "token_invalid": _type(
        401, "Token doesn’t work", "The token is unknown or was revoked.", "Create a new token on your profile page."
    ),
    "token_expired": _type(
        401, "Token expired", "The token’s last day has passed.", "Create a new token on your profile page."
    ),
    "account_suspended": _type(
        (401, 403, 409),
        "Account not active",
        "The account that the request is for isn’t active.",
        "Contact the careers service.",
    ),
    "token_scope": _type(
        403,
        "Token not for this",
        "The token wasn’t made for this. “WWW-Authenticate” names the scope it needs.",
        "Create a token with that scope on your profile page.",
    ),
    "permission_denied": _type(
        403,
        "Not allowed",
        "Your roles don’t allow this, or the request came from a browser without its CSRF token.",
        "Use the token of somebody who can do this. In a browser, send “X-CSRFToken”.",
    ),
    "not_yours": _type(
        403, "For somebody else", "You can do this for yourself only.", "Leave out the person, or name yourself."
    ),
    "student_or_adviser_books": _type(
        403,
        "Not for the front desk",
        "You can’t see whether this student may book this type.",
        "Ask the student to book it, or an adviser.",
    ),
    "sign_in_again": _type(
        403,
        "Recent sign-in needed",
        "This needs a person who has just signed in. A token can’t do it.",
        "Sign in again in a browser.",
    ),
    "second_factor_needed": _type(
        403,
        "Second factor needed",
        "Staff need a second factor, and this session has none.",
        "Set one up in a browser, or use a token.",
    ),
    # The service
    "server_error": _type(
        500, "Server error", "Something went wrong on our side.", "Try again later. If it goes on, tell us."
    ),
    "busy": _type(
        503, "Busy", "The service is very busy. Nothing was changed.", "Try again after “Retry-After” seconds."
    ),
    "database_away": _type(
        503,
        "Database unavailable",
        "The database can’t be reached for the moment. Nothing was changed.",
        "Try again after “Retry-After” seconds.",
    ),
    "outcome_unknown": _type(
        503,
        "Outcome unknown",
        "The database was lost while the request was handled. It may have been saved.",
        "Look first, or send the same “Idempotency-Key” again.",
    ),
    # Names and keys in the request
    "unknown_type": _type(422, "Unknown type", "There is no such appointment type.", FIX),
    "unknown_adviser": _type(422, "Unknown adviser", "There is no such adviser.", FIX),
    "unknown_location": _type(422, "Unknown location", "There is no such location.", FIX),
    "unknown_student": _type(422, "Unknown student", "There is no such student.", FIX),
    "student_needed": _type(422, "Student needed", "Staff must say which student it is for.", "Send “student”."),
    "changed_since": _type(
        412,
        "Changed since",
        "Somebody has changed this since you read it: its “ETag” is no longer the one in “If-Match”.",
        "Read it again, and send your change with the new “ETag” if you still want it.",
    ),
    "undecided": _type(
        409,
        "Undecided",
        "You are closing an appeal or extenuating circumstances that nobody has decided.",
        "Send “undecided”: true to close it all the same.",
    ),
    "idempotency_key_reused": _type(
        422,
        "Idempotency key reused",
        "This “Idempotency-Key” was used for a different request.",
        "Use a new key for each new request.",
    ),
    "request_repeated": _type(
        409,
        "Request repeated",
        "The same “Idempotency-Key” is being handled at this moment.",
        "Send the request again with the same key.",
    ),
    # The time of an appointment
    "time_taken": _type(409, "Time taken", "Somebody else has just booked this time.", OTHER_TIME),
    "session_full": _type(409, "Session full", "The group session has no place left.", OTHER_TIME),
    "student_busy": _type(
        409, "Student busy", "The student has another appointment at this time.", "Choose another time."
    ),
    "not_offered": _type(409, "Time not offered", "No appointment is offered at this time and place.", OTHER_TIME),
    "in_the_past": _type((403, 409), "In the past", "The time has passed.", OTHER_TIME),
    "too_soon": _type(409, "Too soon", "It is too late to book this time.", "Choose a later time."),
    "too_far_ahead": _type(409, "Too far ahead", "This time can’t be booked yet.", "Choose an earlier time, or wait."),
    "short_horizon": _type(
        409, "Too far ahead after misses", "The student has missed appointments.", "Choose an earlier day."
    ),
    "inside_notice": _type(
        409, "Inside the notice", "It is too late to move or cancel this booking.", "Tell the careers service."
    ),
    "closed": _type(409, "Closed", "The service is closed on this day.", "Choose another day."),
    "out_of_term": _type(409, "Out of term", "This type is offered in term only.", "Choose a day in term."),
    "not_open": _type(409, "Not open", "Nothing can be booked on this day.", "Choose another day."),
    "booking_times": _type(409, "Times don’t fit", "The appointment would end before it starts.", FIX),
    # Eligibility
    "allocation_used": _type(
        409,
        "No appointments left",
        "The student has used all appointments of this kind for the period.",
        "Cancel one, or wait until “remedy” says.",
    ),
    "grant_ordinal": _type(
        409, "Not counted", "An additional appointment could not be counted.", "Send the request again."
    ),
    "counted_twice": _type(
        409,
        "Counted already",
        "The same appointment was counted by another request at this moment.",
        "Send the request again.",
    ),
    "not_eligible": _type(
        409, "Not eligible", "This type isn’t for this student.", "Choose a type whose “may_book” is true."
    ),
    "activity_needed": _type(
        409, "Activity needed", "The student must complete an activity first.", "Complete what “remedy” names."
    ),
    "on_hold": _type(
        (403, 409), "Booking on hold", "The student can’t book for a time.", "Contact the careers service."
    ),
    "type_not_offered": _type(
        (403, 409), "Type not offered", "This type isn’t offered at present.", "Choose another type."
    ),
    "too_many_changes": _type(
        429,
        "Too many changes",
        "The student has booked, moved or cancelled too often in a short time.",
        "Wait as many seconds as “Retry-After” says. Cancelling is still possible.",
    ),
    "override_reason": _type(
        409, "Reason needed", "Setting a rule aside needs a reason.", "Send “override” with a “reason”."
    ),
    # The booking
    "not_changeable": _type(
        409, "Can’t be changed", "The booking has ended or was cancelled.", "Read the booking again."
    ),
    "too_late": _type(409, "Too late", "The time in which this could be done is over.", "Contact the careers service."),
    "phone_missing": _type(
        409, "Number missing", "An appointment by telephone needs a number to call.", "Send “phone”."
    ),
    "phone_unreadable": _type(409, "No such number", "“phone” isn’t a telephone number.", FIX),
    "phone_unusable": _type(409, "Number not used", "Only an appointment by telephone has a number.", FIX),
    "link_unusable": _type(409, "Link not usable", "Only an online appointment has a link, and it is https.", FIX),
    "address_ended": _type(
        409,
        "Address has ended",
        "The student’s University email address has ended, so our confirmation would not arrive.",
        "They add a personal email address first.",
    ),
    "other_type": _type(
        409, "Another type", "A booking can only move to a time of its own type.", "Cancel it and book the other type."
    ),
    "already_marked": _type(409, "Marked already", "Attendance was marked already.", "Undo the attendance first."),
    "could_not_take_place": _type(
        409, "Could not take place", "We told the student that it must move.", "Cancel it, or move it."
    ),
    "has_ended": _type(
        409, "Ended", "Arrivals are marked until the appointment ends.", "Mark it as attended or missed."
    ),
    "lateness_impossible": _type(
        422, "Too late", "Nobody is later than the appointment is long.", "Send minutes from 1 to its length."
    ),
    "lateness_needed": _type(422, "How late?", "You sent no minutes.", "Send `minutes_late` with `late`."),
    "not_begun": _type(409, "Not started", "The appointment hasn’t started yet.", "Mark it after it has started."),
    "has_arrived": _type(409, "Student has arrived", "The student is marked as arrived.", "Read the booking again."),
    "nothing_marked": _type(409, "Nothing marked", "There is no mark to take back.", "Read the booking again."),
    "held": _type(
        409,
        "Booking held",
        "The booking is held while the account is suspended.",
        "Decide about the account first.",
    ),
    "reason_needed": _type((409, 422), "Reason needed", "This needs a reason.", "Send “reason”."),
    "unknown_outcome": _type(422, "Unknown outcome", "There is no such outcome.", FIX),
    # Documents
    "document_type": _type(422, "Not a PDF or Word file", "The file is neither PDF nor DOCX.", FILE_AGAIN),
    "document_extension": _type(
        422, "Wrong extension", "The name doesn’t end in .pdf or .docx.", "Upload a PDF or Word file by its own name."
    ),
    "document_empty": _type(422, "File empty", "The file is empty.", "Upload a file with content."),
    "document_too_large": _type(
        (413, 422), "File too large", "The file is larger than allowed.", "Make it smaller and upload that."
    ),
    "document_active": _type(422, "Contains macros", "The file contains macros or scripts.", FILE_AGAIN),
    "document_polyglot": _type(422, "More than one kind", "The file is more than one kind of file.", FILE_AGAIN),
    "document_locked": _type(422, "Protected by a password", "The file can’t be opened without one.", FILE_AGAIN),
    "document_bomb": _type(422, "Unpacks to too much", "The file unpacks to far more than it should.", FILE_AGAIN),
    "document_paths": _type(422, "Odd parts", "The file has parts that no Word document has.", FILE_AGAIN),
    "document_unreadable": _type(422, "Can’t be read", "The file can’t be read.", FILE_AGAIN),
    "document_too_complicated": _type(422, "Too complicated", "The file is too complicated to check.", FILE_AGAIN),
    "document_name": _type((409, 422), "No name", "The file has no name.", "Upload a file that has a name."),
    "document_kind": _type((409, 422), "Unknown kind", "There is no such kind of document.", FIX),
    "document_not_stored": _type(
        503, "Not stored", "The file couldn’t be stored. Nothing was changed.", "Upload it again later."
    ),
    "document_gone": _type(409, "Document deleted", "The document was deleted meanwhile.", "Upload it again."),
    "documents_full": _type(
        409, "Too many documents", "There are as many documents as one person can have.", "Delete one first."
    ),
    "versions_full": _type(
        409, "Too many versions", "The document has as many versions as it can have.", "Delete one first."
    ),
    "last_version": _type(
        409, "Last version", "A document’s last version can’t be deleted alone.", "Delete the document."
    ),
    "too_many_uploads": _type(
        429,
        "Too many uploads",
        "Too many files were uploaded in a short time.",
        "Wait as many seconds as “Retry-After” says.",
    ),
    "reading_unrecorded": _type(
        503, "Reading not recorded", "We only show this if we can record that you read it.", "Try again later."
    ),
    # Events
    "event_full": _type(409, "Event full", "There is no free place, or others wait.", "Join the waiting list."),
    "places_free": _type(409, "A place is free", "Nobody needs to wait for this event.", "Register instead."),
    "registered_already": _type(409, "Registered already", "The student has a place at this event.", NOTHING),
    "waiting_already": _type(409, "Waiting already", "The student is on this waiting list.", NOTHING),
    "waiting_number": _type(409, "Joined at the same moment", "Somebody joined at that moment.", "Try again."),
    "offer_over": _type(409, "Offer over", "The place is no longer kept.", "Join the waiting list again."),
    "registration_not_open": _type(409, "Not open yet", "Registration has not opened.", "Wait until “opens_at”."),
    "registration_closed": _type(409, "Closed", "Registration has closed.", "Choose another event."),
    "event_draft": _type(409, "Not published", "The event is a draft.", "Publish it first."),
    "event_cancelled": _type(409, "Event cancelled", "The event does not take place.", "Choose another event."),
    "event_over": _type(409, "Event over", "The event has ended.", "Choose another event."),
    "event_clash": _type(409, "Two at once", "The student has another event then.", "Cancel that."),
    "way_not_offered": _type(409, "Way not offered", "The event can’t be attended in this way.", "Use one of “ways”."),
    "answer_missing": _type(422, "Answer missing", "A question must be answered. “field” is its id.", "Answer it."),
    "answer_unknown": _type(422, "Unknown answer", "It is none of the question’s choices. “field” is its id.", FIX),
    "unknown_event": _type(422, "Unknown event", "There is no such event.", FIX),
    "unknown_session": _type(422, "Unknown session", "The event has no such session.", FIX),
    "too_early": _type(409, "Too early", "Check-in is not open yet.", "Wait until it opens."),
    "attendance_closed": _type(409, "Attendance closed", "The attendance is recorded.", "Reopen it on its page."),
    "registration_cancelled": _type(409, "Registration cancelled", "The student has no place.", "Register them again."),
    # Queries
    "no_words": _type(422, "Nothing written", "The subject or the text says nothing.", "Write something, and send it."),
    "no_absence": _type(
        (409, 422), "No missed appointment", "It doesn’t say which missed appointment it is about.", "Send “missed”."
    ),
    "unknown_absence": _type(422, "Unknown absence", "The student missed no such booking.", FIX),
    "unknown_document": _type(422, "Unknown document", "The student has no such document.", FIX),
    "unknown_colleague": _type(422, "Unknown colleague", "There is no such colleague.", FIX),
    "excused_already": _type(409, "Excused already", "The absence is excused already.", "Nothing more needs doing."),
    "appealed_already": _type(
        409, "Appealed already", "The student has appealed against this decision.", "Reply to that query."
    ),
    "own_decision": _type(
        403,
        "Own decision",
        "You made the decision that this appeal is about.",
        "Another careers manager must reply first. Assign it to one.",
    ),
    "merged_already": _type(
        409, "Merged already", "The query was merged into another one.", "Use the query that “merged_into” names."
    ),
    "resolved_already": _type(409, "Resolved already", "The query is resolved already.", "Read the query again."),
    "open_already": _type(409, "Open already", "The query is open already.", "Read the query again."),
    "not_theirs": _type(
        422, "Not theirs to answer", "This colleague doesn’t answer such queries.", "Choose another colleague."
    ),
    "too_many_queries": _type(
        429,
        "Too many messages",
        "This person has sent too many queries and messages in a day.",
        "Wait as many seconds as “Retry-After” says.",
    ),
}
PROBLEM_TYPES |= {
    code: _type(409, "Values that don’t fit", "The booking would contradict itself, so it was refused.", "Tell us.")
    for code in INCONSISTENT
}
