from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.access.permissions import signed_in
from accounts.admin.audited import AdminInputs, AuditedAdmin, ConfigurationForm, ReadOnly
from accounts.admin.finding import FindsPeople
from accounts.forms import ComposedNames, PolicySettingForm
from accounts.models import GUARDED, AccountStatus, AuditEntry, Enrolment, PolicySetting, Programme, Role, School, User
from accounts.operations.invite import invite
from accounts.operations.record_audit import Subject
from accounts.operations.record_reading import record_reading
from accounts.operations.roles import record_role, refuse_role_alone, tell_closed
from accounts.policy.registry import SETTINGS
from accounts.selectors.trail import student_words, who_words
from foundation.outcomes.refusals import result_or_refusal
from foundation.values.unseen_signs import without_unseen
from foundation.web.inputs import CleanEmailField


class EnrolmentForm(ConfigurationForm):
    constraint_fields = {
        "course_twice": "started_on",
        "course_dates": "completed_on",
        "course_completed_on": "completed_on",
    }


class EnrolmentInline(AdminInputs, admin.StackedInline):
    model = Enrolment
    form = EnrolmentForm
    extra = 0
    autocomplete_fields = ["programme"]
    fields = [
        ("programme", "level", "status"),
        ("mode", "fee_status", "year_of_study"),
        ("started_on", "expected_end_on", "completed_on"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).select_related("programme")


class RoleFilter(admin.SimpleListFilter):
    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Role.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


class PersonForm(ComposedNames, ConfigurationForm):
    constraint_fields = {"email_taken": "email", "person_roles": "roles"}
    roles = forms.MultipleChoiceField(choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = User
        exclude = ["password"]
        labels: ClassVar[Any] = {"is_active": "Account is open"}
        field_classes: ClassVar[Any] = {"email": CleanEmailField}

    def clean_university_id(self) -> str | None:
        return without_unseen(self.cleaned_data["university_id"] or "").strip() or None

    def clean(self) -> dict[str, Any]:
        """Roles that take two people do not change here, nor does what leads to an account that has one."""
        said = super().clean() or {}
        saved = User.objects.filter(pk=self.instance.pk).first() or User()
        self.added_alone = sorted(GUARDED.intersection(said.get("roles", [])).difference(saved.roles))
        if "roles" in said and GUARDED.intersection(said["roles"]) != set(saved.guarded_roles):
            self.add_error("roles", forms.ValidationError(TWO_PEOPLE, code="second_person_needed"))
        opens = {"email", "university_id"} | ({"is_active"} if said.get("is_active") else set())
        for name in sorted(opens.intersection(self.changed_data)) if saved.guarded_roles else ():
            self.add_error(name, forms.ValidationError(GUARDED_ACCOUNT, code="guarded_account"))
        return said


TWO_PEOPLE = "Two people give this role: wellbeing lead, information governance or administrator. Use Colleagues."
GUARDED_ACCOUNT = "This account has a role that takes two people. Take the role away before you change this."


@admin.register(User)
class UserAdmin(FindsPeople, AuditedAdmin):
    form = PersonForm
    exclude = ["password", "set_by_person"]  # only the person sets these
    list_display = ["name", "email", "university_id", "role_names", "is_active"]
    list_filter = ["is_active", RoleFilter, ("left_feed_on", admin.EmptyFieldListFilter)]
    search_fields = ["search_text"]
    readonly_fields = ["public_id", "joined_at", "last_login", "personal_email", "in_feed_since", "left_feed_on"]
    inlines = [EnrolmentInline]
    ordering = ["family_name", "given_name"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("given_name", "family_name"),
                    "preferred_name",
                    "email",
                    "personal_email",
                    "phone",
                    "university_id",
                ]
            },
        ),
        ("What they may enter", {"fields": ["roles", "is_active"]}),
        (
            "What they told us",
            {"fields": ["text_reminders"], "classes": ["collapse"]},
        ),
        ("Account", {"fields": ["public_id", "joined_at", "last_login"], "classes": ["collapse"]}),
        ("Student feed", {"fields": ["in_feed_since", "left_feed_on"], "classes": ["collapse"]}),
    ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Records and tells an attempt to give a role alone, which the form has refused."""
        form: Any = context["adminform"].form
        person: Any = kwargs.get("obj")
        for role in getattr(form, "added_alone", []) if person else ():
            refuse_role_alone(person=person, role=role, by=signed_in(request))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Records changed roles, tells of a closed account, and invites a new person to choose a password."""
        saved = User.objects.get(pk=obj.pk) if change else User(is_active=False)
        before = list(saved.roles)
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        for role in sorted(set(obj.roles).symmetric_difference(before)):
            record_role(person=obj, role=role, by=signed_in(request), before=before)
        if saved.is_active and not obj.is_active:
            tell_closed(person=obj, by=signed_in(request))
        if not change and obj.is_active:
            _, refused = result_or_refusal(invite, person=obj, by=signed_in(request))
            if refused:
                messages.warning(request, refused.text)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        """Locks the row during a change, so that saving cannot overwrite a suspension."""
        if request.method == "POST" and object_id.isdigit():
            list(User.objects.select_for_update(no_key=True).filter(pk=int(object_id)).values_list("pk"))
        found: User | None = super().get_object(request, object_id, from_field)
        return found

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only the security case that closed an account can reopen it (SEC-4)."""
        closed = obj is not None and obj.account_status != AccountStatus.GOOD
        return [*self.readonly_fields, "is_active"] if closed else list(self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are made inactive here. Retention deletes their data."""
        return False

    @admin.display(description="roles")
    def role_names(self, user: User) -> str:
        return ", ".join(str(Role(role).label) for role in user.roles)


