from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access.permissions import DiaryPage
from accounts.models import Role, User
from accounts.rules.policy import policy_in_force
from appointments.forms.staff import AdviserForm, BlockForm, PublishForm, TemplateEditForm, TemplateForm
from appointments.models import DiaryBlock, DiaryTemplate
from appointments.operations.change_template import ChangedTemplate, change_template
from appointments.operations.diary import (
    Published,
    add_block,
    delete_template,
    publish_template,
    save_template,
    withdraw_block,
)
from appointments.operations.tell_who_must_move import tried
from appointments.selectors.availability import availability, blocks_ahead, spans_of
from appointments.selectors.shared_rooms import shared_rooms
from appointments.selectors.staff_pages import DiaryOwner, diary_owners, diary_people
from appointments.views.asks_first import AsksFirst, about, asked
from appointments.views.staff_choices import address, own_or_managed
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.consequences import Consequence
from foundation.values.counted import counted
from foundation.values.times import local_day, spoken_day
from foundation.web.operation_view import FieldOperationView, OperationView

A_TERM = timedelta(weeks=12)
BLOCKS_PER_PAGE = 25


class AvailabilityList(DiaryPage):
    """Weekly templates, blocks published ahead, and time out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = own_or_managed(request.GET.get("adviser", ""), request.user, advisers)
        if adviser is None:
            return render(request, "appointments/diary_none.html")
        form = AdviserForm(advisers=advisers, initial={"adviser": adviser.public_id})
        pages = Paginator(blocks_ahead(adviser.pk, local_day(now)), BLOCKS_PER_PAGE)
        context = {
            "availability": availability(adviser.pk, now),
            "page": pages.get_page(request.GET.get("page")),
            **choices_for(request.user, adviser),
        }
        return render(request, "appointments/availability_list.html", context | {"form": form})


def choices_for(user: User, adviser: DiaryOwner) -> dict[str, Any]:
    return {
        "adviser": adviser,
        "is_own": adviser.pk == user.pk,
        "may_add": adviser.advises,
        "may_choose": user.has_role(Role.CAREERS_MANAGER),
    }


def list_of(adviser: User) -> str:
    return address(reverse("availability_list"), adviser=adviser.public_id)


def rearrange(request: HttpRequest, done: str, adviser: User) -> HttpResponse:
    """To the list of what is now to be rearranged."""
    messages.warning(request, f"{done} Rearrange these appointments. We’ve emailed the students.")
    return redirect(address(reverse("rearrange_list"), adviser=adviser.public_id))


class DiaryForm(DiaryPage, FieldOperationView):
    """A form that changes somebody's diary. Managers choose whose with `?adviser=`."""

    def get_object(self) -> Any:
        found = own_or_managed(self.request.GET.get("adviser", ""), self.request.user, diary_people())
        if found is None:
            raise Http404
        return found

    def adviser(self) -> User:
        found: User = self.object
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        adviser = self.adviser()
        whose = {"adviser": adviser, "is_own": adviser == self.request.user}
        return super().get_context_data(**kwargs) | whose


class TemplateCreate(DiaryForm):
    template_name = "appointments/template_create.html"
    form_class, context_object_name = TemplateForm, "template"

    def get_object(self) -> DiaryTemplate:
        return DiaryTemplate(adviser=super().get_object())

    def adviser(self) -> User:
        found: User = self.object.adviser
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def perform(self, form: TemplateForm) -> HttpResponse:
        types, locations = form.cleaned_data["types"], form.cleaned_data["locations"]
        save_template(template=form.instance, types=types, locations=locations, by=self.request.user)
        messages.success(self.request, f"Saved {form.instance}. Publish it so that students can book.")
        return redirect("template_publish", form.instance.public_id)


class TemplateEdit(AsksFirst, TemplateCreate):
    """Changes the hours, also of published days that are still free. Asks before it changes days with appointments."""

    template_name = "appointments/template_edit.html"
    form_class = TemplateEditForm

    def get_object(self) -> DiaryTemplate:
        return template_for(self.request, self.kwargs["public_id"])

    def change(self, form: TemplateEditForm) -> ChangedTemplate:
        return change_template(template=form.instance, by=self.request.user, **form.offered())

    def consequences(self, form: TemplateEditForm) -> list[Consequence]:
        """Those of the appointments, and the rooms that others have at the new times."""
        changed, spans = tried(lambda: (self.change(form), spans_of(form.instance, timezone.now())))
        rooms = shared_rooms(form.instance.adviser, spans, form.cleaned_data["locations"])
        return about(changed.must_move) + rooms

    def perform(self, form: TemplateEditForm) -> HttpResponse:
        changed = self.change(form)
        days = f"We changed {counted(changed.changed, 'published day')}."
        said = " ".join([f"Saved {form.instance}. {days}", *left_words(changed.skipped)])
        if changed.must_move:
            return rearrange(self.request, said, form.instance.adviser)
        messages.success(self.request, said)
        return redirect(list_of(form.instance.adviser))


