"""Codes that change, where an authority wants them: what is signed stays the same, and the secret goes to Google alone."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from shared.errors import Invalid
from shared.events import Event, TicketIssued, TicketRevoked
from support.json import Json, text
from support.wallet_pass import google_simulator
from support.wallet_pass.service import WalletService
from support.wallet_pass.tickets import NOW, QR, TicketStory
from wallet_pass.domain.designs import DEFAULT_DESIGN
from wallet_pass.domain.passes import Pass, PassToken
from wallet_pass.domain.rotation import Rotation, rotation_secret
from wallet_pass.google.rest import GoogleRest
from wallet_pass.google.wallet import GoogleWallet

ACCOUNT = "wallet@schulticket-test.iam.gserviceaccount.com"
OBJECT = "3388000000012345678.00000000-0000-0000-0000-000000000007"
AUTHORITY = "120000"
KEY = b"k" * 32
SUFFIX = re.compile(r"#[0-9]{10}\.[0-9]{6}")


@pytest.fixture
def rotating(google: GoogleWallet) -> GoogleWallet:
    return replace(google, rotation_key=KEY)


@pytest.fixture
def server(google: GoogleWallet, google_public_key: bytes) -> google_simulator.GoogleSimulator:
    return google_simulator.GoogleSimulator(google_public_key, ACCOUNT, google.account.token_url)


class Authority:
    """One with passes, whose worker tells Google."""

    def __init__(self, service: WalletService, google: GoogleWallet, server: google_simulator.GoogleSimulator) -> None:
        self.service, self.google, self.server = service, google, server

    def want(self, rotation: Rotation | None) -> int:
        return self.service.database.write_now(lambda store: store.set_rotation(AUTHORITY, rotation, NOW, "test"))

    def hear(self, *events: Event) -> Json:
        """The object at Google after these."""
        self.service.hear(*events)
        self.service.do(self._tell())
        return self.server.kept[OBJECT]

    async def _tell(self) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.server.app)) as client:
            account = GoogleRest(self.google, client, "https://walletobjects.example", lambda: NOW)
            parties = replace(self.service.workflow.parties, google=self.google, google_account=account)
            while await replace(self.service.workflow, parties=parties).tell_google():
                pass


@pytest.fixture
def authority(running: WalletService, rotating: GoogleWallet, server: google_simulator.GoogleSimulator) -> Authority:
    return Authority(running, rotating, server)


def test_codes_stand_still_until_an_authority_wants_it_and_then_change(
    authority: Authority, issued: Callable[..., TicketIssued]
) -> None:
    assert "rotatingBarcode" not in authority.hear(issued())
    assert authority.want(Rotation()) == 1
    assert authority.want(Rotation()) == 0, "the same is no change"
    told = authority.hear()
    shown = {google_simulator.shown_code(told, NOW.timestamp() + second) for second in range(0, 90, 10)}
    assert len(shown) == 3
    assert all(code is not None and SUFFIX.sub("", code) == QR for code in shown), "what is signed is the same"
    assert authority.want(None) == 1
    assert "rotatingBarcode" not in authority.hear()


@pytest.mark.parametrize("keeps_what_is_null", [False, True])
def test_a_ticket_that_is_not_good_shows_no_code_that_goes_on_changing(
    authority: Authority,
    issued: Callable[..., TicketIssued],
    revoked: Callable[..., TicketRevoked],
    keeps_what_is_null: bool,
) -> None:
    """Whatever Google makes of null in a change."""
    authority.server.keeps_what_is_null = keeps_what_is_null
    story = TicketStory()
    authority.want(Rotation())
    at = NOW.timestamp()
    assert google_simulator.shown_code(authority.hear(issued()), at) is not None
    assert google_simulator.shown_code(authority.hear(story.suspended(2)), at) is None
    assert google_simulator.shown_code(authority.hear(story.restored(3)), at) is not None
    assert google_simulator.shown_code(authority.hear(revoked()), at) is None


def test_the_secret_goes_into_the_object_at_google_and_nowhere_else(
    authority: Authority,
    issued: Callable[..., TicketIssued],
    google_public_key: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    authority.want(Rotation())
    told = authority.hear(issued())
    key = text(told["rotatingBarcode"]["totpDetails"]["parameters"][0]["key"])
    assert bytes.fromhex(key) == rotation_secret(KEY, UUID(int=7))
    kept = authority.service.do(authority.service.workflow.find(PassToken(authority.service.token())))
    payload = google_simulator.check_save_token(
        authority.google.save_token(kept.wallet_pass, NOW), google_public_key, ACCOUNT
    )
    assert set(payload["genericObjects"][0].keys()) == {"id", "classId"}
    shown = [
        authority.service.client.get(f"/v1/passes/{authority.service.token()}{path}").text
        for path in ("", "/google.json", "/google.jwt")
    ]
    for place in (*shown, caplog.text, repr(authority.google)):
        assert key.lower() not in place.lower()
        assert KEY.decode() not in place
    assert '"rotatingBarcode"' not in json.dumps(shown)


def test_each_pass_has_a_secret_of_its_own_that_stays(rotating: GoogleWallet, make_pass: Callable[..., Pass]) -> None:
    def key(wallet_pass: Pass) -> object:
        return rotating.rotating_barcode(wallet_pass, Rotation())["rotatingBarcode"]["totpDetails"]["parameters"]

    other = make_pass(ticket_id=UUID(int=8))
    assert key(make_pass()) == key(make_pass()) != key(other)
    assert key(make_pass().taken_over(other.ticket, NOW + timedelta(days=1))) == key(make_pass()), (
        "the pass is the same"
    )


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ({"type": "AZTEC"}, "not supported"), ({"valuePattern": "x"}, "valuePattern"),
        ({"valuePattern": "{totp_value_0}{totp_value_1}"}, "valuePattern"), ({"colour": 1}, "unknown"),
    ],
)  # fmt: skip
def test_the_simulator_refuses_a_rotating_barcode_that_google_would(
    rotating: GoogleWallet, make_pass: Callable[..., Pass], spoil: dict[str, object], reason: str
) -> None:
    document = rotating.generic_object(make_pass(), DEFAULT_DESIGN) | rotating.rotating_barcode(make_pass(), Rotation())
    google_simulator.check("GenericObject", document)
    spoilt = document | {"rotatingBarcode": document["rotatingBarcode"] | spoil}
    with pytest.raises(google_simulator.Refused, match=reason):
        google_simulator.check("GenericObject", spoilt)


@pytest.mark.parametrize(("seconds", "digits"), [(9, 6), (301, 6), (30, 7), (30, 0)])
def test_a_rotation_out_of_its_bounds_is_refused(seconds: int, digits: int) -> None:
    with pytest.raises(Invalid):
        Rotation(seconds, digits)  # type: ignore[arg-type]


@pytest.mark.parametrize(("second", "number"), [(59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")])
def test_the_simulators_numbers_are_those_of_rfc_6238(second: int, number: str) -> None:
    """Appendix B, SHA-1."""
    parameters = [{"key": b"12345678901234567890".hex().upper(), "valueLength": 8}]
    details = {"periodMillis": "30000", "algorithm": "TOTP_SHA1", "parameters": parameters}
    rotating = {"type": "QR_CODE", "valuePattern": "{totp_value_0}", "totpDetails": details}
    assert google_simulator.shown_code({"rotatingBarcode": rotating}, second) == number  # type: ignore[arg-type]


def test_a_class_that_asks_for_callbacks_no_longer_says_so(
    google: GoogleWallet, server: google_simulator.GoogleSimulator, make_pass: Callable[..., Pass]
) -> None:
    async def send() -> list[bool]:
        found = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server.app)) as client:
            for url in ("https://pass.example/v1/passes/google/callbacks", None):
                asking = replace(google, callback_url=url)
                rest = GoogleRest(asking, client, "https://walletobjects.example", lambda: NOW)
                await rest.send(make_pass(), DEFAULT_DESIGN)
                found.append("callbackOptions" in server.kept[asking.class_id(make_pass())])
        return found

    assert asyncio.run(send()) == [True, False]
