"""What the queries API reads and returns."""

from typing import Any

from rest_framework import serializers

from foundation.api.base_view import PUBLIC_ID_PATTERN, PageInput, PageOutput
from foundation.api.json_days import JsonMomentField
from queries.models import RAISED_BY_PEOPLE, Category, CircumstancesDecision, MessageKind, Query, QueryStatus, Via
from queries.rules.answering import answers
from queries.selectors.inbox import VIEWS

LONGEST_TEXT = 5000
"""Characters, the same as on the pages."""

FOR_COLLEAGUES = ("owner", "from_address")
"""Members hidden from the person who raised the query."""


class QueryIdField(serializers.RegexField):
    default_error_messages = {"invalid": "This is not an id."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(PUBLIC_ID_PATTERN, trim_whitespace=False, **kwargs)


class InboxInput(PageInput):
    view = serializers.ChoiceField(
        [name or "open" for name in VIEWS], default="open", help_text="Which part of the inbox; open ones by default."
    )
    category = serializers.ChoiceField(Category.choices, required=False, help_text="Only this category.")
    q = serializers.CharField(
        max_length=100, required=False, default="", help_text="Words in the subject, a message or the sender."
    )


class RaiseQueryInput(serializers.Serializer[Any]):
    category = serializers.ChoiceField([(each.value, each.label) for each in RAISED_BY_PEOPLE])
    subject = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    missed = QueryIdField(
        required=False, help_text="The booking that was missed; `circumstances` needs it. See `bookings`."
    )
    documents = serializers.ListField(
        child=QueryIdField(), required=False, default=list, max_length=20, help_text="Your documents to attach."
    )


class QueryReplyInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)
    waits = serializers.BooleanField(
        default=True, help_text="Colleagues: the query now waits for the person. `false`: we will write again."
    )


class ResolveQueryInput(serializers.Serializer[Any]):
    undecided = serializers.BooleanField(
        default=False, help_text="Close my appeal or circumstances although nobody has decided."
    )


class AssignQueryInput(serializers.Serializer[Any]):
    owner = QueryIdField(allow_null=True, help_text="A colleague who answers such queries; null for nobody.")


class QueryPersonOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class QueryOutput(serializers.Serializer[Any]):
    # The context must contain the `reader`. A comment, because a docstring would be in the schema.

    id = serializers.CharField(source="public_id")
    subject = serializers.CharField()
    category = serializers.ChoiceField(Category.choices)
    state = serializers.ChoiceField(QueryStatus.choices)
    about = serializers.CharField(source="about_words", allow_blank=True, help_text="What it is about, in words.")
    person = QueryPersonOutput(allow_null=True, help_text="Null: an email from an address that we do not know.")
    from_address = serializers.CharField(required=False, allow_blank=True, help_text="Colleagues only.")
    owner = QueryPersonOutput(required=False, allow_null=True, help_text="Colleagues only: who answers it.")
    opened_at = JsonMomentField()
    last_at = JsonMomentField()
    due_on = serializers.DateField(help_text="By when we answer.")
    answered_at = JsonMomentField(allow_null=True)
    resolved_at = JsonMomentField(allow_null=True)
    decision = serializers.ChoiceField(CircumstancesDecision.choices, allow_blank=True)
    merged_into = serializers.CharField(
        source="merged_into.public_id", allow_null=True, default=None, help_text="The query that it went into."
    )

    def to_representation(self, instance: Query) -> dict[str, Any]:
        shown = super().to_representation(instance.as_told(self.context["reader"]))
        hidden = () if answers(self.context["reader"], instance) else FOR_COLLEAGUES
        return {name: value for name, value in shown.items() if name not in hidden}


class QueryMessageOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    kind = serializers.ChoiceField(
        MessageKind.choices, help_text="`comment`: an internal comment, shown to colleagues only."
    )
    via = serializers.ChoiceField(Via.choices)
    by = serializers.CharField(source="by.name", allow_null=True, default=None, help_text="Null: nobody is proved.")
    from_address = serializers.CharField(allow_blank=True, help_text="Where an email came from; nobody has proved it.")
    text = serializers.CharField()
    quoted = serializers.CharField(allow_blank=True, help_text="What an email repeats of earlier ones.")
    at = JsonMomentField()


class QueryDocumentOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class ThreadOutput(serializers.Serializer[Any]):
    query = QueryOutput()
    messages = QueryMessageOutput(many=True)
    documents = QueryDocumentOutput(many=True, help_text="Attached, and open to you.")
    kept_until = serializers.DateField(allow_null=True, help_text="Once it is resolved: the last day we keep it.")


class QueryPage(PageOutput):
    results = QueryOutput(many=True)