def template_for(request: HttpRequest, public_id: str) -> DiaryTemplate:
    seen = DiaryTemplate.objects.visible_to(request.user).select_related("adviser")
    found: DiaryTemplate = get_object_or_404(seen, public_id=public_id)
    return found


class TemplateDelete(DiaryPage, OperationView):
    template_name = "appointments/template_delete.html"
    context_object_name = "template"

    def get_object(self) -> DiaryTemplate:
        return template_for(self.request, self.kwargs["public_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"adviser": self.object.adviser}

    def perform(self, form: forms.Form) -> HttpResponse:
        adviser = self.object.adviser
        delete_template(template=self.object, by=self.request.user)
        messages.success(self.request, "Template deleted. Times published from it stay open for booking.")
        return redirect(list_of(adviser))


class TemplatePublish(AsksFirst, DiaryForm):
    """Publishes a template from one day to another. The answer says what was added and what was skipped, and why."""

    template_name = "appointments/template_publish.html"
    form_class, context_object_name = PublishForm, "template"

    def get_object(self) -> DiaryTemplate:
        return template_for(self.request, self.kwargs["public_id"])

    def adviser(self) -> User:
        found: User = self.object.adviser
        return found

    def get_initial(self) -> dict[str, Any]:
        today = local_day(timezone.now())
        first = max(today, (self.object.published_until or today) + timedelta(days=1))
        return {"first": first, "last": first + A_TERM}

    def publish(self, form: PublishForm) -> Published:
        calendar = academic_calendar(policy_in_force().academic_year_ends)
        return publish_template(template=self.object, calendar=calendar, by=self.request.user, **form.cleaned_data)

    def consequences(self, form: PublishForm) -> list[Consequence]:
        """The rooms that others have on the days that would be added."""
        before, now = {span.lower for span in spans_of(self.object, timezone.now())}, timezone.now()
        after = tried(lambda: (self.publish(form), spans_of(self.object, now))[1])
        added = [span for span in after if span.lower not in before]
        return shared_rooms(self.object.adviser, added, self.object.locations.all())

    def perform(self, form: PublishForm) -> HttpResponse:
        done = self.publish(form)
        return self.render_form(form, 200, published=done, skipped=left_words(done.skipped))


def left_words(skipped: Sequence[tuple[date, str]]) -> list[str]:
    """For example `Friday 25 December 2026: the service is closed.`

    More than eight days with the same reason are only counted.
    """
    many = {why: number for why, number in Counter(why for _, why in skipped).items() if number > 8}
    words = [f"{spoken_day(day)}: {why}." for day, why in skipped if why not in many]
    return words + [f"{counted(number, 'day')}: {why}." for why, number in sorted(many.items())]


class BlockCreate(AsksFirst, DiaryForm):
    """Adds time on one day. Asks first if somebody else has one of its rooms then."""

    template_name = "appointments/block_create.html"
    form_class = BlockForm

    def consequences(self, form: BlockForm) -> list[Consequence]:
        block = tried(lambda: add_block(adviser=self.object, by=self.request.user, **form.cleaned_data))
        return shared_rooms(self.object, [block.during], form.cleaned_data["locations"])

    def perform(self, form: BlockForm) -> HttpResponse:
        block = add_block(adviser=self.object, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Open for booking on {spoken_day(block.local_date)}.")
        return redirect(address(reverse("diary_week"), week=block.local_date, adviser=self.object.public_id))


class BlockWithdraw(DiaryPage, AsksFirst, OperationView):
    """Asks for confirmation. Bookings in the block must then be rearranged."""

    template_name = "appointments/block_withdraw.html"
    context_object_name = "diary_block"  # `block` is a name of Django's template context

    def get_object(self) -> DiaryBlock:
        return block_for(self.request, self.kwargs["public_id"])

    def get_success_url(self) -> str:
        return list_of(self.object.adviser)

    def consequences(self, form: forms.Form | None) -> list[Consequence]:
        block = block_for(self.request, self.kwargs["public_id"])
        return about(tried(lambda: withdraw_block(block=block, by=self.request.user)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {} if "seal" in kwargs else asked(self.consequences(None))
        return super().get_context_data(**kwargs, **found) | {"back": self.get_success_url()}

    def perform(self, form: forms.Form) -> HttpResponse:
        adviser = self.object.adviser
        if withdraw_block(block=self.object, by=self.request.user):
            return rearrange(self.request, "Time withdrawn.", adviser)
        messages.success(self.request, "Time withdrawn. Nobody can book it now.")
        return redirect(list_of(adviser))


def block_for(request: HttpRequest, public_id: str) -> DiaryBlock:
    seen = DiaryBlock.objects.visible_to(request.user).select_related("adviser").prefetch_related("types", "locations")
    found: DiaryBlock = get_object_or_404(seen, public_id=public_id)
    return found