@admin.register(School)
class SchoolAdmin(AuditedAdmin):
    list_display = ["name", "faculty", "programmes"]
    list_filter = ["faculty"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[School]:
        return super().get_queryset(request).annotate(programme_count=Count("programmes"))

    @admin.display(ordering="programme_count")
    def programmes(self, school: Any) -> int:
        count: int = school.programme_count
        return count


@admin.register(Programme)
class ProgrammeAdmin(AuditedAdmin):
    list_display = ["name", "code", "school", "has_placement_year"]
    list_filter = ["has_placement_year", "school"]
    list_select_related = ["school"]
    search_fields = ["name", "code"]


def _changes_elsewhere(setting: PolicySetting | None) -> bool:
    return setting is not None and setting.key in SETTINGS and not SETTINGS[setting.key].in_django_admin


@admin.register(PolicySetting)
class PolicySettingAdmin(AuditedAdmin):
    form = PolicySettingForm
    list_display = ["label", "value", "effective_from", "statement", "set_by", "note"]
    list_filter = ["key"]
    list_select_related = ["set_by"]
    date_hierarchy = "effective_from"

    def save_model(self, request: HttpRequest, obj: PolicySetting, form: Any, change: bool) -> None:
        obj.set_by = signed_in(request)
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: PolicySetting | None = None) -> bool:
        """Information governance changes some settings on a page of their own."""
        return super().has_change_permission(request, obj) and not _changes_elsewhere(obj)

    def has_delete_permission(self, request: HttpRequest, obj: PolicySetting | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not _changes_elsewhere(obj)

    @admin.display(description="policy")
    def statement(self, setting: PolicySetting) -> str:
        return SETTINGS[setting.key].policy if setting.key in SETTINGS else ""


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, AdminInputs, admin.ModelAdmin):
    """Read-only, for administrators too. Viewing is recorded. Entries about cases and concerns are not shown."""

    list_display = ["at", "who", "action", "subject", "subject_id", "origin", "network"]
    list_filter = ["action", "subject", "origin"]
    search_fields = ["subject_id"]
    fields = ["at", "who", "action", "subject", "subject_id", "whose", "origin", "network", "details"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.open().named().order_by("-at", "-pk")

    @admin.display(description="who")
    def who(self, entry: AuditEntry) -> str:
        return who_words(entry)

    @admin.display(description="whose affairs")
    def whose(self, entry: AuditEntry) -> str:
        return student_words(entry)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self.record(request, "")
        return super().changelist_view(request, extra_context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **more: Any) -> HttpResponse:
        if request.method != "POST":  # a POST is refused and shows nothing
            self.record(request, object_id[:20])
        return super().change_view(request, object_id, *args, **more)

    def record(self, request: HttpRequest, entry: str) -> None:
        """Records nothing for somebody without permission: the admin refuses them, so they have read nothing."""
        if self.has_view_permission(request):
            record_reading(reader=signed_in(request), on=Subject("trail", entry), student=None)
