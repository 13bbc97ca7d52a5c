"""Choosing the documents for a booking: some of the student's own, or a new upload."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest

from accounts.models import User
from accounts.rules.policy import policy_in_force
from documents.forms import UploadForm
from documents.models import Document
from foundation.web.inputs import offer


class AttachForm(UploadForm):
    """The file is optional. Documents that are not the student's own are not valid choices."""

    documents = forms.MultipleChoiceField(
        label="Attach documents",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the documents is not there any more. Choose again."},
    )
    field_order = ["documents", "file", "kind"]

    def __init__(
        self, owner: User, request: HttpRequest | None = None, *, without: Iterable[int] = (), **kwargs: Any
    ) -> None:
        megabytes = policy_in_force().document_megabytes
        super().__init__(request, megabytes=megabytes, auto_id="attach_%s", **kwargs)
        mine = Document.objects.owned_by(owner).exclude(pk__in=list(without))
        choices = [(each.public_id, f"{each.name} ({each.get_kind_display()})") for each in mine]
        offer(self, "documents", choices)
        if not choices:
            self.fields["documents"].widget = forms.MultipleHiddenInput()
        self.fields["file"].required = self.fields["kind"].required = False
        self.fields["file"].label = "Or upload another" if choices else "Upload a document"

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or self.fields["kind"].initial)
