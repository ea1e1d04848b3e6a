"""What becomes of passes, their designs and certificates is on record, and whoever changes it behind the record is
found."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from shared.audit.begin import begin
from shared.audit.tables import ACT, CONTENT, HEAD
from shared.errors import Text
from shared.events import TicketIssued, TicketRestored, TicketRevoked, TicketSuspended
from support.postgresql import administrator_url
from support.record import acts_of_people, faults
from support.wallet_pass.service import WalletService, open_service
from support.wallet_pass.tickets import about
from wallet_pass.apple.package import AppleWallet
from wallet_pass.credentials import certificates_in_use
from wallet_pass.domain.designs import Colour, Design
from wallet_pass.domain.passes import PassToken
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.store.on_record import KINDS
from wallet_pass.store.tables import CERTIFICATES, DESIGNS, PACKAGE, PASSES, TOLD

DESIGN = Design(Text("Stadt Musterstadt", "City of Musterstadt"), Colour(0, 80, 40))


@pytest.fixture
def lived(running: WalletService, issued: Callable[..., TicketIssued]) -> WalletService:
    """A pass that was suspended and restored, and one design."""
    running.hear(issued())
    running.hear(TicketSuspended(**about(1, issued().ticket_id)))
    running.hear(TicketRestored(**about(2, issued().ticket_id)))
    running.database.write_now(lambda store: store.set_design("120000", DESIGN, running.time[0], "command admin"))
    running.database.write_now(lambda store: store.keep_certificate("apple", "ab", "pass.test TEAM", running.time[0]))
    return running


def test_what_happened_to_a_pass_stands_there_and_holds(
    lived: WalletService, revoked: Callable[..., TicketRevoked]
) -> None:
    lived.hear(revoked())
    assert acts_of_people(lived.database) == [
        ("signer", "made"), ("signer", "suspended"), ("signer", "changed"), ("command admin", "design set"),
        ("signer", "void"), ("wallet-pass", "certificate in use"),
    ]  # fmt: skip
    assert faults(lived.database) == []


TAMPERINGS: dict[str, sa.Update | sa.Delete] = {
    "a revoked pass is good again": PASSES.update().values(suspended=True),
    "another link": PASSES.update().values(token="x" * 22),
    "another barcode": PASSES.update().values(qr="S1:OTHER"),
    "another name": PASSES.update().values(last_name="Anders"),
    "a pass is gone": PASSES.delete(),
    "another issuer's name on the pass": DESIGNS.update().values(issuer_de="Stadt Anderswo"),
    "the design is gone": DESIGNS.delete(),
    "another certificate": CERTIFICATES.update().values(fingerprint="cd"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_whatever_is_changed_behind_the_record_is_found(lived: WalletService, name: str) -> None:
    assert faults(lived.database) == []
    lived.database.write_now(lambda store: store.session.connection().execute(TAMPERINGS[name]))
    assert len(faults(lived.database)) == 1


def test_a_new_design_and_what_is_made_of_a_pass_touch_no_record_of_it(lived: WalletService) -> None:
    lived.do(lived.workflow.package(PassToken(lived.token())))
    lived.do(lived.workflow.remake())
    assert faults(lived.database) == []


def test_a_certificate_is_on_record_once_and_anew_where_another_is_used(
    lived: WalletService, apple: AppleWallet, google: GoogleWallet
) -> None:
    def use(at: int) -> list[bool]:
        now = lived.time[0] + timedelta(hours=at)
        in_use = certificates_in_use(apple.signer, google.account)
        return lived.database.write_now(lambda store: [store.keep_certificate(*each, now) for each in in_use])

    assert [use(1), use(2)] == [[True, True], [False, False]]
    assert faults(lived.database) == []
    chosen = sa.select(CERTIFICATES.c.fingerprint).where(CERTIFICATES.c.name == "apple")
    assert lived.database.read_now(lambda store: store.session.execute(chosen).scalar()) not in (None, "ab")


def test_passes_from_before_are_taken_over_once_also_on_postgresql(
    postgresql: Callable[[], str],
    apple: AppleWallet,
    google: GoogleWallet,
    issued: Callable[..., TicketIssued],
    revoked: Callable[..., TicketRevoked],
) -> None:
    url = postgresql()
    with open_service(url, apple, google) as service:
        service.hear(issued())
        past_the_service = sa.create_engine(administrator_url(url))  # which may delete no act
        with past_the_service.begin() as connection:
            for table in (ACT, CONTENT, HEAD):
                connection.execute(table.delete())
        past_the_service.dispose()
        assert len(faults(service.database)) == 1
        for _ in range(2):
            begin(url, KINDS)
        assert faults(service.database) == []
        service.hear(revoked())
        assert faults(service.database) == []


def test_an_erased_family_has_no_pass_and_leaves_a_trail_that_holds(
    lived: WalletService, issued: Callable[..., TicketIssued]
) -> None:
    token = lived.token()
    lived.do(lived.workflow.package(PassToken(token)))
    assert lived.database.write_now(lambda store: store.erase(issued().application_id, lived.time[0])) == 1
    assert faults(lived.database) == []
    assert lived.client.get(f"/v1/passes/{token}").status_code == 404
    for table in (PASSES, TOLD, PACKAGE):
        chosen = sa.select(sa.func.count()).select_from(table)
        assert lived.database.read_now(lambda store, chosen=chosen: store.session.execute(chosen).scalar()) == 0  # type: ignore[misc]
    about = sa.select(CONTENT.c.about).where(CONTENT.c.about == str(issued().application_id))
    assert lived.database.read_now(lambda store: store.session.execute(about).all()) == []
