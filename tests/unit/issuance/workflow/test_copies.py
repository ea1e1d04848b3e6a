"""When a ticket that was seen in several places was copied: a matter of places, minutes and scanners alone."""

import random
from datetime import timedelta

import pytest
from issuance.workflow.inspection.copies import CELL_DEGREES, CopyRules, Meeting, suspicion
from support.issuance.scan_log_house import NOW


@pytest.mark.parametrize(
    ("other", "minutes", "reason"),
    [
        ((51.2, 6.8), 0, None),  # the next cell may be across the street
        ((51.3, 6.8), 0, None),
        ((51.5, 7.4), 60, None),  # Düsseldorf to Dortmund by train
        ((51.5, 7.4), 15, "too_fast"),
        ((51.2, 9.4), 45, "too_fast"),
        (None, 0, None),
    ],
)
def test_only_a_speed_that_nobody_reaches_is_too_fast(
    other: tuple[float, float] | None, minutes: int, reason: str | None
) -> None:
    meetings = [Meeting("a", NOW, (51.2, 6.7)), Meeting("b", NOW + timedelta(minutes=minutes), other)]
    assert suspicion(meetings, CopyRules()) == reason


def test_a_scanner_with_a_wrong_position_makes_no_ticket_suspect_by_itself() -> None:
    jumps = [Meeting("a", NOW, (51.2, 6.7)), Meeting("a", NOW + timedelta(minutes=1), (0.0, 0.0))]
    assert suspicion(jumps, CopyRules()) is None
    assert suspicion([*jumps, Meeting("b", NOW, (51.5, 7.4))], CopyRules()) == "too_fast"


def test_honest_days_are_hardly_ever_suspected_and_shared_tickets_mostly_are() -> None:
    """Children who ride to and fro in their town, and tickets that two children far apart share."""
    draw, rules = random.Random(5), CopyRules()

    def day(places: list[tuple[float, float]], most: int) -> list[Meeting]:
        return [
            Meeting(f"{place}-{draw.randrange(3)}", NOW + timedelta(minutes=draw.randrange(600)), place)
            for place in places
            for _ in range(draw.randint(1, most))
        ]

    home = [(51.0 + draw.randrange(6) / 10, 6.5 + draw.randrange(9) / 10) for _ in range(20_000)]
    honest = [day([place, (place[0] + CELL_DEGREES, place[1])][: draw.randint(1, 2)], 1) for place in home]
    assert sum(suspicion(one, rules) is not None for one in honest) <= len(honest) * 0.0005
    shared = [day([place, (place[0] + 1.5, place[1] + 1.0)], 4) for place in home[:2000]]
    found = sum(suspicion(one, rules) is not None for one in shared) / len(shared)
    assert found > 0.6, found
