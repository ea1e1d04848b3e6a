"""What changes all passes is worked off over time: none is left out, none twice, whatever happens in between."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from shared.errors import Text
from shared.events import TicketIssued
from support.databases import on_both
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.store.tables import PASSES, REMAKES

APPLE = ("apple", "a1" * 32, "pass.test TEAM")
MANY = 23


def _issue(running: WalletService, issued: Callable[..., TicketIssued], authorities: tuple[str, ...]) -> None:
    running.hear(
        *(
            issued(
                ticket_id=UUID(int=n),
                application_id=UUID(int=1000 + n),
                number=n,
                authority_id=authorities[n % len(authorities)],
            )
            for n in range(1, MANY + 1)
        )
    )


def _made_due(running: WalletService) -> list[str]:
    query = PASSES.select().where(PASSES.c.package_due)
    return [row.authority_id for row in running.database.read_now(lambda store: store.session.execute(query).all())]


def test_a_new_certificate_signs_every_pass_anew_and_the_one_of_before_none(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000", "130000"))
    running.do(running.workflow.note_certificates([APPLE, ("google", "k1", "a@example")]))
    for _ in range(4):
        running.do(running.workflow.spread_remakes(10))
    assert len(_made_due(running)) == MANY
    while running.do(running.workflow.remake()):
        pass
    running.do(running.workflow.note_certificates([APPLE, ("google", "k2", "a@example")]))
    running.do(running.workflow.spread_remakes(1000))
    assert _made_due(running) == [], "only Google's key is another"


def test_a_design_reaches_its_authority_alone_a_few_at_a_time(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    _issue(running, issued, ("120000", "130000"))
    design = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))
    count = running.database.write_now(lambda store: store.set_design("130000", design, NOW))
    running.do(running.workflow.spread_remakes(5))
    assert _made_due(running) == ["130000"] * 5
    for _ in range(3):
        running.do(running.workflow.spread_remakes(5))
    assert _made_due(running) == ["130000"] * count


@on_both("url")
def test_whatever_comes_in_between_every_pass_is_made_after_the_last_order(
    running: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    """Designs change while they are worked off, passes are made meanwhile: at the end each has the last of all."""
    draw = random.Random(7)
    _issue(running, issued, ("120000", "130000", "140000"))
    chosen: dict[str, Design] = {}
    for step in range(40):
        running.time[0] += timedelta(seconds=draw.choice((0, 1)))
        match draw.randrange(4):
            case 0:
                authority = draw.choice(("120000", "130000", "140000"))
                chosen[authority] = Design(Text(f"Stadt {step}", f"City {step}"), Colour(0, 80 - step, 40))
                design = chosen[authority]
                running.database.write_now(
                    lambda store, of=authority, design=design: store.set_design(of, design, running.time[0])  # type: ignore[misc]
                )
            case 1:
                running.do(running.workflow.remake())
            case _:
                running.do(running.workflow.spread_remakes(draw.randrange(1, 9)))
    for _ in range(200):
        running.do(running.workflow.spread_remakes(5))
    while running.do(running.workflow.remake()):
        pass
    assert running.database.read_now(lambda store: store.session.execute(REMAKES.select()).all()) == []
    for token in {each.pass_url.rsplit("/", 1)[1] for each in running.told()}:
        kept = running.database.read_now(lambda store, token=token: store.by_token(token))  # type: ignore[misc]
        expected = chosen.get(kept.wallet_pass.ticket.authority_id)
        assert expected is None or expected.issuer.de.encode() in kept.package
