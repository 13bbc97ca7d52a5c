from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from accounts.feed.operations.files import LARGEST
from accounts.models import GUARDED, NOT_STAFF, AccessNeeds, FeedRun, PolicySetting, Role, User
from accounts.policy.registry import SETTINGS
from accounts.rules.api_tokens import last_expiry, scopes_of
from accounts.rules.policy import Policy
from accounts.selectors.finding import known_by
from foundation.values.person_names import composed_name, validate_person_name
from foundation.values.times import spoken_day
from foundation.values.unseen_signs import without_unseen
from foundation.web.days import DayField
from foundation.web.inputs import CleanEmailField, TextBox
from foundation.web.telephones import telephone_in


class ComposedNames:
    """Cleans the names of a form in the same way, whichever of the three it has."""

    cleaned_data: dict[str, Any]

    def clean_given_name(self) -> str:
        return composed_name(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        return composed_name(self.cleaned_data["family_name"])

    def clean_preferred_name(self) -> str:
        return composed_name(self.cleaned_data["preferred_name"])


class ProfileForm(ComposedNames, forms.ModelForm):
    access_needs = forms.CharField(
        label="Access needs",
        required=False,
        max_length=1000,
        widget=TextBox(attrs={"rows": 4}),
        help_text="Anything that helps us make an appointment work for you. Your adviser and the front desk see this.",
    )
    declares_disability = forms.BooleanField(
        label="I am disabled or neurodivergent",
        required=False,
        help_text="Opens the disability and neurodiversity appointments. We use it for nothing else.",
    )

    class Meta:
        model = User
        fields = ["preferred_name", "phone", "text_reminders"]
        labels = {
            "preferred_name": "Preferred name",
            "phone": "Telephone",
            "text_reminders": "Remind me by text too",
        }
        help_texts = {
            "preferred_name": "The first name we should use.",
            "phone": "A mobile number also gets reminders by text. Outside the UK, begin with + and the country code.",
            "text_reminders": "We always remind you by email. Turning texts on applies to new bookings.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = AccessNeeds.objects.of(self.instance)
        self.initial.update(access_needs=needs.text, declares_disability=needs.declares_disability)
        if not self.instance.is_student:
            del self.fields["text_reminders"]  # staff get no reminders

    def clean_phone(self) -> str:
        said = self.cleaned_data["phone"].strip()
        return telephone_in(said) if said else ""


class ColleagueForm(ComposedNames, forms.Form):
    given_name = forms.CharField(label="Given name", max_length=80, validators=[validate_person_name])
    family_name = forms.CharField(label="Family name", max_length=80, required=False, validators=[validate_person_name])
    email = CleanEmailField(label="Work email address", max_length=254, help_text="We send the invitation to it.")
    university_id = forms.CharField(
        label="University ID",
        max_length=40,
        required=False,
        help_text="With it they can also sign in through the University.",
    )
    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(value, str(label).capitalize()) for value, label in Role.choices if value not in NOT_STAFF],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )

    def clean_university_id(self) -> str:
        return without_unseen(self.cleaned_data["university_id"]).strip()


class GiveRoleForm(forms.Form):
    """Offers the roles of staff that the person does not have."""

    role = forms.ChoiceField(label="Give a role", error_messages={"required": "Choose a role."})

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["role"]).choices = [("", "Choose")] + [
            (str(role), f"{str(role.label).capitalize()}{' (a second person confirms it)' if role in GUARDED else ''}")
            for role in Role
            if role not in NOT_STAFF and role not in person.roles
        ]


class ApiTokenForm(forms.Form):
    """Offers the scopes and dates that the person's roles and the policy allow; `issue_api_token` checks them again."""

    name = forms.CharField(
        max_length=80,
        label="What is it for?",
        help_text="So that you recognise it later.",
        error_messages={"required": "Say what the token is for."},
    )
    scopes = forms.MultipleChoiceField(
        label="What can it do?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the token may do."},
    )
    expires_on = DayField(label="Expires on", required=False)

    def __init__(self, *args: Any, user: User, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered, last = scopes_of(user), last_expiry(timezone.localdate(), policy)
        scopes, expires_on = cast(forms.MultipleChoiceField, self.fields["scopes"]), self.fields["expires_on"]
        scopes.choices = [(scope.value, scope.label) for scope in offered]
        scopes.initial = [scope.value for scope in offered if scope.value.endswith(":read")]
        expires_on.initial = last
        expires_on.help_text = f"{spoken_day(last)} at the latest."


class PolicySettingForm(forms.ModelForm):
    key = forms.ChoiceField(
        label="Setting",
        choices=[(key, f"{item.label} ({item.policy})") for key, item in SETTINGS.items() if item.in_django_admin],
    )

    class Meta:
        model = PolicySetting
        fields = ["key", "value", "effective_from", "note"]
        help_texts = {
            "value": "A number as it is, text in quotation marks, true or false.",
            "effective_from": "From this day on; earlier days keep the value they had.",
        }


class TrailForm(forms.Form):
    """Which part of the audit trail to show; the last seven days by default."""

    first = DayField(label="From", required=False)
    last = DayField(label="To", required=False)
    person = forms.CharField(label="University id or email", required=False, max_length=254)
    action = forms.CharField(label="What was done", required=False, max_length=60)
    thing = forms.CharField(label="Reference", required=False, max_length=40)

    def clean_person(self) -> User | None:
        said = self.cleaned_data["person"].strip()
        if not said:
            return None
        found = User.objects.filter(public_id=said).first() or known_by(said)
        if found is None:
            raise forms.ValidationError("Nobody has that university id or email address.", code="unknown_person")
        return found

    def clean_action(self) -> str:
        return "_".join(self.cleaned_data["action"].split()).lower()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["last"] = said.get("last") or timezone.localdate()
        said["first"] = said.get("first") or said["last"] - timedelta(days=7)
        if said["first"] > said["last"]:
            problem = forms.ValidationError("The last day must not be before the first.", code="ends_before_start")
            self.add_error("last", problem)
        return said


class FeedUploadForm(forms.Form):
    file = forms.FileField(
        label="File from the student records system",
        help_text=f"CSV in UTF-8, up to {LARGEST // 1024 // 1024} MB. You can check the changes before you apply them.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )
    adds_programmes = forms.BooleanField(
        label="Add new programmes and Schools",
        help_text="Otherwise we refuse rows with an unknown programme.",
        required=False,
        initial=True,
    )

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > LARGEST:
            raise forms.ValidationError(f"This file is larger than {LARGEST // 1024 // 1024} MB.")
        return self.cleaned_data["file"]


class FeedApplyForm(forms.Form):
    """Has a checkbox only if the difference is large; otherwise the button is enough."""

    accepts_large_change = forms.BooleanField(
        label="Yes, so many people really change or leave",
        error_messages={"required": "Tick the box if the numbers are right; otherwise set the file aside."},
    )

    def __init__(self, *args: Any, run: FeedRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not run.is_large_change:
            del self.fields["accepts_large_change"]
