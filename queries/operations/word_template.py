from accounts.models import User
from accounts.operations.record_audit import record_audit
from accounts.operations.require_as_seen import require_as_seen
from foundation.outcomes.refusals import in_one_transaction
from queries.models import ReplyTemplate


@in_one_transaction
def word_template(*, template: ReplyTemplate, by: User) -> ReplyTemplate:
    """Adds or changes a reply template. A constraint refuses a name that is taken."""
    is_new = template.pk is None
    _require_as_seen(template, by)
    template.save()
    action = "reply_template_added" if is_new else "reply_template_changed"
    record_audit(actor=by, action=action, on=template)
    return template


@in_one_transaction
def drop_template(*, template: ReplyTemplate, by: User) -> None:
    _require_as_seen(template, by)
    record_audit(actor=by, action="reply_template_dropped", on=template)
    template.delete()


def _require_as_seen(template: ReplyTemplate, by: User) -> None:
    saved = ReplyTemplate.objects.select_for_update(no_key=True).filter(pk=template.pk).first()
    if saved is not None:
        require_as_seen(template, saved, by=by, verbs={"reply_template_changed": "changed this template"})
