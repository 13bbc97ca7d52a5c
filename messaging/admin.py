from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.audited import AdminInputs, ReadOnly
from foundation.outcomes.refusals import Refused
from messaging.models import Attempt, OutboxMessage
from messaging.operations.queue_again import queue_again
from messaging.rules.kinds import confidential_kinds


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    fields = ("at", "outcome", "detail")
    extra = 0


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, AdminInputs, admin.ModelAdmin):
    """Lists messages and their delivery, but not what they say to the recipient."""

    list_display = ("public_id", "kind", "channel", "state", "not_before", "sent_at", "attempts", "reason")
    list_filter = ("state", "channel", "kind")
    search_fields = ("public_id", "regarding")
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    actions = ("queue_again",)
    inlines = (AttemptInline,)
    exclude = ("body_text", "body_html", "attachments", "subject", "context", "claim")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        return super().get_queryset(request).exclude(kind__in=confidential_kinds())

    @admin.action(description="Queue failed emails again", permissions=["view"])
    def queue_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        refused = 0
        for message in queryset:
            try:
                queue_again(message, by=request.user)  # type: ignore[arg-type]  # the admin only lets signed-in users in
            except Refused:
                refused += 1
        self.message_user(request, f"{queryset.count() - refused} queued again.", messages.SUCCESS)
        if refused:
            self.message_user(request, f"{refused} left: only an email that failed can be.", messages.WARNING)
