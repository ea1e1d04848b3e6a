"""What must be true of rights to ride, whatever was asked, in whatever order it was heard. Written down a second time, in
few words, and sharing nothing with the signer: neither its tables of states nor of who lifts whose suspension."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from issuance.domain.request import NamedTicket, is_hopeless
from issuance.domain.ticket import revocation_code
from shared.events import EligibilityGranted, RevocationRequested, TicketChangeRequested, TicketRequestAnswered

Entry = tuple[str, str]
"""Party and reason. The party `revocation`: what a revocation leaves behind."""
MAY_LIFT: Mapping[str, Callable[[str], bool]] = {
    "authority": lambda of: of in ("authority", "revocation", "unknown"),
    "operator:1": lambda of: of in ("operator:1", "unknown"),
    "operator:2": lambda of: of in ("operator:2", "unknown"),
    "unknown": lambda of: of == "unknown",
}
LIVE = ("approved", "held", "issued", "suspended")
SEEN = ("issued", "suspended")


@dataclass(frozen=True)
class Seen:
    """A ticket as the tables have it."""

    ticket_id: UUID
    application_id: UUID
    decision_id: UUID
    case_id: UUID | None
    number: int
    state: str
    reason: str | None
    replaces: UUID | None
    first: date
    last: date
    child: str | None
    """As its grant told it."""

    def rides(self, day: date) -> bool:
        return self.state == "issued" and self.first <= day <= self.last


class Broken(AssertionError):
    """Something is not as it must be."""


def must(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


@dataclass
class Model:
    """Told of every message when it is heard, before and after."""

    links: set[tuple[UUID, str]] = field(default_factory=set)
    against: dict[UUID, set[Entry]] = field(default_factory=lambda: defaultdict(set))
    """What stands against the right of an application, where it was asked."""
    revoked_at: dict[tuple[UUID, Entry], datetime] = field(default_factory=dict)
    """A grant from before it was heard cannot have known of a revocation."""
    withdrawn: set[UUID] = field(default_factory=set)
    killed: set[UUID] = field(default_factory=set)
    """Applications whose right somebody has ended: nobody waits for their ticket."""
    lost: set[UUID] = field(default_factory=set)
    dead: set[UUID] = field(default_factory=set)
    answered: Counter[UUID] = field(default_factory=Counter)

    def right_of(self, application_id: UUID) -> set[UUID]:
        found, last = {application_id}, 0
        while len(found) != last:
            last = len(found)
            children = {child for one, child in self.links if one in found}
            found |= {one for one, child in self.links if child in children}
        return found

    def standing(self, application_id: UUID) -> set[Entry]:
        return {each for one in self.right_of(application_id) for each in self.against[one]}

    # what is heard

    def granted(self, event: EligibilityGranted) -> None:
        if event.child is not None:
            self.links.add((event.application_id, event.child))
        if event.knows_revocation:
            for one in self.right_of(event.application_id):
                kept = {
                    each
                    for each in self.against[one]
                    if self.revoked_at.get((one, each), event.occurred_at) > event.occurred_at
                }
                self.against[one] = {each for each in self.against[one] if each[0] != "revocation"} | kept

    def asked(  # all that it looks at
        self,
        event: RevocationRequested | TicketChangeRequested,
        answer: TicketRequestAnswered,
        before: Collection[Seen],
        after: Collection[Seen],
        now: datetime,
    ) -> None:
        """`before`, `after`: all tickets, as the request was heard and when it was answered, `now`."""
        self.answered[event.request_id] += 1
        ticket = next(each for each in before if each.number == event.number)
        right, party, reason = self.right_of(ticket.application_id), event.party or "unknown", event.reason
        living = [each for each in before if each.application_id in right and each.state in LIVE]
        done = answer.outcome == "done"
        kind = event.change if isinstance(event, TicketChangeRequested) else "revoke"
        named = NamedTicket(ticket.state, ticket.reason and revocation_code(ticket.reason), None)
        must(not done or not is_hopeless(named, kind, reason, now), "the API had refused what can be done")
        if kind == "revoke" and reason == "lost":
            self._lost(ticket, before, after, done=done, is_replaced=False)
        elif kind == "replace":
            self._lost(ticket, before, after, done=done, is_replaced=True)
        elif kind == "revoke":
            must(done or not living, "a revocation that could be done was refused")
            if done:
                self.killed |= right
                entry = ("revocation", reason)
                if entry not in self.against[ticket.application_id]:
                    self.revoked_at[ticket.application_id, entry] = now
                self.against[ticket.application_id].add(entry)
        elif kind == "suspend":
            must(
                done or not living or (party, reason) in self.standing(ticket.application_id),
                "a suspension was refused",
            )
            if done:
                self.against[ticket.application_id].add((party, reason))
        elif kind == "restore":
            self._restored(ticket, party, reason, done=done)

    def _restored(self, ticket: Seen, party: str, reason: str, *, done: bool) -> None:
        standing = self.standing(ticket.application_id)
        own = {
            each
            for each in standing
            if MAY_LIFT[party](each[0]) and (each[0] != "revocation" or ticket.state == "suspended")
        }
        lifted = {each for each in own if each[1] == reason} or own
        must(done == bool(lifted), f"a restoration by {party} was {'done' if done else 'refused'} against {standing}")
        for one in self.right_of(ticket.application_id):
            self.against[one] -= lifted

    def _lost(
        self, ticket: Seen, before: Collection[Seen], after: Collection[Seen], *, done: bool, is_replaced: bool
    ) -> None:
        """The one that bears the pass of the lost one: itself, or the last that took it over in place."""
        bearer = ticket
        while bearer.state == "revoked" and bearer.reason in ("changed", "notice"):
            following = [each for each in before if each.replaces == bearer.ticket_id and each.state != "dropped"]
            if not following:
                break
            bearer = following[0]
        must(done == (bearer.state in SEEN), "a loss was not heard, or one of a ticket that nobody held")
        if not done:
            return
        self.lost.add(bearer.ticket_id)
        successors = [each for each in after if each.replaces == bearer.ticket_id and each.state in LIVE]
        must(not is_replaced or len(successors) == 1, "a lost ticket has no successor")
        if not successors:
            self.killed |= {ticket.application_id}

    # what must be true

    def check(self, tickets: Collection[Seen], today: date) -> None:
        by_case: Counter[UUID | None] = Counter()
        by_child: Counter[str] = Counter()
        for each in tickets:
            standing = self.standing(each.application_id)
            must(not (standing and each.state == "issued"), f"good, though {sorted(standing)} stand against it")
            must(not (each.state == "suspended" and not standing), "suspended, though nothing stands against it")
            must(not (each.ticket_id in self.dead and each.state in LIVE), "a dead ticket lives again")
            must(not (each.ticket_id in self.lost and each.state in LIVE), "a lost ticket is good")
            must(not (each.application_id in self.withdrawn and each.state in LIVE), "withdrawn, and not dead")
            if each.state in ("revoked", "dropped", "expired"):
                self.dead.add(each.ticket_id)
            if each.rides(today):
                by_case[each.case_id] += 1
                by_child.update([each.child] if each.child is not None else ())
        must(not by_case or max(by_case.values()) == 1, "two good tickets of one case on one day")
        must(not by_child or max(by_child.values()) == 1, "two good tickets of one child on one day")

    def came_out(self, ticket_id: UUID, replaces: UUID | None, because: str) -> None:
        """A ticket was let out."""
        if replaces is not None:
            expected = "lost" if replaces in self.lost else "changed"
            must(because == expected, f"{ticket_id} came out as {because}, not {expected}: the finder gets it")
