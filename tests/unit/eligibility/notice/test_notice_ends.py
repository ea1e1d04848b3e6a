"""What a notice says of the end of a grant is true of this grant, on this day, of this hearing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from eligibility.domain.decision import Decision
from eligibility.domain.ending import GrantEnd
from eligibility.domain.ids import CaseId, DecisionId
from eligibility.domain.terms import Terms
from eligibility.notice import ends
from eligibility.notice.ends import CONDITION, REVOKED, REVOKED_REFUSAL, WITHDRAWN
from support.making import make

DAY, LATER, EARLIER = date(2026, 11, 29), date(2026, 12, 15), date(2026, 11, 1)
HEARD = GrantEnd(DecisionId(uuid4()), ("ends",), LATER, heard_on=DAY, heard_until=date(2026, 12, 12), answered_on=DAY)
DOOR, ELSEWHERE, BESIDE = [8.75, 51.71], [8.76, 51.72], [8.75004, 51.71003]


def way(metres: float, door: list[float] | None = None, **more: object) -> dict[str, object]:
    made = {
        "school_number": "100001",
        "metres": metres,
        "network": {"graph": {"sha256": "a"}},
        "entrance": {"lat": 51.8},
    }
    return {"attended": made | {"geometry": {"type": "LineString", "coordinates": [door or DOOR, [8.8, 51.8]]}} | more}


def decision(**changes: object) -> Decision:
    values: dict[str, object] = {
        "id": DecisionId(uuid4()), "case_id": CaseId(uuid4()), "authority_id": "12345", "outcome": "granted",
        "valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31), "own_share_cents": 1400, "covered_cents": None,
        "distance_m": 4000.0, "limit_m": 2000, "reasons": (), "rules_version": "1", "facts": {}, "routes": way(4000.0),
        "decided_by": "rules", "prepared_at": datetime(2026, 11, 29, 9, tzinfo=UTC), "because": "facts_changed",
        "terms": Terms(),
    }  # fmt: skip
    return make(Decision, **values | changes)


def test_the_day_of_the_answer_is_no_term() -> None:
    said = ends.text_of_hearing("administrative_act", HEARD)
    assert said == (
        "Sie hatten bis zum 12.12.2026 Gelegenheit, sich dazu zu äußern (§ 28 Abs. 1 VwVfG NRW). Sie haben sich am "
        "29.11.2026 geäußert."
    )
    silent = replace(HEARD, heard_on=date(2026, 12, 12), answered_on=None)
    assert "12.12.2026" in ends.text_of_hearing("letter", silent) and "geäußert" not in ends.text_of_hearing(
        "letter", silent
    )


def test_what_was_kept_with_one_day_is_said_as_it_was() -> None:
    before = GrantEnd(DecisionId(uuid4()), ("ends",), LATER, heard_on=DAY)
    assert ends.text_of_hearing("letter", before) == "Sie hatten bis zum 29.11.2026 Gelegenheit, sich dazu zu äußern."


@pytest.mark.parametrize("last", [LATER, EARLIER])
@pytest.mark.parametrize("ticket", [True, False])
def test_a_ticket_is_spoken_of_only_where_there_is_one_and_a_day_to_come_only_where_it_comes(
    last: date, *, ticket: bool
) -> None:
    end = replace(HEARD, last_day=last, with_ticket=ticket)
    german = ends.plain(end, DAY, who="Ana kann", whose="die Fahrten von Ana") + ends.goes_on_until(end, DAY)
    english = ends.english(end, DAY, "Ana")
    assert ("Ticket" in german) == ticket
    assert ("kann das Ticket bis" in german) == (ticket and last == LATER)
    assert ("ticket" in english) == (ticket and last == LATER)
    assert ("ends on" in english) == (last == LATER) and ("ended on" in english) == (last == EARLIER)
    assert ("gilt die Bewilligung weiter" in german) == (last == LATER)


@pytest.mark.parametrize(
    ("changes", "provision"),
    [
        ({"routes": way(900.0)}, CONDITION),  # another length by the same map, from about the same door
        ({"routes": way(900.0, ELSEWHERE)}, CONDITION),
        ({"routes": way(4000.0, ELSEWHERE, network={"graph": {"sha256": "b"}})}, CONDITION),
        ({"routes": way(4000.0, school_number="100002")}, CONDITION),
        ({"facts": {"leaves_on": "2026-12-31"}}, CONDITION),
        ({"facts": {"course": {"kind": "vocational"}}}, CONDITION),
        ({"routes": way(3990.0, network={"graph": {"sha256": "b"}})}, REVOKED),  # a newer map
        ({"routes": way(3990.0, BESIDE, network={"graph": {"sha256": "b"}})}, REVOKED),
        ({"routes": way(3990.0, entrance={"lat": 51.8001})}, REVOKED),  # an entrance that a person confirmed
        ({"facts": {"health": None}}, REVOKED),
        ({"because": "decided_anew", "routes": way(900.0, ELSEWHERE)}, WITHDRAWN),
    ],
)
def test_the_resolving_condition_is_cited_for_a_move_and_a_change_of_school_alone(
    changes: dict[str, object], provision: str
) -> None:
    assert ends.provision(decision(**changes), decision()) == provision


def test_a_refusal_is_revoked_freely() -> None:
    assert ends.provision(decision(), decision(outcome="refused")) == REVOKED_REFUSAL
