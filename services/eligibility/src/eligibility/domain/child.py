"""Whether two applications are about one child, however its name is written, and with one typing error. Pure.

Certain: names that are one spelling of another (see domain.names; further given names may be missing, given name and
family name may be exchanged, all names may stand in one field) and the same birth date. Likely, where household, home
or school are the same besides: one typing error more, in one place alone:
- in the birth date (a digit, two digits exchanged, day and month exchanged, one too many or too few);
- in the family name, or a part of a double name missing, or one that sounds the same or is a woman's (Nováková), or
  another particle in its place or one written with it (Elsayed, Sayed);
- in the alphabet, of one name or of both: Olexandr Schewtschenko, Oleksandr Shevchenko (domain.transcriptions);
- in the given name, or its first letter alone. This is where twins are: Anna and Hanna, Tim and Tom, Lena and Lea have
  birth date, family name, home and school in common. Two names that children bear (domain.given_names) are two
  names, whatever their distance, unless they sound the same (Luca, Luka). And where each of the two
  applications names a sibling with the other's birth date, a typing error in the given name is none: that is the twin,
  unless the twin is known here and another. One that only one of them names may be invented.
So a typing error that turns one given name into another (Lena, Lea) is not seen: no rule can tell it from twins, and to
ask all of those costs them weeks.

Birth dates that may be one day, one of them known in part (2015-00-00, 2015-03-12): with names as for certain it is
likely, wherever the child lives; with an error in a name, where household, home or school are the same.

What is looked up is digests alone (`marks`): each names birth date and one name, or both names; two applications that
are alike by the rule have one in common. Where a birth date is known in part, those of the dates that it may be are
looked up besides (`Marks.sought`), so that what is kept of a full date stays as it was. How they are alike is then read
from the cases themselves.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from shared.birth_dates import BirthDate, known_parts, less_known, may_be_the_same, more_known, parse_birth_date
from shared.events import AuthorityId

from eligibility.domain.family import Ties
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.kept_facts import KeptFacts, named_siblings
from eligibility.domain.keys import Key, Keys
from eligibility.domain.name_likeness import are_in_other_fields, are_near, first_names, is_same_family, is_same_given
from eligibility.domain.names import Words, words_of
from eligibility.domain.submission import Submission
from eligibility.domain.transcriptions import skeletons

Likeness = Literal["certain", "likely"]
SHORTEST_PART = 3
"""Letters of a part of a double name by which a child is looked up."""
HEARD = "~"
"""Before what is heard of a name; no name begins so."""
NO_TIES = Ties(None, "")
DIGEST_DIGITS = 32
"""128 bits."""


@dataclass(frozen=True)
class Child:
    """Who a case is about."""

    first_name: str
    last_name: str
    birth_date: BirthDate

    @property
    def given(self) -> Words:
        """The given names, as they are compared."""
        return words_of(self.first_name)

    @property
    def family(self) -> Words:
        """The family name, as it is compared."""
        return words_of(self.last_name)


def is_written_alike(one: Child, other: Child) -> bool:
    """Whether both are one name and birth date, in whatever letters: what a digest of the child says."""
    return _said(one) == _said(other)


@dataclass(frozen=True)
class Applicant:
    """A child with what an application says around it."""

    child: Child
    ties: Ties
    school_number: str
    siblings: Sequence[BirthDate]
    """Their birth dates."""

    def is_of_family(self, other: "Applicant") -> bool:
        """Whether both are of one household or home."""
        one, two = self.ties, other.ties
        return (one.household is not None and one.household == two.household) or (one.home == two.home != "")

    def is_near(self, other: "Applicant") -> bool:
        """Whether both are of one household, home or school."""
        return self.is_of_family(other) or self.school_number == other.school_number


class ChildDetails(Protocol):
    """What names a child: a case, or the part of it that does."""

    @property
    def school_number(self) -> str:
        """Of the school attended, in the state's register."""

    @property
    def submission(self) -> Submission:
        """What the notice needs of the application, with the child's names; empty after erasure."""

    @property
    def facts(self) -> KeptFacts:
        """FACTS, with the birth date."""


@dataclass(frozen=True)
class NamingCase:
    """The part of a kept case that names its child."""

    id: CaseId
    school_number: str
    submission: Submission
    facts: KeptFacts
    ties: Ties | None
    has_ticket: bool
    """A grant of it is in force, or has a last day that has not passed."""


def applicant_of(case: ChildDetails, tied: Ties | None) -> Applicant | None:
    """As far as the case holds it; None where it names nobody (any more)."""
    said, born = case.submission.get("child"), case.submission.get("birth_date")
    if not said or not born:
        return None
    child = Child(said["first_name"], said["last_name"], parse_birth_date(born))
    siblings = tuple(parse_birth_date(each["birth_date"]) for each in named_siblings(case.facts))
    return Applicant(child, tied or NO_TIES, case.school_number, siblings)


@dataclass(frozen=True)
class Marks:
    """The digests by which a child is looked up among the applications of one authority for one school year."""

    newest: frozenset[str]
    """Under the newest key: these are kept."""
    every: frozenset[str]
    """Under every key: these are looked up."""
    key: str
    """The newest key's name."""
    wider: frozenset[str] = frozenset()
    """Under every key, of dates that are known in part and may be this child's: looked up besides."""
    closer: frozenset[str] = frozenset()
    """Under every key, of the days that this child's date may be, where it is known in part: looked up besides."""

    @property
    def held(self) -> frozenset[str]:
        """Two that may be one child have one of these in common: whoever looks for the one holds up the other."""
        return self.every | self.wider

    @property
    def sought(self) -> frozenset[str]:
        """Every digest by which another case of this child is looked for."""
        return self.held | self.closer


