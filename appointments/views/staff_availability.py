from collections import Counter
from datetime import timedelta

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
from appointments.forms.staff import AdviserForm, BlockForm, PublishForm, TemplateForm, refuse_into
from appointments.models import DiaryBlock, DiaryTemplate
from appointments.operations.diary import (
    Published,
    add_block,
    delete_template,
    publish_template,
    save_template,
    withdraw_block,
)
from appointments.selectors.availability import availability, blocks_ahead, bookings_inside
from appointments.selectors.staff_pages import diary_owners
from appointments.views.staff_choices import address, own_or_managed
from eligibility.selectors.calendar import academic_calendar
from foundation.outcomes.refusals import Refused
from foundation.values.times import local_day, spoken_day

A_TERM = timedelta(weeks=12)
BLOCKS_PER_PAGE = 25


class AvailabilityList(DiaryPage):
    """Weekly templates, what is published ahead, time out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now, advisers = timezone.now(), diary_owners()
        adviser = own_or_managed(request.GET.get("adviser", ""), request.user, advisers)
        if adviser is None:
            return render(request, "appointments/diary_none.html")
        pages = Paginator(blocks_ahead(adviser, local_day(now)), BLOCKS_PER_PAGE)
        context = {
            "adviser": adviser,
            "is_own": adviser == request.user,
            "may_choose": request.user.has_role(Role.CAREERS_MANAGER),
            "form": AdviserForm(advisers=advisers, initial={"adviser": adviser.public_id}),
            "availability": availability(adviser, now),
            "page": pages.get_page(request.GET.get("page")),
        }
        return render(request, "appointments/availability_list.html", context)


def list_of(adviser: User) -> str:
    return address(reverse("availability_list"), adviser=adviser.public_id)


class DiaryForm(DiaryPage):
    """A form about somebody's diary: `?adviser=` for managers."""

    template_name = ""

    def adviser(self) -> User:
        found = own_or_managed(self.request.GET.get("adviser", ""), self.request.user, diary_owners())
        if found is None:
            raise Http404
        return found

    def page(self, adviser: User, form: forms.BaseForm, status: int = 200, **more: object) -> HttpResponse:
        context = {"adviser": adviser, "is_own": adviser == self.request.user, "form": form, **more}
        return render(self.request, self.template_name, context, status=status)


class TemplateCreate(DiaryForm):
    template_name = "appointments/template_create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.adviser(), TemplateForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        adviser = self.adviser()
        return self.save(DiaryTemplate(adviser=adviser))

    def save(self, template: DiaryTemplate) -> HttpResponse:
        form = TemplateForm(self.request.POST, instance=template)
        if not form.is_valid():
            return self.page(template.adviser, form, 422, template=template)
        types, locations = form.cleaned_data["types"], form.cleaned_data["locations"]
        save_template(template=form.instance, types=types, locations=locations, by=self.request.user)
        messages.success(self.request, f"{template} is kept. Publish it to open its times for booking.")
        return redirect("template_publish", template.public_id)


class TemplateEdit(TemplateCreate):
    template_name = "appointments/template_edit.html"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template = template_for(request, public_id)
        return self.page(template.adviser, TemplateForm(instance=template), template=template)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return self.save(template_for(request, public_id))


def template_for(request: HttpRequest, public_id: str) -> DiaryTemplate:
    seen = DiaryTemplate.objects.visible_to(request.user).select_related("adviser")
    found: DiaryTemplate = get_object_or_404(seen, public_id=public_id)
    return found


class TemplateDelete(DiaryPage):
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template = template_for(request, public_id)
        context = {"template": template, "adviser": template.adviser}
        return render(request, "appointments/template_delete.html", context)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template = template_for(request, public_id)
        delete_template(template=template, by=request.user)
        messages.success(request, "The template is deleted. What was published from it stays.")
        return redirect(list_of(template.adviser))


class TemplatePublish(DiaryForm):
    """From a day until another. The answer says what was added and what was left out, and why."""

    template_name = "appointments/template_publish.html"

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template = template_for(request, public_id)
        today = local_day(timezone.now())
        first = max(today, (template.published_until or today) + timedelta(days=1))
        form = PublishForm(initial={"first": first, "last": first + A_TERM})
        return self.page(template.adviser, form, template=template)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        template, form = template_for(request, public_id), PublishForm(request.POST)
        if not form.is_valid():
            return self.page(template.adviser, form, 422, template=template)
        calendar = academic_calendar(policy_in_force().academic_year_ends)
        try:
            done = publish_template(template=template, calendar=calendar, by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
            return self.page(template.adviser, form, refused.status, template=template)
        return self.page(template.adviser, form, template=template, published=done, skipped=in_words(done))


def in_words(done: Published) -> list[str]:
    """`Friday 25 December 2026: the service is closed`; many of one kind are counted."""
    many = {why for why, number in Counter(why for _, why in done.skipped).items() if number > 8}
    words = [f"{spoken_day(day)}: {why}" for day, why in done.skipped if why not in many]
    return words + [f"{sum(w == why for _, w in done.skipped)} days: {why}" for why in sorted(many)]


class BlockCreate(DiaryForm):
    template_name = "appointments/block_create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.adviser(), BlockForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        adviser, form = self.adviser(), BlockForm(request.POST)
        if not form.is_valid():
            return self.page(adviser, form, 422)
        try:
            block = add_block(adviser=adviser, by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
            return self.page(adviser, form, refused.status)
        messages.success(request, f"Open for booking on {spoken_day(block.local_date)}.")
        return redirect(address(reverse("diary_week"), week=block.local_date, adviser=adviser.public_id))


class BlockWithdraw(DiaryPage):
    """Asks first when bookings stand inside: they would stand on."""

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        block = block_for(request, public_id)
        booked = bookings_inside(block, timezone.now())
        context = {"diary_block": block, "booked": booked, "back": list_of(block.adviser)}  # Django has a `block`
        return render(request, "appointments/block_withdraw.html", context)

    def post(self, request: HttpRequest, public_id: str) -> HttpResponse:
        block = block_for(request, public_id)
        adviser = block.adviser
        booked = withdraw_block(block=block, by=request.user)
        if booked:
            messages.warning(request, f"Withdrawn. {len(booked)} booked in that time stay booked.")
        else:
            messages.success(request, "Withdrawn: that time is no longer offered.")
        return redirect(list_of(adviser))


def block_for(request: HttpRequest, public_id: str) -> DiaryBlock:
    seen = DiaryBlock.objects.visible_to(request.user).select_related("adviser").prefetch_related("types", "locations")
    found: DiaryBlock = get_object_or_404(seen, public_id=public_id)
    return found
