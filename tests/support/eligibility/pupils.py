"""Made-up pupils: names as often as children bear them, families with twins, houses with many flats, schools."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from uuid import UUID

from eligibility.domain.child import Applicant, Child
from eligibility.domain.family import Ties
from eligibility.domain.given_names import BY_FREQUENCY

LISTED_SHARE = 0.87
"""Of Berlin's children, that bear one of the listed names; the others bear rare ones."""
FLATTENED, EXPONENT = 60, 1.4
"""A name of rank r is as frequent as 1 / (r + 60) ** 1.4: fitted to Berlin's counts (the first 0.7 %, the 1000th 0.015 %)."""
GERMAN = """
Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann
Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn
Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon
"""
FROM_ELSEWHERE = """
Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özdemir Polat Ali Ahmed
Mohammed Hassan Hussein Ibrahim Khalil Omar Al-Ahmad El-Sayed Nguyễn Trần Phạm Kowalski Nowak Wiśniewski Wójcik Popescu
Ivanov Петров Shevchenko Krasniqi Berisha Hoxha Gashi Petrović Jovanović Rossi Russo Silva Santos García Singh Khan
"""
SYLLABLE = """
ba be bo da den der dorf el er fel gel hard hau her ho ka ke kel kir ler lin lo ma man mei mer min na ner nie o pe rei
rin ro sa sche ser sta ster stein ta ter ti tra ul va wal wei wil zin zo
"""
COMMON, IMMIGRANT, SYLLABLES = (names.split() for names in (GERMAN, FROM_ELSEWHERE, SYLLABLE))
LETTERS = "abcdefghijklmnoprstuvwz"
TWIN_BIRTHS = 0.017
"""Of all births in Germany (Statistisches Bundesamt, 2015 to 2023)."""
NEAR_TWINS = 0.06
"""Twins whose names are one letter apart. Our own guess, and rather many."""
TWIN_NAMED = 0.6
"""Applications that name the twin as a sibling. Our own guess."""
SECOND_NAME, HIGH_RISE, FLATS, SCHOOL_SIZE = 0.35, 0.2, 20, 800


class Weighted:
    """Draws by weight."""

    def __init__(self, of: Sequence[str], flattened: float, exponent: float) -> None:
        self._of = of
        self._sums = list(accumulate(1 / (rank + flattened) ** exponent for rank in range(1, len(of) + 1)))

    def draw(self, drawn: random.Random) -> str:
        return self._of[bisect(self._sums, drawn.random() * self._sums[-1])]


def misspelt(name: str, drawn: random.Random) -> str:
    """With one typing error: a letter left out, another, one too many, or two exchanged. Never the same."""
    place = drawn.randrange(len(name))
    letter = drawn.choice([each for each in LETTERS if each not in name[place].casefold()])
    swapped = name[:place] + name[place + 1 : place + 2] + name[place] + name[place + 2 :]
    made = [name[:place] + letter + name[place + 1 :], name[:place] + letter + name[place:]]
    if len(name) > 2:
        made.append(name[:place] + name[place + 1 :])
    if place + 1 < len(name) and swapped != name:
        made.append(swapped)
    return drawn.choice(made)


class Town:
    """Draws families, one after another."""

    def __init__(self, seed: int, pupils: int) -> None:
        self._drawn = random.Random(seed)
        self._schools = max(1, pupils // SCHOOL_SIZE)
        self._given = Weighted(BY_FREQUENCY, FLATTENED, EXPONENT)
        tail = sorted({"".join(self._drawn.choices(SYLLABLES, k=self._drawn.choice((2, 3)))) for _ in range(40_000)})
        self._drawn.shuffle(tail)
        self._family = Weighted([*COMMON, *tail], 15, 0.85)
        self._immigrant = Weighted([*IMMIGRANT, *tail[:3000]], 8, 1.0)

    def given_name(self) -> str:
        if self._drawn.random() < LISTED_SHARE:
            return self._given.draw(self._drawn)
        if self._drawn.random() < 0.5:  # a rare way of writing another
            return misspelt(self._given.draw(self._drawn), self._drawn)
        return "".join(self._drawn.choices(SYLLABLES, k=3))

    def twin_name(self, name: str) -> str:
        """Of a child whose twin is `name`."""
        if self._drawn.random() < NEAR_TWINS:
            near = [misspelt(name, self._drawn) for _ in range(60)]
            known = [each for each in near if each in BY_FREQUENCY]
            return self._drawn.choice(known or near)
        while (other := self.given_name()) == name:
            continue
        return other

    def family_name(self) -> str:
        return (self._immigrant if self._drawn.random() < 0.3 else self._family).draw(self._drawn)

    def families(self) -> Iterator[list[Applicant]]:
        """Without end. Each family is one account; every child goes to a school and may apply."""
        drawn = self._drawn
        while True:
            children = drawn.choices((1, 2, 3, 4), (45, 40, 12, 3))[0]
            name, birth = self.family_name(), date(2008, 1, 1) + timedelta(drawn.randrange(4000))
            names: list[str] = []
            born: list[date] = []
            while len(born) < children:
                twins = drawn.random() < TWIN_BIRTHS
                first = self.given_name()
                for given in [first, self.twin_name(first)] if twins else [first]:
                    names.append(given)
                    born.append(birth)
                birth += timedelta(drawn.randrange(330, 1600))
            yield self._applicants(name, names, born)

    def _applicants(self, name: str, names: list[str], born: list[date]) -> list[Applicant]:
        drawn = self._drawn
        home = f"flats {drawn.randrange(1000)}" if drawn.random() < HIGH_RISE else f"house {drawn.getrandbits(60)}"
        ties = Ties(str(UUID(int=drawn.getrandbits(128))), home)
        school, made = str(drawn.randrange(self._schools)), []
        for place, (given, birth) in enumerate(zip(names, born, strict=True)):
            others = [each for other, each in enumerate(born) if other != place]
            siblings = [each for each in others if drawn.random() < TWIN_NAMED]
            second = f" {self._given.draw(drawn)}" if drawn.random() < SECOND_NAME else ""
            at = school if birth in others or drawn.random() < 0.4 else str(drawn.randrange(self._schools))
            made.append(Applicant(Child(given + second, name, birth), ties, at, siblings))
        return made

    def pupils(self, number: int) -> list[Applicant]:
        found: list[Applicant] = []
        for family in self.families():
            found += family
            if len(found) >= number:
                break
        return found[:number]
