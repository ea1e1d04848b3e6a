"""The same store on PostgreSQL: an application decided, released by hand, withdrawn; imports, look-ups and printing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import uuid4

from eligibility import presets
from eligibility.domain.case import Case
from eligibility.domain.ids import ApplicationId, CaseId, DecisionId
from eligibility.domain.kept_routes import KnownDanger
from eligibility.domain.keys import Key, Keys
from eligibility.domain.terms import Offer, Terms
from eligibility.domain.ticket import KnownTicket, RightMark, TicketRequest
from eligibility.store import Store, StoredRecords
from eligibility.workflow import CaseDesk, CaseFilter, Decide, MeasuredRoutes, PersonsDecision
from eligibility.workflow.decision.duplicates import mark_again
from shared.database import Database
from shared.identity import Caller
from support.databases import make_tables
from support.eligibility import small_place as make
from support.eligibility.one_child import SPELLINGS, one_child
from support.eligibility.small_place import NOW
from support.eligibility.world import KEYS, World, fill

ROTATED = Keys(Key(b"the key of the year after, for tests."), (KEYS.newest,))


async def test_the_whole_way_of_an_application(postgresql: Callable[[], str], world: World) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    for _ in range(2):
        fill(database)
    records = StoredRecords(database, presets.preset)
    decide = Decide(records, world.measurer, world.environment)
    desk = CaseDesk(database, records, world.environment)
    caller = Caller("anna", "12345", frozenset({"case_worker"}))

    granted = make.submitted()
    await database.write(await decide.submitted(granted))
    world.measurer.answer = MeasuredRoutes(make.measurement(1500.0))
    refused = make.submitted()
    await database.write(await decide.submitted(refused))
    page = await desk.page(caller, CaseFilter(), limit=10, offset=0)
    assert {case.state for case, _ in page.cases} == {"granted", "prepared"}
    waiting = await desk.page(caller, CaseFilter(("prepared",)), limit=10, offset=0)
    await desk.release(caller, waiting.cases[0][0].id)
    case, decision = await desk.show(caller, waiting.cases[0][0].id)
    assert case.state == "refused"
    assert decision is not None
    assert (decision.distance_m, decision.released_by) == (1500.0, "anna")
    due = database.read_now(lambda store: store.notices_to_print(10, world.environment.now()))
    assert len(due) == 2
    database.write_now(lambda store: store.set_pdf(due[0].token, b"%PDF-"))
    assert database.read_now(lambda store: store.notices_to_print(10, world.environment.now())) == [due[1]]
    an_offer_and_a_danger_are_kept(database, case)
    database.close()


def an_offer_and_a_danger_are_kept(database: Database[Store], case: Case) -> None:
    """Beside a case that has neither."""
    kept, found = database.read_now(lambda store: (store.decisions_of(case.id), store.case(case.id)))
    assert kept[0].terms.offer is None
    terms = Terms(product="dt", transport="car", own_share_changes=((date(2027, 1, 1), 700),), offer=OFFER)
    danger: KnownDanger = {
        "key": "b64", "stretch": "B 64", "source": "Verkehrsschau", "valid_from": "2026-01-01", "valid_until": None,
        "on_way": None, "names_the_place": False,
    }  # fmt: skip
    asked = replace(
        case, state="prepared", id=CaseId(uuid4()), application_id=ApplicationId(uuid4()), dangers=(danger,)
    )
    again = replace(kept[0], id=DecisionId(uuid4()), case_id=asked.id, terms=terms, released_at=None)

    def add(store: Store) -> None:
        store.add_case(asked)
        store.add_decision(again)

    database.write_now(add)
    stored, prepared = database.read_now(lambda store: (store.decision_of(asked.id), store.case(asked.id)))
    assert stored is not None and prepared is not None and found is not None
    assert stored.terms == terms
    assert prepared.dangers == (danger,)
    assert found.dangers == ()


SUSPENDED: tuple[Literal["suspended"]] = ("suspended",)
REVOKED: tuple[Literal["revoked"]] = ("revoked",)
OFFER = Offer("dt", "Deutschlandticket Schule", ((date(2026, 8, 1), 3800),), date(2027, 7, 31), source="Beschluss")


def test_tickets_marks_and_requests_are_kept_and_erased_there_too(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    application_id, now = ApplicationId(uuid4()), NOW
    place = application_id, "12345", 4_294_967_295, 32838
    ticket = KnownTicket(uuid4(), *place, "issued", "", now, now, now, 1)
    mark = RightMark(application_id, "revoked", "fraud", now)
    asked = TicketRequest(uuid4(), application_id, 4_294_967_295, 32838, "revoke", "Missbrauch", "anna", now)

    def keep(store: Store) -> list[datetime | None]:
        store.keep_ticket_request(asked)
        store.answer_ticket_request(asked.request_id, "done", "", now)
        store.answer_ticket_request(asked.request_id, "refused", "revoked", now)
        for _ in range(2):
            store.mark_right(mark, "7a" * 32)
        return [store.keep_ticket(replace(ticket, step=step, state=state)) for step, state in STEPS]

    assert database.write_now(keep) == [now, now, None, None]
    assert database.read_now(lambda store: store.tickets_of(application_id))[0].state == "suspended"
    (kept,) = database.read_now(lambda store: store.ticket_requests_of(application_id))
    assert (kept.state, kept.number) == ("done", 4_294_967_295)
    marks_stand_until_they_are_settled(database, application_id, mark)
    assert database.write_now(lambda store: store.erase(application_id)) == 3
    database.close()


def marks_stand_until_they_are_settled(
    database: Database[Store], application_id: ApplicationId, mark: RightMark
) -> None:
    """By a decision that was told, or once the mark was shown; a late one does not come back."""
    other, now = ApplicationId(uuid4()), NOW
    assert database.read_now(lambda store: store.marks_against(other, ())) == []
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == [mark]
    assert database.read_now(lambda store: store.marks_against(other, ("7a" * 32,))) == [mark]
    database.write_now(lambda store: store.settle_marks(other, ("7a" * 32,), SUSPENDED, now))
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == [mark]
    database.write_now(lambda store: store.settle_marks(other, ("7a" * 32,), REVOKED, now))
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == []
    database.write_now(lambda store: store.mark_right(mark, "7a" * 32))  # heard late
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == []
    newer = replace(mark, at=now + timedelta(days=1))
    database.write_now(lambda store: store.mark_right(newer, "7a" * 32))
    database.write_now(lambda store: store.mark_right(mark, "7a" * 32))
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == [newer]
    database.write_now(lambda store: store.settle_shown([mark], newer.at))  # of this one nobody was told
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == [newer]
    database.write_now(lambda store: store.settle_shown([newer], now))
    assert database.read_now(lambda store: store.marks_against(application_id, ())) == []


async def test_a_right_that_was_taken_away_is_found_under_another_spelling(
    postgresql: Callable[[], str], world: World
) -> None:
    url = postgresql()
    make_tables(url, "eligibility")
    database: Database[Store] = Database(url, Store)
    fill(database)
    records = StoredRecords(database, presets.preset)
    decide, desk = Decide(records, world.measurer, world.environment), CaseDesk(database, records, world.environment)
    first, second = one_child(), one_child(SPELLINGS[2])
    await database.write(await decide.submitted(first))
    mark = RightMark(ApplicationId(first.application_id), "revoked", "fraud", NOW)
    database.write_now(lambda store: store.mark_right(mark, None))
    await database.write(await decide.submitted(second))
    case = database.read_now(lambda store: store.case_of(ApplicationId(second.application_id)))
    assert case is not None and [each["rule"] for each in case.reasons[:2]] == ["earlier_right", "duplicate"]
    caller = Caller("anna", "12345", frozenset({"case_worker", "releaser"}))
    await desk.decide(caller, case.id, PersonsDecision("granted", "Geprüft.", "§ 24 VwVfG NRW"))
    one, other = (ApplicationId(each.application_id) for each in (first, second))
    told = database.read_now(lambda store: (store.child_told(one), store.child_told(other)))
    assert told[0] == told[1] is not None
    assert database.read_now(lambda store: set(store.told_with(told[0] or ""))) == {one, other}
    assert database.read_now(lambda store: store.marks_against(one, ())) == []
    database.write_now(lambda store: mark_again(store, ROTATED, None, 10))
    assert database.read_now(lambda store: (store.child_told(one), store.child_told(other))) == told
    database.close()


STEPS = ((1, "issued"), (3, "suspended"), (2, "issued"), (3, "issued"))
