"""Whether two names may be those of one person: given names and family names apart. Pure."""

from collections.abc import Iterable
from itertools import product

from eligibility.domain.given_names import GIVEN_NAMES
from eligibility.domain.names import Words, is_one_error_apart, is_other_gender, one_error_apart, sound


def first_names(given: Words) -> set[str]:
    """The first given name, in every reading."""
    return {words[0] for words in given.readings}


def is_same_given(one: Words, other: Words) -> bool:
    """Also where one has further names, in whatever order, or writes two as one."""
    sets = ((set(a), set(b)) for a, b in product(one.readings, other.readings))
    return any(a <= b or b <= a for a, b in sets) or bool(one.wholes & other.runs or other.wholes & one.runs)


def is_same_family(one: Words, other: Words) -> bool:
    pairs = product(one.read_parts, other.read_parts)
    return bool(one.family & other.family) or any(sorted(a) == sorted(b) for a, b in pairs)


def is_near_family(one: Words, other: Words) -> bool:
    fewer, more = sorted((set(one.parts), set(other.parts)), key=len)
    if fewer and fewer < more:
        return True
    pairs = [(a, b) for a in one.family for b in other.family]
    return is_one_error_apart(one, other) or any(_sounds_or_nearly(a, b) for a, b in pairs)


def _sounds_or_nearly(one: str, other: str) -> bool:
    return sound(one) == sound(other) or one_error_apart(one, other) or is_other_gender(one, other)


def is_near_given(one: Words, other: Words) -> bool:
    """Each as a whole against every row of words of the other: Anna Mraia is near to Anna Maria Luisa, Ana to Anna
    Maria. Anna Maria is not near to Anna Luisa."""
    pairs = [(one.whole, each) for each in other.runs] + [(other.whole, each) for each in one.runs]
    if any(sound(a) == sound(b) for a, b in pairs) or _is_initial(one, other) or _is_initial(other, one):
        return True
    if _all_known(one.words) and _all_known(other.words):
        return False
    return is_one_error_apart(one, other) or any(one_error_apart(a, b) for a, b in pairs)


def _is_initial(one: Words, other: Words) -> bool:
    return len(one.whole) == 1 and any(each.startswith(one.whole) for each in other.words)


def _all_known(names: Iterable[str]) -> bool:
    return all(each in GIVEN_NAMES for each in names)
