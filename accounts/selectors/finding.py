"""Finding people by what somebody types: names in any order and spelling, part of a number, a telephone, an email.

The one way to search for people; `tests/architecture/test_finding_people.py` holds every other place to it. Who may be
found is the caller's to say: `among` is the queryset of a permission.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import add, and_, or_

from django.db import connection, transaction
from django.db.models import Case, FloatField, Func, Q, TextField, Value, When
from django.db.models.lookups import GreaterThanOrEqual

from accounts.models import User
from accounts.models.user import NAMES_ALONE, UserQuerySet, with_email
from foundation.values.telephones import normalised
from foundation.values.unseen_signs import without_unseen

MOST_LETTERS, MOST_WORDS = 200, 8
MISTYPED = range(4, 41)
"""Letters: in a shorter word a typing error leaves nothing to recognise it by; longer ones are no names."""
SHORTEST_PART = 3
"""Digits of a number of which a part is enough."""
FEW, SOME = 5, 10
"""Where one word finds fewer than `FEW`, or several find nobody, `SOME` that are written nearly so are added."""
ALIKE, HARDLY_ALIKE = 0.5, 0.42
"""How alike a typed word and a stretch of the names are, by trigrams; the first where others are found. Watson and
`watsen` 0.57, Johnson and `jonson` 0.5, Okafor and `okfor` 0.44."""
LONGEST_SWAPPED = 12
"""Letters. Trigrams do not see that two of them changed places (`waston`: 0.29), so each such word is asked for."""
SHORTEST_DIALLED = 6
"""Digits of a telephone number of which a part without its leading 0 is enough."""

APART = re.compile(r"[\s,;]+")
HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]+")
NUMBER = re.compile(r"[+\d\s()./\u2010-\u2015\u2212-]+")
EXACT, BEGINS, PART, SIMILAR = range(4)


class SoughtPart(Func):
    """What was typed, spelled as in `search_text`; NULL, which matches nobody, where no letter or digit is left."""

    function, arity, output_field = "search_words", 1, TextField()
    template = "nullif(%(function)s(%(expressions)s), '')"


class OneOfTheWords(SoughtPart):
    """As a regular expression, which the index reads too. Spelled words have letters and digits alone."""

    template = "(' (' || replace(nullif(%(function)s(%(expressions)s), ''), ' ', '|') || ') ')"


class WordLikeness(Func):
    """The share of the trigrams of the first that are in the second, in one stretch."""

    function, arity, output_field = "word_similarity", 2, FloatField()


class SoughtBeginning(SoughtPart):
    template = "(' ' || nullif(%(function)s(%(expressions)s), ''))"


class SoughtWord(SoughtPart):
    template = "(' ' || nullif(%(function)s(%(expressions)s), '') || ' ')"


def found_people(typed: str, among: UserQuerySet, *, most: int) -> list[User]:
    """Those of `among` in whom every typed word is found: as it is, as a beginning, then as part of a number, in this
    order and by name. Where they are few, those follow whose names are written nearly so, the likeliest first.

    Nobody where nothing was typed. One query, or three where few are found; each person carries their `level`.
    """
    words = list(_words(typed))
    if not words:
        return []
    found = _found_as_typed(words, among, most)
    enough = min(FEW, most) if len(words) == 1 else 1
    if len(found) >= enough or not any(map(_may_be_mistyped, words)):
        return found
    others = among.exclude(pk__in=[person.pk for person in found])
    return found + _found_alike(words, others, ALIKE if found else HARDLY_ALIKE)[: most - len(found)]


def _found_as_typed(words: list[str], among: UserQuerySet, most: int) -> list[User]:
    level = Case(When(_all(_is, words), then=EXACT), When(_all(_begins, words), then=BEGINS), default=PART)
    found = among.filter(_all(_has, words)).annotate(level=level)
    return list(found.order_by("level", "family_name", "given_name", "pk")[:most])


def _found_alike(words: list[str], among: UserQuerySet, least: float) -> list[User]:
    """The longest word is looked for in the index, which is quick where much of it must be right; the others are
    compared in the rows of that."""
    longest, *others = sorted(filter(_may_be_mistyped, words), key=len, reverse=True)
    found = among.alias(names=NAMES_ALONE).filter(_has_or(longest, Q(names__trigram_word_similar=_part(longest))))
    for word in others:
        found = found.filter(_has_or(word, Q(GreaterThanOrEqual(_likeness(word), _bound(word, least)))))
    for word in words:
        if not _may_be_mistyped(word):
            found = found.filter(_has(word))
    likeness = reduce(add, map(_likeness, [longest, *others]))
    found = found.annotate(level=Value(SIMILAR)).order_by(-likeness, "family_name", "given_name", "pk")
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        # The operator that the index knows takes its bound from there alone.
        bound = str(_bound(longest, least))
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [bound])
        return list(found[:SOME])


def known_by(typed: str) -> User | None:
    """Whose number (in capitals or not, with or without its letter), telephone or email address this is, if it is
    one person's. One query."""
    words = list(_words(typed))
    if len(words) != 1 or not ("@" in words[0] or _has_digit(words[0])):
        return None
    found = list(User.objects.filter(_is(words[0])).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def people_with(word: str) -> UserQuerySet:
    """In whose names, numbers or addresses this is found, without mistyping: for a search in something else as well."""
    words = list(_words(word))
    found: UserQuerySet = User.objects.filter(_all(_has, words)) if words else User.objects.none()
    return found


def _words(typed: str) -> Iterator[str]:
    """One word for a telephone or number written with spaces; otherwise what stands between spaces, commas, hyphens."""
    typed = without_unseen(typed.replace("\0", "")[:MOST_LETTERS]).strip()
    if NUMBER.fullmatch(typed):
        typed = re.sub(r"[^+\d]", "", typed)
    parts = [part for word in APART.split(typed) for part in _parts(word.strip('<>()[]"“”'))]
    yield from [part for part in parts if any(sign.isalnum() for sign in part)][:MOST_WORDS]


def _parts(word: str) -> list[str]:
    return [word] if "@" in word or _has_digit(word) else HYPHENS.split(word)


def _has_digit(word: str) -> bool:
    return any(sign.isdecimal() for sign in word)


def _may_be_mistyped(word: str) -> bool:
    return sum(map(str.isalnum, word)) in MISTYPED and "@" not in word and not _has_digit(word)


def _spellings(word: str) -> list[str]:
    """A number without what stands in it (`2026/0417`), and as a whole telephone number if it is one."""
    if not _has_digit(word):
        return [word]
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in word if sign.isalnum())
    try:
        return [plain, normalised(word).removeprefix("+")]
    except ValueError:
        return [plain]


