"""Whether two names may be those of one person: given names and family names apart. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import Protocol

from eligibility.domain.given_names import GIVEN_NAMES
from eligibility.domain.names import (
    Words,
    is_one_error_apart,
    is_other_gender,
    is_written_with,
    one_error_apart,
    sound,
)
from eligibility.domain.names_of_two_languages import is_one_in_two_languages
from eligibility.domain.transcriptions import is_heard_alike

FRENCH_J = re.compile("^(?:dj|dsch)(?=[aeiou])")
"""As Arabic names that begin with J are written after French papers: Djamila, Djibril."""


class ChildNames(Protocol):
    """A child by its names."""

    @property
    def given(self) -> Words:
        """The given names, in every reading."""

    @property
    def family(self) -> Words:
        """The family name, in every reading."""


def first_names(given: Words) -> set[str]:
    """The first given name, in every reading."""
    return {words[0] for words in given.readings}


def is_same_given(one: Words, other: Words) -> bool:
    """Also where one has further names, in whatever order, or writes two as one."""
    sets = ((set(a), set(b)) for a, b in product(one.readings, other.readings))
    return any(a <= b or b <= a for a, b in sets) or bool(one.wholes & other.runs or other.wholes & one.runs)


def is_same_family(one: Words, other: Words) -> bool:
    """Also without its particles, where one leaves them out; Le Thi is not Do Thi, nor Ben Ali El Ali."""
    if one.wholes & other.wholes:
        return True
    if not (one.particles <= other.particles or other.particles <= one.particles):
        return False
    pairs = product(one.read_parts, other.read_parts)
    return bool(one.family & other.family or one.bare & other.bare) or any(sorted(a) == sorted(b) for a, b in pairs)


def is_near_family(one: Words, other: Words) -> bool:
    """Whether two family names may be one: one holds the other, they sound alike, or one error is between them."""
    if any(_is_longer(*pair) for pair in ((one.parts, other.parts), (one.words, other.words))):
        return True
    pairs = [(one.plain, other.plain), *product(one.family, other.family)]
    return is_one_error_apart(one, other) or any(_sounds_or_nearly(a, b) for a, b in pairs)


def _is_longer(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether one has a name more."""
    fewer, more = sorted((set(one), set(other)), key=len)
    return bool(fewer) and fewer < more


def _sounds_or_nearly(one: str, other: str) -> bool:
    near = one_error_apart(one, other) or is_other_gender(one, other) or is_written_with(one, other)
    return near or is_heard_alike(one, other)


def is_heard_family(one: Words, other: Words) -> bool:
    """The same, or another transcription of it."""
    return any(is_heard_alike(*pair) for pair in product(one.family, other.family))


def is_heard_given(one: Words, other: Words) -> bool:
    """Another transcription, word by word, or of one that has fewer names or writes two as one: of that as a whole. Of
    two names that children bear here, only one that sounds the same."""
    pairs = _against_runs(one, other)
    if any(sound(a) == sound(b) for a, b in pairs):
        return True
    if len(one.words) == len(other.words):
        return all(map(_is_heard, one.words, other.words))
    known = _all_known(one.words) and _all_known(other.words)
    return not known and any(_is_heard(*pair) for pair in pairs)


def _is_heard(one: str, other: str) -> bool:
    return sound(one) == sound(other) or (not _all_known((one, other)) and is_heard_alike(one, other))


def _is_one_name(one: str, other: str) -> bool:
    """No child is called Djamila beside its twin Jamila, though both are in the list, nor Mykola beside Nikolai; but
    Danilo beside Danielle."""
    alike = sound(FRENCH_J.sub("j", one)) == sound(FRENCH_J.sub("j", other))
    in_two_languages = not _all_known((one, other)) and is_one_in_two_languages(one, other)
    return alike or in_two_languages or _is_heard(one, other)


def _against_runs(one: Words, other: Words) -> list[tuple[str, str]]:
    return [(one.whole, each) for each in other.runs] + [(other.whole, each) for each in one.runs]


def is_near_given(one: Words, other: Words) -> bool:
    """Each as a whole against every row of words of the other: Anna Mraia is near to Anna Maria Luisa, Ana to Anna
    Maria. Anna Maria is not near to Anna Luisa."""
    if is_heard_given(one, other) or _is_initial(one, other) or _is_initial(other, one):
        return True
    if len(one.words) == len(other.words) and all(map(_is_one_name, one.words, other.words)):
        return True
    if _all_known(one.words) and _all_known(other.words):
        return False
    return is_one_error_apart(one, other) or any(one_error_apart(*pair) for pair in _against_runs(one, other))


def _is_initial(one: Words, other: Words) -> bool:
    return len(one.whole) == 1 and any(each.startswith(one.whole) for each in other.words)


def _all_known(names: Iterable[str]) -> bool:
    return all(each in GIVEN_NAMES for each in names)


def are_near(one: ChildNames, two: ChildNames, *, same_given: bool, same_family: bool, twins: bool) -> bool:
    """One error in one of the names, or both in another transcription: whoever writes one so writes the other so."""
    if same_given:
        return same_family or is_near_family(one.family, two.family)
    if twins:
        return False
    if same_family:
        return is_near_given(one.given, two.given)
    return is_heard_given(one.given, two.given) and is_heard_family(one.family, two.family)


def are_in_other_fields(one: ChildNames, two: ChildNames) -> bool:
    """Given name and family name are exchanged, or all stand in one field; of one there may be further names. Or a name
    stands before or behind the border: Thi Mai Do, Mai Do Thi."""
    if sorted(one.given.words + one.family.words) == sorted(two.given.words + two.family.words):
        return True
    if one.given.family & two.family.family and one.family.family & two.given.family:
        return True
    if any(set(a) & set(b) for a, b in product(one.given.readings, two.given.readings)) and all(
        each.given.whole and each.family.whole for each in (one, two)
    ):
        return False
    pairs = (sorted(pair, key=Counter.total) for pair in product(_all_words(one), _all_words(two)))
    return any(fewer.total() > 1 and fewer <= more for fewer, more in pairs)


def _all_words(child: ChildNames) -> list[Counter[str]]:
    """Of all fields, in every reading; Hassan Al Hassan has one of them twice."""
    return [Counter((*given, *family)) for given, family in product(child.given.readings, child.family.readings)]
