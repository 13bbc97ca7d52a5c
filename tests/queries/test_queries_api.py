"""The queries API: raising, reading, answering, assigning and closing as on the pages (MAIL-1)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import PolicySetting, User
from eligibility.models import Strike
from foundation.values.times import database_now, local_day
from messaging.models import OutboxMessage
from queries.models import Category, MessageKind, Query, QueryMessage, Via
from queries.operations.handle_query import change_category, merge_queries, resolve_query
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import comment_on_query, reply_to_query, write_to_query
from tests.appointments.api_cast import Program, problem
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.policy("MAIL-1")]

CountQueries = Callable[[int], Any]
HELLO = {"category": "general", "subject": "About my CV", "text": "Can you help?"}


def ask(person: User, subject: str = "About my CV") -> Query:
    return open_query(person=person, asked=NewQuery(Category.GENERAL, subject, "Can you help?"), by=person)


def used(person: User) -> Program:
    """A client that was used once already, so that the token's last use is not written again."""
    program = Program(person)
    program.get("/me/")
    return program


class TestRaisedByProgram:
    def test_raises_one_and_reads_it_back(self, cast: Cast) -> None:
        program = Program(cast.student)
        made = program.post("/queries/", HELLO)
        assert made.status_code == 201
        query = Query.objects.get()
        assert made["Location"] == f"/api/v1/queries/{query.public_id}/"
        assert (query.person, query.category, query.messages.get().via) == (cast.student, "general", Via.API)
        assert OutboxMessage.objects.filter(kind="queries.received").count() == 1
        thread = program.get(f"/queries/{query.public_id}/").json()
        assert thread["query"] == made.json() == program.get("/queries/").json()["results"][0]
        assert [(each["kind"], each["text"]) for each in thread["messages"]] == [("asked", "Can you help?")]

    def test_sees_no_comment_and_not_who_it_is_assigned_to(self, cast: Cast) -> None:
        query = ask(cast.student)
        reply_to_query(query=query, text="Of course.", by=cast.adviser)
        comment_on_query(query=query, text="Strange question", by=cast.manager)
        thread = Program(cast.student).get(f"/queries/{query.public_id}/").json()
        assert [each["kind"] for each in thread["messages"]] == ["asked", "reply"]
        assert not {"owner", "from_address"} & set(thread["query"])

    def test_writes_again_which_opens_it(self, cast: Cast) -> None:
        query = ask(cast.student)
        resolve_query(query=query, by=cast.student)
        written = Program(cast.student).post(f"/queries/{query.public_id}/reply/", {"text": "One more thing"})
        assert (written.status_code, written.json()["kind"]) == (201, "asked")
        query.refresh_from_db()
        assert (query.state, query.messages.last().via) == ("open", Via.API)

    def test_marks_as_done_and_opens_again(self, cast: Cast) -> None:
        program, where = Program(cast.student), f"/queries/{ask(cast.student).public_id}"
        assert program.post(f"{where}/resolve/").json()["state"] == "resolved"
        assert problem(program.post(f"{where}/resolve/"), 409)["code"] == "resolved_already"
        assert program.get(f"{where}/").json()["kept_until"]
        assert program.post(f"{where}/reopen/").json()["state"] == "open"
        assert problem(program.post(f"{where}/reopen/"), 409)["code"] == "open_already"

    def test_tells_circumstances_of_what_was_missed(self, cast: Cast) -> None:
        today = local_day(database_now())
        strike = Strike.objects.create(student=cast.student, source_id="m2ssedbkg234", on=today, about="Guidance")
        program, said = Program(cast.student), HELLO | {"category": "circumstances"}
        assert problem(program.post("/queries/", said), 422)["code"] == "no_absence"
        assert program.post("/queries/", said | {"missed": strike.source_id}).status_code == 201
        assert Query.objects.get().strike == strike

    @pytest.mark.parametrize(
        ("said", "status", "code", "field"),
        [
            ({"category": "link_request"}, 422, "validation_failed", "category"),
            ({"category": "nothing"}, 422, "validation_failed", "category"),
            ({"subject": ""}, 422, "validation_failed", "subject"),
            ({"subject": "x" * 161}, 422, "validation_failed", "subject"),
            ({"text": " "}, 422, "validation_failed", "text"),
            ({"text": "x" * 5001}, 422, "validation_failed", "text"),
            ({"text": ["x"]}, 400, "invalid", "text"),
            ({"missed": "x"}, 400, "invalid", "missed"),
            ({"missed": "zzzzzzzzzzzz"}, 422, "unknown_absence", "missed"),
            ({"documents": "all"}, 400, "invalid", "documents"),
            ({"documents": ["zzzzzzzzzzzz"]}, 422, "unknown_document", "documents"),
        ],
    )
    def test_invalid_queries_are_refused(
        self, cast: Cast, said: dict[str, Any], status: int, code: str, field: str
    ) -> None:
        refused = problem(Program(cast.student).post("/queries/", HELLO | said), status)
        assert refused["code"] == code
        assert field in {refused.get("field"), *(each["field"].partition(".")[0] for each in refused.get("errors", []))}
        assert not Query.objects.exists()

    def test_somebody_elses_absence_and_document_are_no_such_thing(self, cast: Cast) -> None:
        today = local_day(database_now())
        Strike.objects.create(student=cast.other_student, source_id="m2ssedbkg234", on=today, about="Guidance")
        said = HELLO | {"category": "circumstances", "missed": "m2ssedbkg234"}
        assert problem(Program(cast.student).post("/queries/", said), 422)["code"] == "unknown_absence"

    def test_pages_and_programs_share_the_days_limit(self, cast: Cast) -> None:
        PolicySetting.objects.create(key="queries_a_day", value=3, effective_from=local_day(database_now()))
        query = ask(cast.student)
        write_to_query(query=query, text="More", by=cast.student)
        program = Program(cast.student)
        assert program.post("/queries/", HELLO).status_code == 201
        refused = program.post(f"/queries/{query.public_id}/reply/", {"text": "More"})
        assert problem(refused, 429)["code"] == "too_many_queries"
        assert int(refused["Retry-After"]) > 0

    def test_a_merged_one_names_where_it_went(self, cast: Cast) -> None:
        first, second = ask(cast.student), ask(cast.student)
        merge_queries(query=first, into=second, by=cast.manager)
        program = Program(cast.student)
        assert program.get(f"/queries/{first.public_id}/").json()["query"]["merged_into"] == second.public_id
        refused = program.post(f"/queries/{first.public_id}/reply/", {"text": "More"})
        assert problem(refused, 409)["code"] == "merged_already"
        assert [each["id"] for each in program.get("/queries/").json()["results"]] == [second.public_id]


