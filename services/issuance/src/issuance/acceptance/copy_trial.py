"""Copied tickets, simulated: how many does the rule of `workflow.inspection.copies` find, whom does it suspect wrongly?

A month in a square of 200 by 200 km (NRW's size). Pupils ride to school and back, now and then far away by regional
train; a copied ticket is shown by several people who live anywhere and ride as others do. Everybody meets a scanner
equally often. What people do is our assumption, written below as figures; the rule and the cells are the service's.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuance.acceptance.trials import TrialFailure
from issuance.workflow.inspection.copies import CELL_DEGREES, KM_A_DEGREE, CopyRules, Meeting, suspicion

DAYS = 22
"""School days of a month: as long as the report looks back."""
MEETINGS_A_DAY = 0.4
"""How often one person meets a scanner on a school day: 1,000,000 meetings are those of 113,000 tickets in a month."""
COPIED_SHARE = 0.001
PEOPLE = (2, 3, 5, 10, 20)
"""How many show one copied ticket, each as often as the others."""
FAR_SHARE = 0.05
"""Of all days: a journey of 30 to 120 km by regional train, with 50 to 110 km/h on the whole."""
LEGS = 2
"""A ride has a change, and a scanner may meet the person before and after it."""
MOST_WRONG = 0.0005
"""0.05 % of the honest tickets (docs/sources/reliability.md)."""
LEAST_FOUND, NOTICED_FROM = 0.95, 5
"""A11's recall, of tickets that five people or more show: two friends who ride at different times leave no trace."""
SOUTH, WEST, SIDE_KM = 50.6, 6.2, 200.0
CLOCK_MINUTES = 2
"""How far a scanner's clock may be off."""

Point = tuple[float, float]
"""Kilometres north and east of the corner."""


@dataclass(frozen=True)
class Person:
    home: Point
    school: Point
    scanners: int
    """One of so many scanners works where the person rides."""

    @classmethod
    def anywhere(cls, draw: random.Random) -> "Person":
        """A home at random in the square of SIDE_KM, a school 2 to 20 km away, and twelve scanners at work where the
        person rides."""
        home = draw.uniform(0, SIDE_KM), draw.uniform(0, SIDE_KM)
        return cls(home, _away(home, draw.uniform(2, 20), draw), 12)

    def day(self, day: int, start: datetime, draw: random.Random) -> Iterator[Meeting]:
        """Where scanners meet the person on one day: on the way there or back."""
        is_far = draw.random() < FAR_SHARE
        goal = _away(self.home, draw.uniform(30, 120), draw) if is_far else self.school
        hours = math.dist(self.home, goal) / (draw.uniform(50, 110) if is_far else 25)
        leaves = 7 + draw.random(), 13 + 3 * draw.random() + (hours if is_far else 0)
        for hour, (one, other) in zip(leaves, ((self.home, goal), (goal, self.home)), strict=True):
            for leg in range(LEGS):
                if draw.random() < MEETINGS_A_DAY / 2 / LEGS:
                    share = (leg + draw.random()) / LEGS
                    north, east = (a + (b - a) * share for a, b in zip(one, other, strict=True))
                    minutes = round((hour + hours * share) * 60 + draw.uniform(-CLOCK_MINUTES, CLOCK_MINUTES))
                    cell = _cell(north, east)
                    who = f"{cell}-{draw.randrange(self.scanners)}"
                    yield Meeting(who, start + timedelta(days=day, minutes=minutes), cell)


def run(count: int, seed: int, start: datetime) -> dict[str, float]:
    """About `count` meetings. Returns recall by number of people, and honest tickets under suspicion.

    Raises:
        TrialFailure.
    """
    draw, rules = random.Random(seed), CopyRules()  # noqa: S311
    tickets = max(len(PEOPLE), round(count / (DAYS * MEETINGS_A_DAY)))
    copied = max(len(PEOPLE) * 20, round(tickets * COPIED_SHARE))
    told: Counter[str] = Counter()
    # 1. Honest tickets: one person each.
    for _ in range(tickets):
        is_suspect, met = _month([Person.anywhere(draw)], start, rules, draw)
        told["meetings"] += met
        told["wrong"] += is_suspect
    # 2. Copied ones.
    found: dict[int, list[bool]] = defaultdict(list)
    for at in range(copied):
        people = PEOPLE[at % len(PEOPLE)]
        is_suspect, met = _month([Person.anywhere(draw) for _ in range(people)], start, rules, draw)
        told["meetings"] += met
        found[people].append(is_suspect)
    if told["wrong"] > max(1, tickets * MOST_WRONG):
        raise TrialFailure(f"{told['wrong']} of {tickets} honest tickets look copied")
    many = [one for people, some in found.items() if people >= NOTICED_FROM for one in some]
    if sum(many) < LEAST_FOUND * len(many):
        raise TrialFailure(f"{len(many) - sum(many)} of {len(many)} tickets that many people show are not noticed")
    recall = {f"recall_{people}_people": round(sum(one) / len(one), 3) for people, one in found.items()}
    return {
        "meetings": told["meetings"],
        "honest": tickets,
        "honest_suspected": told["wrong"],
        "copied": copied,
        **recall,
    }


def _month(people: list[Person], start: datetime, rules: CopyRules, draw: random.Random) -> tuple[bool, int]:
    """Whether the ticket looked copied on any day, as each day is looked at alone; and how many meetings there were."""
    is_suspect, count = False, 0
    for day in range(DAYS):
        met = [one for person in people for one in person.day(day, start, draw)]
        count += len(met)
        is_suspect = is_suspect or (len(met) > 1 and suspicion(met, rules) is not None)
    return is_suspect, count


def _away(origin: Point, kilometres: float, draw: random.Random) -> Point:
    turn = draw.uniform(0, math.tau)
    return origin[0] + kilometres * math.sin(turn), origin[1] + kilometres * math.cos(turn)


def _cell(north: float, east: float) -> Point:
    """As the scanner page makes it: degrees, rounded down to 0.1."""
    latitude = SOUTH + north / KM_A_DEGREE
    longitude = WEST + east / (KM_A_DEGREE * math.cos(math.radians(latitude)))
    steps = round(1 / CELL_DEGREES)
    return math.floor(latitude * steps) / steps, math.floor(longitude * steps) / steps
