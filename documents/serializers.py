"""What the documents API reads and returns."""

from typing import Any

from rest_framework import serializers

from documents.inspection.taken_out import WORDS
from documents.models import DocumentKind, DocumentShare, Format, VersionState
from foundation.api.base_view import PageOutput
from foundation.api.json_days import JsonOffsetMomentField
from foundation.values.public_ids import LENGTH
from foundation.values.sources import SourceKind


class DocumentInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(DocumentKind.choices, default=DocumentKind.CV)
    file = serializers.FileField(max_length=255, allow_empty_file=True, help_text="PDF or DOCX, judged by its content.")


class VersionOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    format = serializers.ChoiceField(Format.choices)
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Of what is served: the copy without its author's traces, once checked.")
    uploaded_at = JsonOffsetMomentField()
    state = serializers.ChoiceField(VersionState.choices)
    reason = serializers.CharField(allow_blank=True, help_text="A code, where it was refused.")
    taken_out = serializers.ListField(
        child=serializers.ChoiceField([(code.value, words) for code, words in WORDS.items()]),
        help_text="What was taken out of the copy that is served, to make it safe.",
    )


class SharedWith(serializers.Serializer[Any]):
    """An adviser's id, or the kind and id of what the document is attached to."""

    adviser = serializers.CharField(source="adviser.public_id", allow_null=True, max_length=LENGTH)
    source_kind = serializers.ChoiceField(SourceKind.choices, allow_null=True)
    source_id = serializers.CharField(allow_null=True, max_length=LENGTH)

    def to_representation(self, instance: DocumentShare) -> dict[str, Any]:
        """Turns empty strings into null."""
        return {name: value or None for name, value in super().to_representation(instance).items()}


class DocumentOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id", max_length=LENGTH)
    name = serializers.CharField()
    kind = serializers.ChoiceField(DocumentKind.choices)
    versions = VersionOutput(source="versions.all", many=True, help_text="Newest first.")
    shared_with = SharedWith(source="shares.all", many=True)


class DocumentPageOutput(PageOutput):
    results = DocumentOutput(many=True)
