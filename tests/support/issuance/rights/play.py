"""Random sequences of all that happens to rights to ride, against a model of what must be true.

    .venv/bin/python tests/support/issuance/rights/play.py [--sequences 10000] [--seed 1] [--plant NAME]

Requests by two operators and an authority, decisions, own shares, withdrawals, new applications and school years; each
message is heard late, twice or out of order, the signer is away, killed before a commit, or has lost its module, and
what happens happens also while it signs. `--plant` puts a defect in (see plants), which must be found.
"""

import argparse
import asyncio
import contextlib
import logging
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import structlog
from issuance.consumer import signer_handlers
from issuance.domain.numbering import KEY_BYTES, NumberScheme
from issuance.domain.terms import Area, Terms
from issuance.domain.ticket import SignedTicket
from issuance.workflow.signer import workflow_on
from shared.calendar import day_in_berlin
from shared.errors import Unavailable
from shared.events import (
    ApplicationWithdrawn,
    EligibilityGranted,
    Event,
    RevocationRequested,
    TicketChangeRequested,
    TicketIssued,
    TicketRequestAnswered,
    TicketRestored,
    TicketRevoked,
    TicketStateChanged,
    TicketSuspended,
)
from shared.runtime.backlog import Backlog
from support.issuance.example import example_ticket, make_pki
from support.issuance.rights.families import AUTHORITY, Application, Family
from support.issuance.rights.memory import Memory, NoKeys
from support.issuance.rights.model import LIVE, SEEN, Broken, Model, Seen, must
from support.issuance.rights.plants import PLANTS

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
STEPS = 25
PARTIES = ("authority", "operator:1", "operator:2", None)
REASONS = ("fraud", "fees", "by_authority")


