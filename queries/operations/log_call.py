from accounts.models import User
from accounts.operations.once import Once
from accounts.operations.record_audit import record_audit
from foundation.outcomes.refusals import Refused, in_one_transaction
from queries.models import Query, Via
from queries.operations.open_query import NewQuery, open_query
from queries.operations.write_message import reply_to_query


@in_one_transaction
def log_call(*, person: User, asked: NewQuery, reply: str, by: User, once: str = "") -> Query:
    """Logs what somebody asked on the telephone as their query. If `reply` is given, emails it to them.

    Does not record the call, and there is nowhere to store a recording (TEL-1).
    """
    if not by.is_careers_staff:
        raise Refused("not_yours", "Only careers staff can log calls.", status=403)
    if not person.is_student:
        raise Refused("not_a_student", "You can only log calls from students and graduates.", field="who", status=422)
    key = Once(by, once, ("call", person.public_id, asked.subject, asked.text, reply))
    if earlier := key.earlier():
        return Query.objects.get(public_id=earlier)
    query = open_query(person=person, asked=asked, by=by, via=Via.TELEPHONE)
    record_audit(actor=by, action="call_logged", on=query, student=person)
    if reply.strip():
        reply_to_query(query=query, text=reply, by=by)
    key.remember(query.public_id)
    return query
