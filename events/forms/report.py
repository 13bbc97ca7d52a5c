"""Forms for a webinar's report: choose the files, then say who the people are that we don't know, and record it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from events.models import Event, Registration
from events.rules.webinar_reports import Attended, ReportUnreadable, read_reports
from events.selectors.webinar_match import match_report
from foundation.web.inputs import offer

MOST_FILES, MOST_MB, MOST_PEOPLE = 10, 2, 5000
SALT = "events.forms.report"
HOUR = 3600
NOBODY = ""


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of files, each checked as a file."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(each, initial) for each in files]


class ReportUploadForm(forms.Form):
    reports = SeveralFilesField(
        label="Reports",
        help_text="CSV from Zoom or Teams. Was the webinar interrupted? Choose all its reports: we add the minutes.",
        widget=SeveralFilesInput({"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"required": "Choose a report.", "empty": "This file is empty."},
    )

    def clean_reports(self) -> list[Attended]:
        files: list[UploadedFile] = self.cleaned_data["reports"]
        if len(files) > MOST_FILES or sum(each.size or 0 for each in files) > MOST_MB * 1024 * 1024:
            words = f"Choose at most {MOST_FILES} files of at most {MOST_MB} MB together."
            raise forms.ValidationError(words, code="too_large")
        try:
            rows = read_reports(*(each.read() for each in files))
        except ReportUnreadable as problem:
            raise forms.ValidationError(str(problem), code="file_unreadable") from problem
        if len(rows) > MOST_PEOPLE:
            raise forms.ValidationError(f"This report names more than {MOST_PEOPLE:,} people.", code="too_large")
        return rows


class ReportRecordForm(forms.Form):
    """The rows of the report, signed by the page, and who the unknown people are. They are kept only in the page."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, event: Event, *args: Any, read: Sequence[Attended] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        if read is None:
            read, self.is_stale = unsigned(self.data.get("rows", ""))
        else:
            self.initial["rows"] = signed(read)
        self.match = match_report(event, read)
        people = [(each.public_id, each.student.name) for each in self.match.absent]
        for at, row in enumerate(self.match.unknown):
            label = f"{row.name or row.email}, {row.minutes} min"
            self.fields[f"who_{at}"] = forms.ChoiceField(
                label=label, required=False, help_text=row.email if row.name else ""
            )
            offer(self, f"who_{at}", [(NOBODY, "Nobody registered"), *people])

    def clean_rows(self) -> str:
        if self.is_stale:
            raise forms.ValidationError("We read this report more than an hour ago. Choose it again.", code="stale")
        rows: str = self.cleaned_data["rows"]
        return rows

    def minutes(self) -> dict[str, int]:
        """By public id of the registration."""
        found = {each.registration.public_id: each.attended.minutes for each in self.match.matched}
        for at, row in enumerate(self.match.unknown):
            if chosen := self.cleaned_data.get(f"who_{at}"):
                found[chosen] = found.get(chosen, 0) + row.minutes
        return found

    @property
    def absent(self) -> list[Registration]:
        return self.match.absent


def signed(rows: Sequence[Attended]) -> str:
    return signing.dumps([[row.name, row.email, row.minutes] for row in rows], salt=SALT, compress=True)


def unsigned(text: str) -> tuple[list[Attended], bool]:
    """The rows, and whether they are missing: signed longer than an hour ago, or not by us."""
    try:
        return [Attended(*row) for row in signing.loads(text, salt=SALT, max_age=HOUR)], False
    except signing.BadSignature:
        return [], True