class Story:
    """One sequence of two families on one signer."""

    def __init__(self, seed: int, memory: Memory, codes: SignedTicket) -> None:
        self.drawn, self.memory, self.keys = random.Random(seed), memory, NoKeys(codes)
        self.now, self.model = START, Model()
        self.families = [Family(self.drawn, has_digest=self.drawn.random() < 0.8) for _ in range(2)]
        self.waiting: list[Event] = []
        self.said: list[Event] = []
        self.looked: object = None
        self.halves: tuple[object, set[UUID]] | None = None
        self.heard: list[Event] = []
        self.known: set[UUID] = set()
        self.stood: dict[UUID, str] = {}
        self.stood_for_passes: dict[UUID, str] = {}
        work = workflow_on(
            memory, self.keys, lambda: self.now, NumberScheme(self.drawn.randbytes(KEY_BYTES)), self._backlog
        )
        self.work, self.handlers = work, signer_handlers(work)

    def _backlog(self, worker: str) -> Backlog:
        return Backlog(worker, self.memory, lambda: self.now)

    async def run(self) -> None:
        for _ in range(STEPS):
            self.now += timedelta(minutes=1)
            await self.step()
        await self.rest()

    async def step(self) -> None:
        chance = self.drawn.random()
        if chance < 0.3:
            acts = self._family_acts()
            self.waiting += acts
            self.said += acts
        elif chance < 0.6:
            self.waiting += self._somebody_asks()
        elif chance < 0.7:
            self.keys.is_stolen = self.drawn.random() < 0.4
            await self.work.issuing.release_held()
        elif chance < 0.8:
            self.now += timedelta(days=self.drawn.choice([1, 1, 9, 40]))
            await self.works()
        await self.some_is_heard()
        if self.drawn.random() < 0.6:
            await self.works()

    def _family_acts(self) -> list[Event]:
        family = self.drawn.choice(self.families)
        knows = self.drawn.random() < 0.3
        return family.act(self.now, knows=knows)

    def _somebody_asks(self) -> list[Event]:
        """Of any ticket that was ever out: an old number too, as an inspector may have seen it."""
        numbers = [each.number for each in self.tickets() if each.state not in ("approved", "held", "dropped")]
        if not numbers:
            return []
        told: dict[str, object] = {
            "occurred_at": self.now, "authority_id": AUTHORITY, "request_id": UUID(int=self.drawn.getrandbits(128)),
            "number": self.drawn.choice(numbers), "organisation_id": 32838, "reason": self.drawn.choice(REASONS),
            "requested_by": "somebody", "party": self.drawn.choice(PARTIES),
        }  # fmt: skip
        if self.drawn.random() < 0.15:
            return [RevocationRequested(**{**told, "reason": self.drawn.choice(["lost", *REASONS])})]
        change = self.drawn.choice(["suspend", "suspend", "restore", "restore", "replace", "renew"])
        return [TicketChangeRequested(**told, change=change)]

    async def some_is_heard(self) -> None:
        """Mostly in order; one in five comes out of it, one in six comes again."""
        for _ in range(self.drawn.randrange(4)):
            if not self.waiting:
                return
            at = 0 if self.drawn.random() < 0.8 else self.drawn.randrange(len(self.waiting))
            await self.hear(self.waiting.pop(at))
            if self.heard and self.drawn.random() < 1 / 6:
                await self.hear(self.drawn.choice(self.heard[-8:]))

    async def hear(self, event: Event) -> None:
        """As the consumer does: again where the signer was killed."""
        self.memory.dies = self.drawn.random() < 0.05
        before = self.tickets()
        with contextlib.suppress(Unavailable):
            await self.memory.write(await self.handlers[type(event)](event))
            self.note(event, before)
            return
        await self.hear(event)

    def note(self, event: Event, before: Sequence[Seen]) -> None:
        self.memory.dies = False
        told, after, is_new = self.memory.told(), self.tickets(), event.event_id not in self.known
        self.known.add(event.event_id)
        if is_new:
            self._share(event, before, after)
        self.heard.append(event)
        match event:
            case EligibilityGranted() if is_new:
                self.model.granted(event)
            case ApplicationWithdrawn():
                self.model.withdrawn.add(event.application_id)
            case RevocationRequested() | TicketChangeRequested():
                answers = [each for each in told if isinstance(each, TicketRequestAnswered)]
                must(len(answers) == is_new, "a request is answered once")
                if answers:
                    self.model.asked(event, answers[0], before, after, self.now)
        self._see(told, after)

    def _share(self, event: Event, before: Sequence[Seen], after: Sequence[Seen]) -> None:
        """Both messages of another own share, one directly after the other, in whatever order: no ticket has died."""
        new = event.decision_id if isinstance(event, EligibilityGranted) else getattr(event, "followed_by", None)
        known, self.halves = self.halves, None
        if not any(new in family.shares for family in self.families):
            return
        if known is None or known[0] != new:
            self.halves = (new, _living(before))
        elif self._is_newest(event):
            must(known[1] <= _living(after), "another own share has cost a ticket")

    def _is_newest(self, event: Event) -> bool:
        """Of what was said of its application all before it was heard, and nothing after it and its other half."""
        of = getattr(event, "application_id", None)
        mine = [each.event_id for each in self.said if getattr(each, "application_id", None) == of]
        heard = [each in self.known for each in mine]
        return heard == sorted(heard, reverse=True) and mine.index(event.event_id) >= sum(heard) - 2

    async def works(self, *, is_safe: bool = False) -> None:
        """What the signer's workers do, with all that may come between, where it is not safe."""
        if not is_safe and self.waiting and self.drawn.random() < 0.3:
            event = self.waiting.pop(0)
            self.keys.meanwhile = lambda: asyncio.run(self.hear(event))
        self.memory.dies = not is_safe and self.drawn.random() < 0.05
        with contextlib.suppress(Unavailable):
            while await self.work.issuing.issue_due():
                pass
        self.memory.dies = False
        if self.keys.meanwhile is not None:
            happens, self.keys.meanwhile = self.keys.meanwhile, None
            await asyncio.to_thread(happens)
        await self.ends()
        self.halves = None
        self._see(self.memory.told(), self.tickets())

    async def ends(self) -> None:
        """What time ends, once a day."""
        if self.looked != self.now.date():
            self.looked = self.now.date()
            await self.work.ending.end_due()
            await self.work.renewing.expire()

    async def rest(self) -> None:
        """All is heard and the signer has worked: who may ride has one ticket, and all hearers know how it stands."""
        while self.waiting:
            await self.hear(self.waiting.pop(0))
        self.keys.is_stolen = False
        await self.work.issuing.release_held()
        await self.works(is_safe=True)
        tickets, today = self.tickets(), day_in_berlin(self.now)
        for family in self.families:
            for application in family.applications:
                mine = [each for each in tickets if each.application_id == application.id and each.state in SEEN]
                now = [each for each in mine if each.first <= today <= each.last]
                window = application.on(today)
                if window is None:
                    must(not now, "a ticket rides without a grant")
                elif application.id not in self.model.killed:
                    good = {each.decision_id for each in now}
                    must(
                        good == {window.decision_id} or self._has_another(family, application, tickets),
                        "who was granted has no ticket",
                    )
                must(len(now) < 2, "two tickets of one application")
        for each in tickets:
            if each.ticket_id in self.stood:
                must(self.stood[each.ticket_id] == each.state, "what was told last is not how a ticket stands")
                passes = self.stood_for_passes[each.ticket_id]
                must(each.state == "expired" or passes == each.state, "makers of passes were told something else")

    def _has_another(self, family: Family, application: Application, tickets: Sequence[Seen]) -> bool:
        """A ticket of the child's other application is good or suspended: this one waits. Whose child it is says what
        was told of any of them, also before a name was corrected."""
        mine = [each for each in tickets if each.application_id == application.id and each.state == "held"]
        others = {each.id for each in family.applications if each is not application}
        return family.has_digest and any(
            each.first <= one.last and one.first <= each.last
            for one in mine
            for each in tickets
            if each.application_id in others and each.state in SEEN
        )

    def _see(self, told: Sequence[Event], tickets: Sequence[Seen]) -> None:
        states = {TicketIssued: "issued", TicketRestored: "issued", TicketRevoked: "revoked"}
        for event in told:
            match event:
                case TicketIssued():
                    self.model.came_out(event.ticket_id, event.replaces, event.replaces_because)
                    self.stood_for_passes.setdefault(event.ticket_id, "issued")
                case TicketSuspended():
                    self.stood_for_passes[event.ticket_id] = "suspended"
                case TicketRestored() | TicketRevoked():
                    self.stood_for_passes[event.ticket_id] = states[type(event)]
                case TicketStateChanged():
                    self.stood[event.ticket_id] = event.state
        self.model.check(tickets, day_in_berlin(self.now))

    def tickets(self) -> list[Seen]:
        return self.memory.tickets_of([each.id for family in self.families for each in family.applications])


def _living(tickets: Sequence[Seen]) -> set[UUID]:
    return {each.ticket_id for each in tickets if each.state in LIVE}


async def play(seed: int, count: int) -> None:
    """Raises Broken, with the seed of the sequence."""
    codes = make_pki().signer.sign_ticket(example_ticket())
    memory = Memory()
    for at in range(count):
        if at % 100 == 0:
            memory = Memory()
            memory.write_now(lambda store: store.set_terms(AUTHORITY, Terms(32838, area=Area(5000, 11))))
        one = seed * 1_000_000 + at
        try:
            await Story(one, memory, codes).run()
        except Broken as broken:
            raise Broken(f"sequence {one}: {broken}") from broken


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--sequences", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--plant", choices=sorted(PLANTS), default=None)
    arguments = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with PLANTS[arguments.plant]() if arguments.plant else contextlib.nullcontext():
        try:
            asyncio.run(play(arguments.seed, arguments.sequences))
        except Broken as broken:
            print(broken)
            return 1
    print(f"{arguments.sequences} sequences: all is as it must be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
