"""What keeps an appointment from taking place: each is done to the cast, and can be undone."""

from collections.abc import Callable
from datetime import timedelta

from psycopg2.extras import DateTimeTZRange

from accounts.models import Role, User
from appointments.models import AppointmentType, DiaryBlock, TimeOut
from appointments.rules.taking_place import Hindrance
from eligibility.models import PeriodKind
from places.models import Location, PlaceUse
from tests.cast import Cast
from tests.factories import period

Undo = Callable[[], object]


def adviser_off(cast: Cast) -> Undo:
    User.objects.filter(pk=cast.adviser.pk).update(is_active=False)
    return lambda: User.objects.filter(pk=cast.adviser.pk).update(is_active=True)


def adviser_role(cast: Cast) -> Undo:
    User.objects.filter(pk=cast.adviser.pk).update(roles=[Role.EDITOR])
    return lambda: User.objects.filter(pk=cast.adviser.pk).update(roles=[Role.ADVISER])


def only_front_desk(cast: Cast) -> Undo:
    User.objects.filter(pk=cast.adviser.pk).update(roles=[Role.FRONT_DESK])
    return lambda: User.objects.filter(pk=cast.adviser.pk).update(roles=[Role.ADVISER])


def closed(cast: Cast) -> Undo:
    made = period(PeriodKind.CLOSURE, cast.day, cast.day + timedelta(days=1))
    return made.delete


def place_closed(cast: Cast) -> Undo:
    Location.objects.filter(pk=cast.room.pk).update(is_open=False)
    return lambda: Location.objects.filter(pk=cast.room.pk).update(is_open=True)


def place_taken(cast: Cast) -> Undo:
    during = DateTimeTZRange(cast.starts(8), cast.starts(18))
    made = PlaceUse.objects.create(location=cast.room, during=during, source_kind="event", source_id="event0000000")
    return made.delete


def another_way(cast: Cast) -> Undo:
    AppointmentType.objects.filter(pk=cast.type.pk).update(modes=["online"])
    return lambda: AppointmentType.objects.filter(pk=cast.type.pk).update(modes=["in_person", "online"])


def place_of_another_way(cast: Cast) -> Undo:
    Location.objects.filter(pk=cast.room.pk).update(mode="telephone")
    return lambda: Location.objects.filter(pk=cast.room.pk).update(mode="in_person")


def no_link(cast: Cast) -> Undo:
    Location.objects.filter(pk=cast.online.pk).update(link="")
    return lambda: Location.objects.filter(pk=cast.online.pk).update(link="https://meet.example.ac.uk/x")


def away(cast: Cast) -> Undo:
    out = TimeOut.objects.create(
        adviser=cast.adviser, during=DateTimeTZRange(cast.starts(9, 10), cast.starts(9, 20)), reason="ill"
    )
    return out.delete


def withdrawn(cast: Cast) -> Undo:
    block = cast.adviser.diary_blocks.get()
    during = block.during
    DiaryBlock.objects.filter(pk=block.pk).update(during=DateTimeTZRange(cast.starts(9, 10), during.upper))
    return lambda: DiaryBlock.objects.filter(pk=block.pk).update(during=during)


def type_withdrawn(cast: Cast) -> Undo:
    block = cast.adviser.diary_blocks.get()
    block.types.remove(cast.type)
    return lambda: block.types.add(cast.type)


def place_withdrawn(cast: Cast) -> Undo:
    block = cast.adviser.diary_blocks.get()
    block.locations.remove(cast.room)
    return lambda: block.locations.add(cast.room)


CAUSES: dict[str, tuple[Callable[[Cast], Undo], Hindrance]] = {
    "adviser switched off": (adviser_off, Hindrance.ADVISER_OFF),
    "adviser made editor": (adviser_role, Hindrance.ADVISER_ROLE),
    "adviser at the front desk": (only_front_desk, Hindrance.ADVISER_ROLE),
    "closure": (closed, Hindrance.CLOSED),
    "room not in use": (place_closed, Hindrance.PLACE_CLOSED),
    "an event in the room": (place_taken, Hindrance.PLACE_TAKEN),
    "type meets in another way": (another_way, Hindrance.WAY_TO_MEET),
    "room became a telephone": (place_of_another_way, Hindrance.WAY_TO_MEET),
    "time out": (away, Hindrance.AWAY),
    "time withdrawn": (withdrawn, Hindrance.WITHDRAWN),
    "type withdrawn": (type_withdrawn, Hindrance.TYPE_WITHDRAWN),
    "room withdrawn": (place_withdrawn, Hindrance.PLACE_WITHDRAWN),
}