def _all(condition: Callable[[str], Q], words: list[str]) -> Q:
    return reduce(and_, map(condition, words))


def _any(sought: type[SoughtPart], spellings: Iterable[str]) -> Q:
    return reduce(or_, (Q(search_text__contains=sought(Value(each))) for each in spellings))


def _is(word: str) -> Q:
    if "@" in word:
        return with_email(word)
    return _any(SoughtWord, _spellings(word))


def _begins(word: str) -> Q:
    if "@" in word:
        whose = _any(SoughtWord, [word.partition("@")[0]])
        return _is(word) | (whose & (Q(email__istartswith=word) | Q(personal_email__istartswith=word)))
    return _any(SoughtBeginning, _spellings(word))


def _has(word: str) -> Q:
    """It begins a word; of a number any part is enough, and of a telephone number any without its leading 0."""
    if "@" in word or not _has_digit(word):
        return _begins(word)
    spellings = _spellings(word)
    parts = [each for each in spellings if len(each) >= SHORTEST_PART]
    parts += [each.lstrip("0") for each in spellings if len(each.lstrip("0")) >= SHORTEST_DIALLED]
    return _begins(word) | _any(SoughtPart, parts) if parts else _begins(word)


def _bound(word: str, least: float) -> float:
    """What one wrong letter leaves alike: in a longer word more, and the more is asked for, the fewer are compared."""
    return max(least, (len(word) - 2) / (len(word) + 4) - 0.01)


def _part(word: str) -> SoughtPart:
    return SoughtPart(Value(word))


def _likeness(word: str) -> WordLikeness:
    return WordLikeness(_part(word), NAMES_ALONE)


def _has_or(word: str, alike: Q) -> Q:
    return _has(word) | alike | Q(search_text__regex=OneOfTheWords(Value(" ".join(_swapped(word)))))


def _swapped(word: str) -> Iterator[str]:
    for at in range(min(len(word), LONGEST_SWAPPED) - 1):
        yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"
