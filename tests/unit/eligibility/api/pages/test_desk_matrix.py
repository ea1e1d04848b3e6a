"""Every state of a case × who looks × who has it × what is proposed: each button that is shown can be done, and what
cannot be done is not shown."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest
from eligibility.api.pages.acts import _acts
from eligibility.api.pages.pages import Form, Visit
from eligibility.domain.case import Case
from eligibility.domain.desk import Proposal, ProposedDecision
from eligibility.domain.ids import ApplicationId, CaseId, MessageId, ProposalId
from eligibility.domain.message import Message
from eligibility.store import Store
from eligibility.workflow import CaseFile, MeasuredRoutes, PersonsDecision
from eligibility.workflow.access import READERS
from shared.errors import Problem
from shared.events import ApplicationSubmitted, ApplicationWithdrawn, Circumstances, HomeAddress
from shared.identity import Caller
from support.eligibility import small_place as make
from support.eligibility.desk import PEOPLE, Desk
from support.eligibility.tickets import NUMBER, Signer
from support.eligibility.world import World
from support.pages import well_made

ELSEWHERE = HomeAddress(street="Kirchstraße", house_number="5a", postal_code="33100", city="Eschenborn")
TOLD = Circumstances(lives_in_nrw=True, benefits=("SGB XII",))
WHY = "Sonst könnte die Frist nicht eingehalten werden."
REASON = "Nachgemessen, der Weg ist sicher."
STATES = ("review", "prepared", "prepared refusal", "prepared end", "granted", "ends later", "refused")
HANDS = ((None, None), ("anna", None), ("carl", "anna"), (None, "carl"))
"""Who has taken the case, and who has proposed another decision."""
SEEN_BY = ("anna", "bert", "ada")
DECIDED = {"outcome": "refused", "reason": REASON, "legal_basis": "§ 5 SchfkVO", "ends_on": "2026-10-01",
           "hearing_exception": "2", "hearing_why": WHY}  # fmt: skip
TYPED: dict[str, dict[str, str]] = {
    "decide": {**DECIDED, "outcome": "granted", "own_share_cents": "14,00"},
    "propose": DECIDED,
    "release": {"ends_on": "2026-10-01", "hearing_exception": "2", "hearing_why": WHY},
    "ask": {"text": "Bitte senden Sie das Attest.", "due": "2026-06-10", "hearing": "yes"},
    "prove": {"benefits": "SGB XII"},
    "deliver": {"channel": "post", "day": "2026-05-20"},
}
BEFORE_ANYTHING_WAITS = frozenset({("take", "granted"), ("take", "refused")})
"""What could be done and is not offered: there is nothing to do."""


class Undone(Exception):
    """The step went through, and is taken back."""


async def reach(world: World, state: str) -> ApplicationSubmitted:
    """The event of an application whose case is in this state."""
    world.set_authority(release_by_person="everything" if "prepared" in state else "nothing")
    near, far = MeasuredRoutes(make.measurement(225.25)), MeasuredRoutes(make.measurement(2500.0))
    world.measurer.answer = near if "refus" in state else far
    if state == "review":
        world.measurer.answer = MeasuredRoutes(make.measurement(2010.0, lenient_m=1990.0, strict_m=2040.5))
    if state == "prepared end":
        world.set_authority(release_by_person="nothing")
    await world.hear(event := make.submitted(circumstances=TOLD))
    if state in ("prepared end", "ends later"):
        world.measurer.answer = near
        await world.hear(make.changed(event, home=ELSEWHERE, changed_from=date(2026, 11, 2)))
    if state == "ends later":
        case = world.case_of(event.application_id)
        caller = Caller("bert", "12345", frozenset({"releaser"}))
        ending = PersonsDecision("refused", REASON, "", ends_on=date(2026, 11, 1), hearing_exception="3").ending
        await world.desk.release(caller, case.id, ending)
    return event


def put(world: World, case: Case, assigned: str | None, proposer: str | None) -> None:
    now = world.clock[0]
    message = Message(MessageId(uuid4()), case.application_id, "12345", now, "Hallo", None, False, now.date())
    whole = asdict(PersonsDecision("refused", REASON, "§ 5", ends_on=date(2026, 10, 1), hearing_exception="2",
                                   hearing_why=WHY))  # fmt: skip
    content = cast("ProposedDecision", whole | {"ends_on": "2026-10-01"})

    def step(store: Store) -> None:
        store.add_message(message)
        store.assign(case.id, assigned, now)
        if proposer is not None:
            store.propose(Proposal(ProposalId(uuid4()), case.id, proposer, now, content))

    world.database.write_now(step)


def caller_of(who: str) -> Caller:
    roles, authority = PEOPLE[who]
    return Caller(who, authority, frozenset(roles), name=who.title())


Possible = Callable[[str, str, CaseId, dict[str, str]], Awaitable[bool]]


@pytest.fixture
def possible(world: World, monkeypatch: pytest.MonkeyPatch) -> Possible:
    """Whether an act goes through: it is done, and taken back."""
    write = type(world.database).write

    async def tried(step: Callable[[Store], object], *, wake: bool = True) -> object:
        def undone(store: Store) -> None:
            step(store)
            raise Undone

        return await write(world.database, undone, wake=wake)

    async def one(act: str, who: str, case_id: CaseId, fields: dict[str, str]) -> bool:
        visit = cast(Visit, SimpleNamespace(caller=caller_of(who), language="de"))
        with monkeypatch.context() as patched:
            patched.setattr(world.database, "write", tried)
            try:
                await _acts(world.workflow)[act].do(visit, case_id, Form([*fields.items()]))
            except Undone:
                return True
            except Problem:
                return False
        raise AssertionError(f"{act} has written nothing")

    return one


def fields_of(act: str, file: CaseFile) -> dict[str, str]:
    fields = dict(TYPED.get(act, {}))
    if act == "ask" and file.case.state != "granted":
        fields.pop("hearing")
    if act == "deliver" and file.notices:
        fields["decision"] = str(file.notices[-1].decision.id)
    if act == "read":
        unread = [each for each in file.messages if each.read_at is None]
        fields["message"] = str(unread[0].id) if unread else str(uuid4())
    return fields


def acts_shown(page: str, case_id: UUID) -> set[str]:
    return set(re.findall(rf'action="[^"]*/cases/{case_id}/([a-z-]+)"', page)) - {"ticket"}


COMBINATIONS = [*((state, False) for state in STATES), *((state, True) for state in ("review", "prepared", "granted"))]


@pytest.mark.parametrize(("state", "withdrawn"), COMBINATIONS)
async def test_each_button_that_is_shown_can_be_done_and_what_cannot_is_not_shown(
    desk: Desk, world: World, possible: Possible, state: str, withdrawn: bool
) -> None:
    people = {who: desk.another() for who in SEEN_BY}
    for who, browser in people.items():
        await browser.sign_in(who)
    for assigned, proposer in HANDS:
        event = await reach(world, state)
        case = world.case_of(event.application_id)
        put(world, case, assigned, proposer)
        if withdrawn:
            told = {"occurred_at": world.clock[0], "authority_id": "12345", "withdrawal_id": uuid4()}
            await world.hear(ApplicationWithdrawn(application_id=ApplicationId(event.application_id), **told))
            left = cast("ProposedDecision", DECIDED)
            if proposer == "carl":  # as one was left behind before withdrawals closed them
                world.database.write_now(lambda store: store.propose(
                    Proposal(ProposalId(uuid4()), case.id, "carl", world.clock[0], left)))  # noqa: B023  # fmt: skip
        for who, browser in people.items():
            if not caller_of(who).counting.intersection(READERS):
                continue
            if who != "anna" and proposer == "anna":
                continue  # the others look where it differs for them
            page = (await browser.get(f"/desk/cases/{case.id}")).text
            well_made(page)
            shown = acts_shown(page, case.id)
            file = await world.desk.file(caller_of(who), case.id)
            can = {act for act in _acts(world.workflow) if act != "ticket"
                   and await possible(act, who, case.id, fields_of(act, file))}  # fmt: skip
            hidden = {act for act, of in BEFORE_ANYTHING_WAITS if of == file.case.state}
            hidden |= {"take"} if assigned is not None else set()
            hidden |= {"drop"} if withdrawn else set()
            where = (state, withdrawn, who, assigned, proposer)
            assert shown <= can, (where, "shown and cannot be done", shown - can)
            assert can - hidden <= shown, (where, "can be done and is not shown", can - hidden - shown)
            if withdrawn:
                assert "Vorbereitete Entscheidung" not in page and 'id="proposal"' not in page, where
                assert ", vorbereitet" not in page.replace("(beendet)", "") or "(beendet)" in page, where


@pytest.mark.parametrize("state", ["issued", "suspended", "revoked", "expired"])
@pytest.mark.parametrize("days", [0, 500])
async def test_of_a_ticket_only_what_can_be_asked_now_is_offered(
    desk: Desk, world: World, possible: Possible, state: str, days: int
) -> None:
    event = await reach(world, "granted")
    signer = Signer(world, event)
    await signer.tells(state, reason="" if state in ("issued", "expired") else "fraud")
    case = world.case_of(event.application_id)
    world.clock[0] += timedelta(days=days)
    await desk.sign_in("anna")
    path = f"/desk/cases/{case.id}"
    for _ in range(7):  # until all that can be asked has been
        page = (await desk.get(path)).text
        well_made(page)
        shown = set(re.findall(r'name="change" value="([a-z]+)"', page))
        can = set()
        for change, fraud in product(("suspend", "restore", "replace", "revoke"), ("", "yes")):
            fields = {"number": str(NUMBER), "change": change, "reason": "Aus gutem Grund", "fraud": fraud}
            if await possible("ticket", "anna", case.id, fields):
                can.add((change, fraud))
        assert shown == {change for change, _ in can}
        if not can:
            return
        change, fraud = sorted(can)[0]
        typed = {"number": str(NUMBER), "change": change, "reason": "Aus gutem Grund", "fraud": fraud}
        answer = await desk.send(page, f"{path}/ticket", **typed)
        assert answer.status_code == 303, answer.text
    raise AssertionError("it never ends")