class TestQueriesOfOthers:
    @pytest.mark.parametrize("who", ["other_student", "administrator", "outsider"])
    @pytest.mark.parametrize(
        ("verb", "end"), [("get", ""), ("post", "reply/"), ("post", "resolve/"), ("post", "assign/")]
    )
    def test_nobody_else_reads_or_answers(self, cast: Cast, who: str, verb: str, end: str) -> None:
        query = ask(cast.student)
        program, path = Program(getattr(cast, who)), f"/queries/{query.public_id}/{end}"
        answer = program.get(path) if verb == "get" else program.post(path, {"text": "x", "owner": None})
        expected = 404 if who == "other_student" and end != "assign/" else 403
        assert problem(answer, expected)
        assert QueryMessage.objects.count() == 1

    def test_appeals_are_for_managers(self, cast: Cast) -> None:
        query = ask(cast.student)
        change_category(query=query, category=Category.APPEAL, by=cast.manager)
        path = f"/queries/{query.public_id}/"
        assert problem(Program(cast.adviser).get(path), 404)
        assert problem(Program(cast.adviser).post(f"{path}reply/", {"text": "x"}), 404)
        assert Program(cast.adviser).get("/query-inbox/").json()["results"] == []
        assert Program(cast.manager).get(path).status_code == 200
        assert len(Program(cast.manager).get("/query-inbox/").json()["results"]) == 1

    @pytest.mark.parametrize("id", ["zzzzzzzzzzzz", "x", "zzzzzzzzzzz%0a", "%00"])
    def test_an_impossible_id_is_not_found(self, cast: Cast, id: str) -> None:
        assert problem(Program(cast.manager).get(f"/queries/{id}/"), 404)


