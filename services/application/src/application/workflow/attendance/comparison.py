"""A class list beside those who have applied: who fits whom. Pure. Two that may be meant are never guessed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.birth_dates import PartlyKnownDate, may_be_the_same
from shared.events import AttendanceDifference

from application.checks.class_list import ListedPupil
from application.domain.attendance import AttendanceState, AttendingPupil
from application.domain.pupil_names import (
    Likeness,
    compare_first_names,
    compare_last_names,
    exact_spellings,
    grade_of_class,
)
from application.workflow.attendance.statements import SchoolAnswer


@dataclass(frozen=True)
class Match:
    """A line of the list, and the pupil whom it means."""

    listed: ListedPupil
    pupil: AttendingPupil
    differences: tuple[AttendanceDifference, ...] = ()

    @property
    def answer(self) -> SchoolAnswer:
        """What the school says by it."""
        state = AttendanceState.DIFFERS if self.differences else AttendanceState.CONFIRMED
        of = self.pupil.application_id
        return SchoolAnswer(of, state, self.listed.class_name, differences=self.differences)

    @property
    def is_known(self) -> bool:
        """Whether the school has said just this already."""
        said = self.pupil.statement
        if said is None or self.pupil.state is not self.answer.state:
            return False
        return said.differences == self.differences and said.class_name == (self.listed.class_name or said.class_name)


@dataclass(frozen=True)
class ListComparison:
    """What a class list says of those who have applied."""

    matches: tuple[Match, ...]
    """All that is the same."""
    differing: tuple[Match, ...]
    unsure: tuple[ListedPupil, ...]
    """More than one may be meant; a person says it on the page of the pupil."""
    unsure_pupils: tuple[AttendingPupil, ...]
    unknown: int
    """Lines of those who have not applied: nothing is kept of them."""
    not_listed: tuple[AttendingPupil, ...]
    """They have applied, and do not stand in the list."""
    repeated: int = 0
    """Lines that stood in the list twice."""


Pair = tuple[int, int]
"""The place of a line, and that of a pupil."""


def compare_list(listed: Sequence[ListedPupil], pupils: Sequence[AttendingPupil]) -> ListComparison:
    """1. A line that stands twice counts once. 2. Pairs that may be one child, the nearest first: same name and birth
    date; name a little other; birth date other. 3. Of each kind only who fits nobody else."""
    # 1.
    lines = _without_repeated(listed)
    # 2.
    pairs = _pairs(lines, pupils)
    # 3.
    taken, unsure_lines, unsure_pupils = _assign(pairs)
    found = [Match(lines[line], pupils[place], _differences(lines[line], pupils[place])) for line, place in taken]
    found.sort(key=lambda each: each.listed.line)
    known_lines = {line for line, _ in taken} | unsure_lines
    known_pupils = {place for _, place in taken} | unsure_pupils
    return ListComparison(
        tuple(each for each in found if not each.differences),
        tuple(each for each in found if each.differences),
        tuple(lines[each] for each in sorted(unsure_lines)),
        tuple(pupils[each] for each in sorted(unsure_pupils)),
        len(lines) - len(known_lines),
        tuple(each for place, each in enumerate(pupils) if place not in known_pupils),
        len(listed) - len(lines),
    )


def _without_repeated(listed: Sequence[ListedPupil]) -> list[ListedPupil]:
    """The same child of the same class twice is one line; of two classes, both stay, and nobody guesses."""
    kept: dict[tuple[str, str, object, str], ListedPupil] = {}
    for each in listed:
        key = each.last_name.casefold(), each.first_name.casefold(), each.birth_date, each.class_name.casefold()
        kept.setdefault(key, each)
    return list(kept.values())


def _pairs(lines: Sequence[ListedPupil], pupils: Sequence[AttendingPupil]) -> list[set[Pair]]:
    """By kind, the nearest first."""
    kinds: list[set[Pair]] = [set(), set(), set(), set()]
    near = _near(pupils)
    for place, line in enumerate(lines):
        for other in near(line):
            kind = _kind(line, pupils[other])
            if kind is not None:
                kinds[kind].add((place, other))
    return kinds


def _near(pupils: Sequence[AttendingPupil]) -> Callable[[ListedPupil], Iterable[int]]:
    """Whom to look at for a line: who was, or may have been, born on that day, and who is called so. With all of all, a
    large school's list would take minutes."""
    by_day: defaultdict[object, list[int]] = defaultdict(list)
    by_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    by_year: defaultdict[int, list[int]] = defaultdict(list)
    partly: list[int] = []
    for place, each in enumerate(pupils):
        born = each.pupil.birth_date
        by_day[born].append(place)
        by_year[born.year].append(place)
        if isinstance(born, PartlyKnownDate):
            partly.append(place)
        for spelling in exact_spellings(each.pupil.last_name, each.pupil.first_name):
            by_name[spelling].append(place)

    def called_so(line: ListedPupil) -> Iterable[int]:
        spellings = exact_spellings(line.last_name, line.first_name)
        return {place for each in spellings for place in by_name.get(each, ())}

    def near(line: ListedPupil) -> Iterable[int]:
        if isinstance(line.birth_date, PartlyKnownDate):
            return {*by_year[line.birth_date.year], *called_so(line)}
        return {*by_day[line.birth_date], *partly, *called_so(line)}

    return near


