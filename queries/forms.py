"""Forms for queries. They check the shape of the input; the operations decide whether it is allowed."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from documents.models import Document
from eligibility.models import Strike
from foundation.web.inputs import OneOfSeveral, TextBox, offer
from queries.models import RAISED_BY_PEOPLE, Category, CircumstancesDecision, Query, ReplyTemplate
from queries.rules.reply_words import problem_in
from queries.selectors.about import strike_words
from queries.selectors.likely_queries import LikelyQuery

AS_PEOPLE_SAY = {Category.CIRCUMSTANCES: "I missed an appointment for a serious reason"}
ASKED_BY_PEOPLE = [(each, AS_PEOPLE_SAY.get(each, each.label)) for each in RAISED_BY_PEOPLE]


def _text(label: str, most: int = 5000, rows: int = 6, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=TextBox({"rows": rows}), **more)


class QueryForm(forms.Form):
    category = forms.ChoiceField(label="What is it about?", choices=ASKED_BY_PEOPLE)
    missed = forms.ChoiceField(
        label="Which appointment did you miss?", required=False, help_text="Only for something you missed."
    )
    subject = forms.CharField(label="Subject", max_length=160)
    text = _text("Your message")
    documents = forms.MultipleChoiceField(label="Attach documents", required=False, widget=forms.CheckboxSelectMultiple)
    about = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, missed: Iterable[Strike], documents: Iterable[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strikes = [(strike.source_id, strike_words(strike)) for strike in missed]
        offer(self, "missed", [("", "None of these"), *strikes])
        mine = [(each.public_id, each.name) for each in documents]
        offer(self, "documents", mine)
        if not mine:
            del self.fields["documents"]
        if not strikes:
            del self.fields["missed"]


class QueryMessageForm(forms.Form):
    text = _text("Your message", rows=4)


class ReplyForm(OneOfSeveral):
    text = _text("Reply", rows=7, help_text="Goes to the person by email.")
    waits = forms.BooleanField(
        label="Waiting for the student",
        required=False,
        initial=True,
        help_text="Untick this if you will write again. The query then gets a new day to answer by.",
    )


class CommentForm(OneOfSeveral):
    comment = _text("Internal comment", rows=3, help_text="Only colleagues see this.")


class DecisionForm(OneOfSeveral):
    decision = forms.ChoiceField(
        label="Your decision",
        choices=[
            (CircumstancesDecision.ACCEPTED, "Accept: excuse the absence and grant one more appointment"),
            (CircumstancesDecision.DECLINED, "Decline"),
        ],
        widget=forms.RadioSelect,
    )
    words = _text("Reason (the student sees this)", 500, 4)


class AssignForm(OneOfSeveral):
    owner = forms.ChoiceField(label="Assigned to", required=False)

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Unassigned"), *((each.public_id, each.name) for each in colleagues)]
        offer(self, "owner", choices)


class CategoryForm(OneOfSeveral):
    category = forms.ChoiceField(label="Category", choices=Category.choices)


class MergeForm(OneOfSeveral):
    into = forms.ChoiceField(label="Query to merge into")
    reopen = forms.BooleanField(label="Reopen that query if it is resolved", required=False)

    def __init__(self, *args: Any, others: Iterable[Query], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", [(each.public_id, each.subject) for each in others])


class QueryResolveForm(forms.Form):
    """`undecided`: the page has said that closing gives up the decision."""

    to = forms.ChoiceField(choices=[("resolved", "Close"), ("open", "Reopen")], required=False)
    undecided = forms.BooleanField(required=False)


class EmailLinkForm(forms.Form):
    into = forms.ChoiceField(label="Query", widget=forms.RadioSelect)

    def __init__(self, *args: Any, likely: Iterable[LikelyQuery], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", [(each.query.public_id, _likely_words(each)) for each in likely])


def _likely_words(likely: LikelyQuery) -> str:
    query = likely.query
    words = f"{query.subject}, from {query.sender} ({query.get_state_display()})"
    return f"{words}: {likely.why}" if likely.why else words


class CallForm(forms.Form):
    subject = forms.CharField(label="What the caller asked, in a few words", max_length=160)
    text = _text(
        "What they asked, in your words", help_text="The call itself is not recorded, and no recording is kept."
    )
    reply = _text("Answer by email", required=False, help_text="Empty: somebody answers later.")


class ReplyTemplateForm(forms.ModelForm):
    class Meta:
        model = ReplyTemplate
        fields = ["name", "category", "text"]
        help_texts = {"text": "{first_name} becomes the person’s first name, {adviser} yours."}
        widgets = {"text": TextBox({"rows": 8})}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if problem := problem_in(text):
            raise forms.ValidationError(problem)
        return text
