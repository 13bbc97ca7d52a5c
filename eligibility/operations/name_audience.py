from django.utils.text import slugify

from accounts.models import User
from accounts.operations.record_audit import record_audit
from eligibility.models import Audience
from foundation.outcomes.refusals import Refused, in_one_transaction


@in_one_transaction
def name_audience(*, name: str, by: User) -> Audience:
    """Creates an audience with an empty rule, which matches nobody until a rule is in force (ELIG-1).

    Refuses a name that another audience has.
    """
    slug = slugify(name)[:60].strip("-")
    if not slug or Audience.objects.filter(slug=slug).exists() or Audience.objects.filter(name__iexact=name).exists():
        raise Refused("audience_twice", "Another audience has this name.", "Choose a different name.", field="name")
    audience = Audience.objects.create(slug=slug, name=name)
    record_audit(actor=by, action="added", on=audience)
    return audience
