"""Search for people by name in any order and spelling, part of a university id, telephone number or email address.

The only way to search for people: `tests/architecture/test_finding_people.py` fails for another. The caller passes the
queryset of the people that its user may see.
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
"""Number of letters of a word in which we expect a typing error. Shorter words have too few trigrams."""
SHORTEST_PART = 3
"""The fewest digits that match inside a number."""
FEW, SOME = 5, 10
"""If one word finds fewer than `FEW` people, or several words find nobody, we add at most `SOME` similar names."""
ALIKE, HARDLY_ALIKE = 0.5, 0.42
"""The least `word_similarity` of a similar name: the first if somebody is found anyway, the second if nobody is. Watson
and `watsen` have 0.57, Johnson and `jonson` 0.5, Okafor and `okfor` 0.44."""
LONGEST_SWAPPED = 12
"""Number of letters. Trigrams miss two swapped letters (`waston` has 0.29), so we search for each swap."""
SHORTEST_DIALLED = 6
"""The fewest digits that match inside a telephone number after removing the leading 0."""

APART = re.compile(r"[\s,;]+")
HYPHENS = re.compile(r"[-\u2010-\u2015\u2212]+")
NUMBER = re.compile(r"[+\d\s()./\u2010-\u2015\u2212-]+")
EXACT, BEGINS, PART, SIMILAR = range(4)


class SoughtPart(Func):
    """Typed text normalised like `search_text`. NULL, which matches nobody, if no letter or digit is left."""

    function, arity, output_field = "search_words", 1, TextField()
    template = "nullif(%(function)s(%(expressions)s), '')"


class OneOfTheWords(SoughtPart):
    """Several words as one regular expression, which can use the index. Normalised words need no escaping."""

    template = "(' (' || replace(nullif(%(function)s(%(expressions)s), ''), ' ', '|') || ') ')"


class WordLikeness(Func):
    """How similar a word is to the closest part of a text, by trigrams: 0 to 1."""

    function, arity, output_field = "word_similarity", 2, FloatField()


class SoughtBeginning(SoughtPart):
    template = "(' ' || nullif(%(function)s(%(expressions)s), ''))"


class SoughtWord(SoughtPart):
    template = "(' ' || nullif(%(function)s(%(expressions)s), '') || ' ')"


def found_people(typed: str, among: UserQuerySet, *, most: int) -> list[User]:
    """People of `among` who match every typed word: exact matches first, then beginnings, then parts of numbers, each
    sorted by name. If there are few, similar names follow, the most similar first.

    An empty search finds nobody. Takes one query, or three if it looks for similar names. Sets `level` on each person.
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
    """Only the longest word uses the trigram index: it is the quickest. The other words are compared in its rows."""
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
        # The operator `%>` uses the index, and takes its threshold only from this setting.
        bound = str(_bound(longest, least))
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [bound])
        return list(found[:SOME])


def known_by(typed: str) -> User | None:
    """The only person with this university id (in any case, with or without its letter), telephone number or email
    address. One query."""
    words = list(_words(typed))
    if len(words) != 1 or not ("@" in words[0] or _has_digit(words[0])):
        return None
    found = list(User.objects.filter(_is(words[0])).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def people_with(word: str) -> UserQuerySet:
    """People who match this word exactly, from a beginning or in a number: for searches of other tables."""
    words = list(_words(word))
    found: UserQuerySet = User.objects.filter(_all(_has, words)) if words else User.objects.none()
    return found


def _words(typed: str) -> Iterator[str]:
    """The words to match. A number written with spaces is one word."""
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
    """A number without its punctuation (`2026/0417`), and in international form if it is a telephone number."""
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
    """The word begins a stored word, or is part of a number."""
    if "@" in word or not _has_digit(word):
        return _begins(word)
    spellings = _spellings(word)
    parts = [each for each in spellings if len(each) >= SHORTEST_PART]
    parts += [each.lstrip("0") for each in spellings if len(each.lstrip("0")) >= SHORTEST_DIALLED]
    return _begins(word) | _any(SoughtPart, parts) if parts else _begins(word)


def _bound(word: str, least: float) -> float:
    """The similarity that one wrong letter leaves. It is higher for longer words, which makes the index quicker."""
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
