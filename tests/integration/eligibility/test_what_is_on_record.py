"""What decides about money and ways is on record: changed, put in or taken away behind the service's back, it is found."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from eligibility.domain.desk import Delivery, Proposal, Question
from eligibility.domain.ids import ApplicationId, ProposalId, QuestionId
from eligibility.store import Store
from eligibility.store.places.importer import PlaceImporter
from eligibility.store.places.tables import DOOR, HAZARD
from eligibility.store.rule_sets.tables import RULE_SET
from eligibility.store.tables import DECISION, DELIVERY, ENTRANCE, NOTICE, PROPOSAL, QUESTION
from geography.model import Entrance, Point
from geography.model.hazard_list import Hazard
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.database import Database
from support.databases import administrator_of, on_both
from support.eligibility import small_place
from support.eligibility.world import World
from support.record import faults

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LINE = ((6.1, 50.7), (6.2, 50.8))


async def live(world: World) -> None:
    """A decision with its notice and delivery, a question that was answered, a proposal, a rule set; places."""
    event = small_place.submitted()
    await world.hear(event)
    case, decision = world.case_of(event.application_id), world.decision_of(event.application_id)
    assert decision is not None and decision.own_share_cents is not None
    question = Question(QuestionId(uuid4()), case.id, NOW, "anna", "Klasse?", "Form?", date(2026, 12, 1), None, "")
    house = small_place.ADDRESSES[0]

    def first(store: Store) -> None:
        notice = store.notice_of(decision.id)
        assert notice is not None
        store.note_delivery(notice, Delivery("post", date(2026, 11, 24), NOW, "anna"))
        store.ask(question)
        store.propose(
            Proposal(
                ProposalId(uuid4()), case.id, "anna", NOW, {"outcome": "granted", "reason": "r", "legal_basis": "b"}
            )
        )
        for number in (1, 2):
            ways = Hazard(f"hazard-{number}", "stretch", LINE, (), "Kein Gehweg", (), "", date(2026, 11, 1), "k")
            store.add_hazard("12345", ways, "anna", NOW)
        store.draw_entrances("100001", [Entrance(Point(50.7, 6.1), "set_by_person", "Tor")], authority_id="12345",
                             by="anna", now=NOW)  # fmt: skip
        store.set_door("12345", house, "Hinterhaus", by="anna", now=NOW)

    def then(store: Store) -> None:
        store.answer(case.id, question.id, "Siebte", NOW + timedelta(days=1))
        store.close_proposals(case.id, "dropped", "bert", NOW)
        store.end_hazard("12345", "hazard-2", "anna", NOW)
        store.set_door("12345", house, "Vorderhaus", by="bert", now=NOW)

    for step in (first, then):
        world.database.write_now(step)
    PlaceImporter(world.database).replace_entrances(
        [("100002", Entrance(Point(50.0, 6.0), "openstreetmap", "Tor"))], "openstreetmap"
    )
    world.publish({})


Tamper = Callable[[Store], None]


def run(*statements: sa.UpdateBase) -> Tamper:
    def step(store: Store) -> None:
        for each in statements:
            assert store.run(each) > 0, "nothing was tampered with"

    return step


def put_in(table: sa.Table, **other: object) -> Tamper:
    def step(store: Store) -> None:
        row = store.rows(sa.select(table).limit(1))[0]
        store.run(table.insert(), {**row, **other})

    return step


TAMPERINGS: dict[str, tuple[Tamper, str]] = {
    "an outcome": (run(DECISION.update().values(outcome="refused")), "decision"),
    "an own share": (run(DECISION.update().values(own_share_cents=0)), "decision"),
    "who has released": (run(DECISION.update().values(released_by="x")), "decision"),
    "until when it counts": (run(DECISION.update().values(valid_until=date(2030, 7, 31))), "decision"),
    "an end": (run(DECISION.update().values(withdrawn_at=NOW)), "decision"),
    "a distance": (run(DECISION.update().values(distance_m=3501.5)), "decision"),
    "a decision put in": (put_in(DECISION, id=str(uuid4()), round=9), "is not on record"),
    "what a notice says": (run(NOTICE.update().values(content="{}")), "notice"),
    "the day of a delivery": (run(DELIVERY.update().values(day=date(2020, 1, 1))), "delivery"),
    "that a letter came back": (run(DELIVERY.update().values(failed_at=NOW)), "delivery"),
    "a delivery put in": (put_in(DELIVERY, id="x", channel="portal"), "is not on record"),
    "a delivery taken away": (run(DELIVERY.delete()), "is missing"),
    "a question": (run(QUESTION.update().values(text="Wohnung?")), "question"),
    "an answer": (run(QUESTION.update().values(answer="Achte")), "question"),
    "a question's day": (run(QUESTION.update().values(due=date(2020, 1, 1))), "question"),
    "a question taken away": (run(QUESTION.delete()), "is missing"),
    "who proposed": (run(PROPOSAL.update().values(proposed_by="bert")), "proposal"),
    "a proposal put in": (put_in(PROPOSAL, id=str(uuid4())), "proposal"),
    "rules in force": (run(RULE_SET.update().values(content="{}")), "rule set"),
    "a hazard's line": (run(HAZARD.update().values(line="[]")), "hazard"),
    "a hazard that ended goes on": (run(HAZARD.update().values(ended_at=None)), "hazard"),
    "a hazard taken away": (run(HAZARD.delete()), "is missing"),
    "a hazard put in": (put_in(HAZARD, id="hazard-9"), "is not on record"),
    "a door": (run(DOOR.update().values(lat=50.71)), "door"),
    "a door taken away": (run(DOOR.delete()), "is missing"),
    "an entrance": (run(ENTRANCE.update().where(ENTRANCE.c.school_number == "100001").values(lat=51.0)), "entrance"),
    "an imported entrance": (
        run(ENTRANCE.update().where(ENTRANCE.c.school_number == "100002").values(lat=51.0)),
        "entrance",
    ),
    "an entrance put in": (put_in(ENTRANCE, id=str(uuid4())), "entrance"),
    "all entrances taken away": (run(ENTRANCE.delete()), "is missing"),
    "who set a hazard": (run(ACT.update().where(ACT.c.act == "hazard set").values(by="x")), "was changed"),
    "details of an act": (run(CONTENT.update().values(content="{}")), "was changed"),
    "the head of a chain": (run(HEAD.delete()), "its head was taken away"),
}


@on_both("world")
async def test_whatever_is_tampered_with_in_the_tables_is_found(world: World) -> None:
    await live(world)
    assert faults(world.database) == []
    missed = []
    past_the_service: Database[Store] = Database(
        administrator_of(world.database.url), Store
    )  # its own role may change no act
    for name, (tamper, fault) in TAMPERINGS.items():
        found: list[str] = []

        def step(store: Store, tamper: Tamper = tamper, found: list[str] = found) -> None:
            tamper(store)
            report = store.verify_audit(None, None)
            found += [str(each.fault) for each in report.chains if each.fault] + report.faults
            raise _NotForGood

        with pytest.raises(_NotForGood):
            past_the_service.write_now(step)
        if not any(fault in each for each in found):
            missed.append((name, found))
    past_the_service.close()
    assert missed == [] and faults(world.database) == []


@on_both("world")
async def test_what_goes_with_a_family_is_not_missed(world: World) -> None:
    await live(world)
    event = small_place.submitted()
    await world.hear(event)
    case = world.case_of(event.application_id)
    world.database.write_now(lambda store: store.erase(ApplicationId(event.application_id)))
    assert faults(world.database) == []
    chosen = sa.select(CONTENT).where(CONTENT.c.about == str(case.id))
    assert not world.database.read_now(lambda store: store.rows(chosen)), "salts and details went with it"


class _NotForGood(Exception):
    """Taken back, for the next one."""
