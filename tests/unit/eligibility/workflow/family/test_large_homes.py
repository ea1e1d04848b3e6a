"""Families of one large home, such as a refugees' one: each child's siblings are found in a moment."""

from datetime import UTC, datetime
from random import Random
from time import process_time
from uuid import uuid4

from eligibility.domain.case import Case
from eligibility.domain.family import Member, Ties
from eligibility.domain.ids import ApplicationId, CaseId
from eligibility.domain.kept_facts import KeptSibling
from eligibility.workflow.family.relations import Relations, links


def family(number: int, random: Random) -> list[Member]:
    """Three children who name each other; of half of the births only the year is known."""
    births = []
    for _ in range(3):
        year, partly = random.randrange(2008, 2020), random.random() < 0.5
        births.append(f"{year}-00-00" if partly else f"{year}-{random.randrange(1, 13):02d}-01")
    ties = Ties(str(uuid4()), "home")
    names = ("Amira", "Karim", "Olga")
    return [Member(case(name, f"Familie {number}", place, births), (), ties) for place, name in enumerate(names)]


def case(first_name: str, last_name: str, place: int, births: list[str]) -> Case:
    others: list[KeptSibling] = [
        {"birth_date": each, "funded": True} for number, each in enumerate(births) if number != place
    ]
    return Case(
        id=CaseId(uuid4()),
        application_id=ApplicationId(uuid4()),
        authority_id="12345",
        state="granted",
        school_number="1",
        school_year="2026/27",
        opened_at=datetime(2026, 10, 1, tzinfo=UTC),
        submission={
            "child": {"first_name": first_name, "last_name": last_name}, "birth_date": births[place]
        },
        reasons=(),
        facts={"pupil": {"birth_date": births[place]}, "siblings": others},
        routes={},
    )  # fmt: skip


def test_among_120_children_of_one_home_everybodys_siblings_are_found_within_a_second() -> None:
    random = Random(1)
    members = [each for number in range(40) for each in family(number, random)]
    begins = process_time()
    relations = Relations(members)
    found = {each.case.id: relations.links(each) for each in members}
    assert process_time() - begins < 2, "mostly a quarter of a second; it was ten"
    for place, me in enumerate(members):
        own = {each.case.id for each in members[place // 3 * 3 : place // 3 * 3 + 3]} - {me.case.id}
        certain = {each.case.id for each, how in found[me.case.id] if how == "certain"}
        assert certain <= own and (certain or len(own) < 2)
    assert links(members[7], members) == found[members[7].case.id]