def marks_of(child: Child, authority_id: AuthorityId, school_year: str, keys: Keys) -> Marks:
    """Children of two authorities, or school years, have no digest in common."""

    def under(key: Key, said: Iterable[str]) -> frozenset[str]:
        own = key.of("child", authority_id)
        texts = (f"{school_year}\x1f{each}".encode() for each in said)
        return frozenset(hmac.digest(own, each, "sha256").hex()[:DIGEST_DIGITS] for each in texts)

    def under_all(said: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(under(key, said) for key in (keys.newest, *keys.earlier)))

    own = marks(child)
    wider, closer = (under_all(_on_days(child, days(child.birth_date))) for days in (less_known, more_known))
    return Marks(under(keys.newest, own), under_all(own), keys.newest.name, wider, closer)


def digest_of(child: Child, authority_id: AuthorityId, keys: Keys) -> str:
    """The same for every application of the child with one authority, however the name is written: by it issuance
    knows whose right to ride a grant is of. 64 hexadecimal digits."""
    return _right(child, authority_id, keys.newest)


def digest_apart(child: Child, authority_id: AuthorityId, application_id: ApplicationId, keys: Keys) -> str:
    """Of a child whom a person has told apart from one of the same name and birth date; known by its application."""
    said = f"{_said(child)}\x1f{application_id}"
    return hmac.digest(keys.newest.of("right", authority_id), said.encode(), "sha256").hex()


def digests_of(child: Child, authority_id: AuthorityId, keys: Keys) -> frozenset[str]:
    """The same under every key: what was kept before the key was changed is found too."""
    return frozenset(_right(child, authority_id, key) for key in (keys.newest, *keys.earlier))


def _right(child: Child, authority_id: AuthorityId, key: Key) -> str:
    return hmac.digest(key.of("right", authority_id), _said(child).encode(), "sha256").hex()


def _said(child: Child) -> str:
    return "\x1f".join((child.given.whole, child.family.whole, child.birth_date.isoformat()))


def likeness(me: Applicant, other: Applicant, *, known_twins: int = 0) -> Likeness | None:
    """How sure it is that both are one child; None: two children, as far as can be told.

    Args:
        known_twins: children of the same birth date besides these two, of whom it is known here that they are others.
    """
    one, two = me.child, other.child
    same_given, same_family = is_same_given(one.given, two.given), is_same_family(one.family, two.family)
    if one.birth_date == two.birth_date:
        twins = min(_named(me, two.birth_date), _named(other, one.birth_date)) > known_twins
        same_given = same_given and not (twins and not first_names(one.given) & first_names(two.given))
        if (same_given and same_family) or are_in_other_fields(one, two):
            return "certain"
        near = are_near(one, two, same_given=same_given, same_family=same_family, twins=twins)
    elif may_be_the_same(one.birth_date, two.birth_date):
        return _partly_alike(me, other, known_twins)
    else:
        siblings = _named(me, two.birth_date) or _named(other, one.birth_date)
        same_given = bool(one.given.wholes & two.given.wholes) if siblings else same_given
        near = same_given and same_family and is_near_day(one.birth_date, two.birth_date)
    return "likely" if near and me.is_near(other) else None


def _partly_alike(me: Applicant, other: Applicant, known_twins: int) -> Likeness | None:
    """Of birth dates that may be one day, one of them known in part."""
    one, two = me.child, other.child
    named = min(_may_be_named(me, two.birth_date), _may_be_named(other, one.birth_date)) > known_twins
    same_given = bool(one.given.wholes & two.given.wholes) if named else is_same_given(one.given, two.given)
    same_family = is_same_family(one.family, two.family)
    if (same_given and same_family) or (not named and are_in_other_fields(one, two)):
        return "likely"
    near = are_near(one, two, same_given=same_given, same_family=same_family, twins=named)
    return "likely" if near and me.is_near(other) else None


def marks(child: Child) -> frozenset[str]:
    """What is looked up of a child, before it is made a digest: mostly four, at most some hundred."""
    pairs = ("\x1f".join(sorted((one, other))) for one in child.given.runs for other in _family_words(child))
    return _on_days(child, [child.birth_date]) | {f"names\x1f{pair}" for pair in pairs}


def _on_days(child: Child, days: Iterable[BirthDate]) -> frozenset[str]:
    names = child.given.runs | _family_words(child) | _heard(child)
    return frozenset(f"{day.isoformat()}\x1f{name}" for day in days for name in names)


def _heard(child: Child) -> frozenset[str]:
    """The given names' consonants: what two have in common whose names are both in another transcription."""
    return frozenset(f"{HEARD}{each}" for run in child.given.runs for each in skeletons(run))


def _family_words(child: Child) -> frozenset[str]:
    parts = (word for parts in child.family.read_parts for word in parts)
    return child.family.family | {word for word in parts if len(word) >= SHORTEST_PART}


def is_near_day(one: BirthDate, other: BirthDate) -> bool:
    """Whether one typing error lies between two days; what is not known of one is none."""
    (year, month, day), (year_2, month_2, day_2) = known_parts(one), known_parts(other)
    if (year, month, day) == (year_2, day_2, month_2):
        return True
    differing = [(a, b) for a, b in ((year, year_2), (month, month_2), (day, day_2)) if a != b and a and b]
    if len(differing) != 1:
        return False
    a, b = (str(each).zfill(2) for each in differing[0])
    digits = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    exchanged = len(digits) == 2 and digits[0] == digits[1][::-1]
    return len(digits) == 1 or exchanged or abs(int(a) - int(b)) == 1


def _named(applicant: Applicant, day: BirthDate) -> int:
    return sum(each == day for each in applicant.siblings)


def _may_be_named(applicant: Applicant, day: BirthDate) -> int:
    return sum(may_be_the_same(each, day) for each in applicant.siblings)
