"""A family is erased: Google hears that its passes are void, and then nothing of them is left here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest
import sqlalchemy as sa
from shared.bus import erasures
from shared.errors import Invalid, Problem, Text, Unavailable
from shared.events import ApplicationFamilyErased, TicketIssued
from support.databases import on_both
from support.json import Json
from support.record import faults
from support.rights import DESPITE, run_rights
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from wallet_pass.consumer import handlers
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import Pass
from wallet_pass.domain.rotation import Rotation
from wallet_pass.store.tables import PACKAGE, PASSES, TOLD

BOTH = on_both("url")
WHY = Text("So nicht.", "Not like this.")


@dataclass
class Account:
    """Google's, as the test says that it answers."""

    answer: Problem | None = None
    void: list[bool] = field(default_factory=list)

    async def send(self, wallet_pass: Pass, design: Design, rotation: Rotation | None = None) -> None:
        self.void.append(wallet_pass.revoked_at is not None)
        if self.answer is not None:
            raise self.answer

    async def notify(self, wallet_pass: Pass, text: Text) -> None:
        raise AssertionError("who was erased is told nothing")


def with_google(running: WalletService, account: Account) -> WalletService:
    parties = replace(running.workflow.parties, google_account=account)
    return replace(running, workflow=replace(running.workflow, parties=parties))


def erased(of: TicketIssued) -> ApplicationFamilyErased:
    return ApplicationFamilyErased(
        occurred_at=of.occurred_at, authority_id=of.authority_id, application_id=of.application_id
    )


def rows(running: WalletService) -> int:
    counts = [sa.select(sa.func.count()).select_from(table) for table in (PASSES, TOLD, PACKAGE)]
    return running.database.read_now(lambda store: sum(int(store.session.execute(one).scalar_one()) for one in counts))


@BOTH
@pytest.mark.parametrize("answer", [None, Invalid(WHY)])
def test_google_is_told_that_the_pass_is_void_before_it_goes(
    running: WalletService, issued: Callable[..., TicketIssued], answer: Problem | None
) -> None:
    account = Account(answer)
    place = with_google(running, account)
    place.hear(issued())
    token = place.token()
    for _ in range(2):
        place.hear(erased(issued()))
    assert (account.void, rows(place)) == ([True], 0)
    assert place.client.get(f"/v1/passes/{token}").status_code == 404
    assert place.told() == [], "what was told with its address is not kept to be told again"
    assert faults(place.database) == []


def test_where_google_does_not_answer_the_pass_stays_until_it_does(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    account = Account(Unavailable(WHY))
    place = with_google(running, account)
    place.hear(issued())
    before = rows(place)
    with pytest.raises(Unavailable):
        place.hear(erased(issued()))
    assert rows(place) == before > 0
    account.answer = None
    place.hear(erased(issued()))
    assert rows(place) == 0


def test_an_erasure_that_comes_before_the_ticket_is_kept_in_mind(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    event = erased(issued())
    assert ApplicationFamilyErased in handlers(running.workflow)
    running.hear(event)
    found = running.database.read_now(lambda store: erasures.erased_among(store.session, [event.application_id]))
    assert found == {event.application_id}


def test_the_commands_export_a_pass_and_erase_it_here(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    running.hear(issued())

    def run(*arguments: str, exit_code: int = 0) -> Mapping[str, Json]:
        table = handlers(running.workflow)
        asked = run_rights("wallet-pass", running.database, table, *arguments, exit_code=exit_code, at=NOW)
        return running.do(asked)

    mine = ("--application", str(issued().application_id))
    (row,) = run("export", *mine)["pass"]
    assert row["last_name"] == issued().holder.last_name
    assert run("erase", *mine, exit_code=3) == {}, "a pass that shows a good ticket does not go unasked"
    gone = run("erase", *mine, *DESPITE)
    assert gone["pass"] == 1 and run("erase", *mine) == {}
    assert not any(run("export", *mine).values())
