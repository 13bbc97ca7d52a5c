"""Queries and uploads are rate-limited per person. The numbers are settings, and the refusal says when to try again."""

from functools import partial

import pytest

from accounts.models import PolicySetting
from documents.operations.upload import upload_document
from foundation.outcomes.refusals import Refused
from foundation.values.times import database_now, local_day
from queries.models import Category, Query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import write_to_query
from tests.cast import Cast
from tests.documents.papers import pdf

pytestmark = pytest.mark.django_db


def limit(key: str, value: int) -> None:
    PolicySetting.objects.create(key=key, value=value, effective_from=local_day(database_now()))


def test_queries_and_answers_count_together_and_staff_are_not_counted(cast: Cast) -> None:
    limit("queries_a_day", 3)
    asked = NewQuery(Category.GENERAL, "Opening hours", "When are you open?")
    ask = partial(open_query, person=cast.student, asked=asked)
    query = ask(by=cast.student)
    write_to_query(query=query, text="And on Saturdays?", by=cast.student)
    ask(by=cast.student)
    for deed in (partial(ask, by=cast.student), partial(write_to_query, query=query, text="So?", by=cast.student)):
        with pytest.raises(Refused) as refused:
            deed()
        assert (refused.value.code, refused.value.status) == ("too_many_queries", 429)
        assert 0 < int(refused.value.headers["Retry-After"]) <= 24 * 60 * 60
    assert ask(by=cast.front_desk)
    assert open_query(person=cast.other_student, asked=asked, by=cast.other_student)
    assert Query.objects.count() == 4


def test_uploads_have_a_rate(cast: Cast) -> None:
    limit("uploads_an_hour", 3)
    upload = partial(upload_document, owner=cast.student, content=pdf(), filename="cv.pdf", kind="cv", by=cast.student)
    for _ in range(3):
        upload()
    with pytest.raises(Refused) as refused:
        upload()
    assert (refused.value.code, refused.value.status) == ("too_many_uploads", 429)
    assert cast.student.documents.count() == 3
