"""A ticket's steps reach pass and family in any order, twice or not at all, by clocks that are hours off: what they show
is what the signer has, at the latest once it has told its whole state again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from application.domain.status import current_status
from application.domain.timeline import TimelineEntry
from application.workflow.timeline import TimelineEvent, entries_of
from issuance.store.signer.tables import TicketRow
from issuance.verification.trust import assemble
from issuance.workflow.signer.announce import announce
from shared.events import Event, PassReady, TicketIssued, TicketStateChanged
from support.growth.lives import wallets
from support.issuance.example import NOW, make_pki
from support.issuance.signer_world import SignerWorld, open_database
from support.outbox import told, told_again
from support.wallet_pass.service import WalletService, open_service
from wallet_pass.consumer import handlers
from wallet_pass.store import PassStore
from wallet_pass.workflow import StoredPass

ACTS = ("suspend", "restore", "suspend", "restore", "suspend", "restore", "renew", "revoke")


@dataclass(frozen=True)
class Both:
    signer: SignerWorld
    passes: WalletService


class Family:
    """What application writes down: a piece of news once, as its table has it."""

    def __init__(self) -> None:
        self.news: dict[tuple[str, str], TimelineEntry] = {}

    def hear(self, event: TimelineEvent) -> None:
        for each in entries_of(event):
            self.news.setdefault((each.kind, each.reference), each)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder: Path = tmp_path_factory.mktemp("clocks")
    pki = make_pki()
    trust = assemble(pki.certificates.values(), pki.trust_list, ())
    signer = SignerWorld(open_database(f"sqlite:///{folder / 'signer.db'}"), pki, trust)
    with open_service(f"sqlite:///{folder / 'passes.db'}", *wallets(folder / "certificates")) as passes:
        yield Both(signer, passes)
    signer.database.close()


@pytest.mark.parametrize("seed", range(12))
def test_pass_and_family_show_what_the_signer_has(both: Both, seed: int) -> None:
    random = Random(seed)
    acts = [(random.choice(ACTS), random.uniform(-3, 3)) for _ in range(random.randint(2, 7))]
    lost = random.choice((0.0, 0.3))
    signer, passes, family = both.signer, both.passes, Family()
    # 1. a ticket's life, by a clock that wanders; it is never more than three hours off
    signer.now = NOW
    first = signer.new_ticket()
    for number, (act, hours) in enumerate(acts):
        signer.now = NOW + timedelta(minutes=number, hours=hours)
        signer.ask(first, act)
        signer.issue()
    application_id = first.application_id
    events = [
        each
        for each in told(signer.database, *kinds(passes))
        if getattr(each, "application_id", None) == application_id
    ]
    # 2. some of it is lost, the rest comes twice and in any order
    heard = [each for each in events if random.random() >= lost or isinstance(each, TicketIssued)] * 2
    random.shuffle(heard)
    passes.time[0] = NOW + timedelta(hours=random.uniform(-3, 3))
    _deliver(passes, family, heard)
    if lost:
        # 3. and the whole state is told again
        again = signer.database.write_now(lambda store: told_again(announce(store, signer.now)))
        again = [each for each in again if getattr(each, "application_id", None) == application_id]
        random.shuffle(again)
        _deliver(passes, family, again)
    # 4. all three agree
    agree(_tickets(signer, application_id), passes, family)


def agree(tickets: Sequence[TicketRow], passes: WalletService, family: Family) -> None:
    """Pass and family show what the signer has."""
    living = [row for row in tickets if row.state in ("issued", "suspended")]
    for row in living:
        kept = passes.database.read_now(partial(_by_ticket, row.ticket_id))
        assert kept is not None
        shown = kept.wallet_pass
        assert (shown.revoked_at, shown.suspended) == (None, row.state == "suspended")
        assert shown.ticket.vdv == row.vdv
    seen = current_status(family.news.values())
    if living:
        assert seen.ticket == str(living[-1].ticket_id)
        assert (seen.status == "suspended") == (living[-1].state == "suspended")
    else:
        assert seen.status == "revoked"


def _by_ticket(ticket_id: UUID, store: PassStore) -> StoredPass | None:
    return store.by_ticket(ticket_id)


def kinds(passes: WalletService) -> Sequence[type[Event]]:
    return (*handlers(passes.workflow), TicketStateChanged)


def _deliver(passes: WalletService, family: Family, events: Sequence[Event]) -> None:
    for each in events:
        if isinstance(each, TicketStateChanged):
            family.hear(each)
        else:
            passes.hear(each)
    for ready in told(passes.database, PassReady):
        if events and ready.application_id == events[0].application_id:  # type: ignore[attr-defined]
            family.hear(ready)


def _tickets(signer: SignerWorld, application_id: UUID) -> Sequence[TicketRow]:
    from issuance.store.signer.tables import TicketRow
    from sqlmodel import col, select

    query = select(TicketRow).where(TicketRow.application_id == application_id).order_by(col(TicketRow.sequence))
    return signer.database.read_now(lambda store: store.session.exec(query).all())