def _kind(line: ListedPupil, pupil: AttendingPupil) -> int | None:
    """0: the same, letter for letter but for accents and the like. 1: the same. 2: the name a little other. 3: the
    birth date other. None: another child."""
    same_day = may_be_the_same(line.birth_date, pupil.pupil.birth_date)
    last = compare_last_names(line.last_name, pupil.pupil.last_name)
    if last is Likeness.OTHER:
        return None
    first = compare_first_names(line.first_name, pupil.pupil.first_name)
    lower = min(last, first)
    if same_day:
        return {Likeness.EXACT: 0, Likeness.SAME: 1, Likeness.LIKE: 2}.get(lower)
    return 3 if lower is Likeness.EXACT else None


def _assign(kinds: Sequence[set[Pair]]) -> tuple[list[Pair], set[int], set[int]]:
    """The pairs of which each fits nobody else as well, and the lines and pupils of which one does."""
    taken: list[Pair] = []
    unsure_lines: set[int] = set()
    unsure_pupils: set[int] = set()
    done_lines: set[int] = set()
    done_pupils: set[int] = set()
    for kind in kinds:
        left = {(a, b) for a, b in kind if a not in done_lines and b not in done_pupils}
        lines, pupils = Counter(a for a, _ in left), Counter(b for _, b in left)
        for line, pupil in sorted(left):
            if lines[line] == pupils[pupil] == 1:
                taken.append((line, pupil))
            else:
                unsure_lines.add(line)
                unsure_pupils.add(pupil)
        done_lines |= {a for a, _ in left}
        done_pupils |= {b for _, b in left}
    return taken, unsure_lines, unsure_pupils


def _differences(line: ListedPupil, pupil: AttendingPupil) -> tuple[AttendanceDifference, ...]:
    """A birth date known in part differs from none that it may be; a grade only where the class names one."""
    found = []
    if compare_last_names(line.last_name, pupil.pupil.last_name) < Likeness.SAME:
        found.append(AttendanceDifference(part="last_name", says=line.last_name))
    if compare_first_names(line.first_name, pupil.pupil.first_name) < Likeness.SAME:
        found.append(AttendanceDifference(part="first_name", says=line.first_name))
    if not may_be_the_same(line.birth_date, pupil.pupil.birth_date):
        found.append(AttendanceDifference(part="birth_date", says=line.birth_date.isoformat()))
    grade = grade_of_class(line.class_name)
    if grade is not None and pupil.pupil.grade and not _is_same_grade(grade, pupil.pupil.grade):
        found.append(AttendanceDifference(part="grade", says=grade))
    return tuple(found)


def _is_same_grade(one: str, other: str) -> bool:
    """Of the Oberstufe the year that a class is called by is another with eight and with nine years: `11` may be EF or
    Q1."""
    upper = {"EF": {"10", "11"}, "Q1": {"11", "12"}, "Q2": {"12", "13"}}
    return one == other or one in upper.get(other, set()) or other in upper.get(one, set())
