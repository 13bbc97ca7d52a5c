"""Search boxes of the admin that look for people."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.selectors.finding import found_people

MOST_FOUND = 200


class FindsPeople(ModelAdmin):
    """Lists rows about the people found. `person_field` is the key to the person. `search_fields` only shows the box.

    Autocomplete fields for people use it too.
    """

    person_field = "pk"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = [person.pk for person in found_people(search_term, User.objects.all(), most=MOST_FOUND)]
        return queryset.filter(**{f"{self.person_field}__in": found}), False