class TestAnsweredByProgram:
    def test_reply_is_sent_and_makes_an_owner(self, cast: Cast) -> None:
        query = ask(cast.student)
        program = Program(cast.adviser)
        replied = program.post(f"/queries/{query.public_id}/reply/", {"text": "Of course.", "waits": True})
        assert (replied.status_code, replied.json()["kind"], replied.json()["via"]) == (201, "reply", "api")
        query.refresh_from_db()
        assert (query.owner, query.state) == (cast.adviser, "waiting")
        assert OutboxMessage.objects.filter(kind="queries.replied").count() == 1

    def test_reads_comments_and_who_owns_it(self, cast: Cast) -> None:
        query = ask(cast.student)
        comment_on_query(query=query, text="Mine", by=cast.manager)
        thread = Program(cast.front_desk).get(f"/queries/{query.public_id}/").json()
        assert thread["query"]["owner"] is None
        assert [each["kind"] for each in thread["messages"]] == ["asked", MessageKind.COMMENT]

    def test_assigns(self, cast: Cast) -> None:
        query = ask(cast.student)
        program, where = Program(cast.front_desk), f"/queries/{query.public_id}/assign/"
        given = program.post(where, {"owner": cast.adviser.public_id}).json()
        assert given["owner"] == {"id": cast.adviser.public_id, "name": cast.adviser.name}
        assert program.post(where, {"owner": None}).json()["owner"] is None

    @pytest.mark.parametrize(
        ("owner", "status", "code"),
        [
            ("student", 422, "not_theirs"),
            ("administrator", 422, "not_theirs"),
            ("zzzzzzzzzzzz", 422, "unknown_colleague"),
        ],
    )
    def test_assigns_only_to_people_who_answer_it(self, cast: Cast, owner: str, status: int, code: str) -> None:
        query = ask(cast.student)
        id = getattr(cast, owner).public_id if hasattr(cast, owner) else owner
        refused = Program(cast.adviser).post(f"/queries/{query.public_id}/assign/", {"owner": id})
        assert problem(refused, status)["code"] == code

    def test_the_owner_must_be_said(self, cast: Cast) -> None:
        refused = Program(cast.adviser).post(f"/queries/{ask(cast.student).public_id}/assign/", {})
        assert problem(refused, 422)["errors"][0]["field"] == "owner"

    def test_the_inbox_has_the_parts_of_the_page(self, cast: Cast) -> None:
        mine, theirs, done = ask(cast.student, "Mine"), ask(cast.other_student, "Theirs"), ask(cast.student, "Done")
        program = Program(cast.adviser)
        program.post(f"/queries/{mine.public_id}/assign/", {"owner": cast.adviser.public_id})
        program.post(f"/queries/{done.public_id}/resolve/")

        def found(**asked: str) -> set[str]:
            return {each["id"] for each in program.get("/query-inbox/", **asked).json()["results"]}

        assert found() == found(view="open") == {mine.public_id, theirs.public_id}
        assert found(view="mine") == {mine.public_id}
        assert found(view="resolved") == {done.public_id}
        assert found(q="theirs") == {theirs.public_id}
        assert found(category="technical") == set()

    @pytest.mark.parametrize(
        ("asked", "status"),
        [({"view": "all"}, 422), ({"category": "x"}, 422), ({"student": "x"}, 400), ({"limit": "x"}, 400)],
    )
    def test_bad_inbox_parameters(self, cast: Cast, asked: dict[str, str], status: int) -> None:
        assert problem(Program(cast.adviser).get("/query-inbox/", **asked), status)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries(cast: Cast, rows: int, django_assert_num_queries: CountQueries) -> None:
    for _ in range(rows):
        query = ask(cast.student)
    for _ in range(rows):
        reply_to_query(query=query, text="Of course.", by=cast.adviser, waits=False)
    student, staff = used(cast.student), used(cast.front_desk)
    with django_assert_num_queries(3):  # token, request count, queries
        assert len(student.get("/queries/").json()["results"]) == rows
    with django_assert_num_queries(4):  # token, request count, clock, queries
        assert len(staff.get("/query-inbox/").json()["results"]) == rows
    for program in (student, staff):
        with django_assert_num_queries(7):  # token, request count, query, policy, messages, documents, clock
            assert len(program.get(f"/queries/{query.public_id}/").json()["messages"]) == rows + 1
