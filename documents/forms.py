from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from accounts.models import User
from documents.models import DocumentKind
from foundation.web.limited_upload import too_much_was_sent

ACCEPTED = ".pdf,.docx,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FileForm(forms.Form):
    """One file. The operation checks its content."""

    file = forms.FileField(
        label="File",
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": "Choose a file.", "max_length": "The file’s name is too long."},
    )

    def __init__(self, request: HttpRequest | None = None, *, megabytes: int, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(request.POST if request else None, request.FILES if request else None, **kwargs)
        self.fields["file"].help_text = f"PDF or Word (DOCX), up to {megabytes} MB."
        if request and too_much_was_sent(request):
            field = self.fields["file"]
            field.error_messages["required"] = (
                f"This file is larger than {megabytes} MB. Make it smaller and try again."
            )

    @property
    def upload(self) -> dict[str, Any]:
        """The file's content and name, as arguments of the operations."""
        file: UploadedFile = self.cleaned_data["file"]
        return {"content": file.read(), "filename": file.name or ""}


class UploadForm(FileForm):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=DocumentKind.choices,
        initial=DocumentKind.CV,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what it is.", "invalid_choice": "Say what it is."},
    )
    field_order = ["kind", "file"]


class RenameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=100, error_messages={"required": "Give the document a name."})
    kind = forms.ChoiceField(label="What is it?", choices=DocumentKind.choices, widget=forms.RadioSelect)


class ShareForm(forms.Form):
    adviser = forms.ModelChoiceField(
        User.objects.none(),
        label="Adviser",
        to_field_name="public_id",
        empty_label="Choose an adviser",
        error_messages={"required": "Choose an adviser.", "invalid_choice": "Choose one of the advisers."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        advisers = User.objects.advisers().order_by("family_name", "given_name", "pk")
        self.fields["adviser"].queryset = advisers  # type: ignore[attr-defined]  # Django types every form field as Field
