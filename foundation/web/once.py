"""The key of a form that makes something: sent twice, it makes one."""

from django.http import HttpRequest

from foundation.values.public_ids import id_in

ONCE = "once"
"""The name of the hidden field that `{% once_field %}` writes."""


def once_key(request: HttpRequest) -> str:
    """The key that the form carries; empty if it carries none, or not one of ours."""
    return id_in(request.POST.get(ONCE, ""))
