"""The identity provider's keys: taken back there, they count here no longer; one that hangs holds nobody up."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from shared.errors import Unavailable
from shared.identity import Identity, IssuerKeys, Unauthenticated, issuer_keys

ISSUER = "https://login.example"
ONE, TWO = (ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}) for kid in ("one", "two"))


class Provider:
    """Implements a transport: answers at once, hangs, or says something else."""

    def __init__(self) -> None:
        self.keys, self.asked, self.hangs = [ONE], Counter[str](), False
        self.says: Callable[[httpx.Request], httpx.Response] | None = None
        self.now = 0.0
        transport = httpx.MockTransport(self.answer)
        self.identity = Identity(
            ISSUER, "schulticket", published=IssuerKeys(ISSUER, transport=transport, clock=lambda: self.now)
        )

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked[request.url.path] += 1
        if self.hangs:
            await asyncio.sleep(3600)
        if self.says is not None:
            return self.says(request)
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        return httpx.Response(200, json={"keys": [each.as_dict(private=False) for each in self.keys]})

    async def counts(self, key: ECKey) -> bool:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "schulticket", "sub": "p", "exp": now + 300}
        try:
            await self.identity.check(jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key))
        except Unauthenticated:
            return False
        return True


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(issuer_keys, "WAIT_SECONDS", 0.05)
    monkeypatch.setattr(issuer_keys, "FETCH_SECONDS", 0.2)
    return Provider()


async def test_keys_are_fetched_once_for_all_that_ask_together(provider: Provider) -> None:
    assert all(await asyncio.gather(*(provider.counts(ONE) for _ in range(20))))
    assert set(provider.asked.values()) == {1}


async def test_a_key_that_was_taken_back_counts_ten_minutes_at_most(provider: Provider) -> None:
    assert await provider.counts(ONE)
    provider.keys = [TWO]
    provider.now = issuer_keys.FRESH_SECONDS + 1
    assert await provider.counts(ONE)  # this one has begun the look, and does not wait for it
    await asyncio.sleep(0.02)
    assert not await provider.counts(ONE) and await provider.counts(TWO)


async def test_a_new_key_counts_at_once_and_invented_ids_ask_for_it_seldom(provider: Provider) -> None:
    assert await provider.counts(ONE)
    provider.keys = [ONE, TWO]
    provider.now = issuer_keys.UNKNOWN_SECONDS + 1
    assert await provider.counts(TWO)
    invented = [ECKey.generate_key("P-256", {"kid": f"invented-{at}"}) for at in range(5)]
    assert not any([await provider.counts(each) for each in invented])
    assert provider.asked["/keys"] == 2


async def test_a_forged_signature_under_a_known_id_asks_nobody(provider: Provider) -> None:
    assert await provider.counts(ONE)
    provider.now = issuer_keys.UNKNOWN_SECONDS + 1
    assert not await provider.counts(ECKey.generate_key("P-256", {"kid": "one"}))
    assert provider.asked["/keys"] == 1


async def test_a_provider_that_hangs_costs_everybody_together_one_short_wait(provider: Provider) -> None:
    provider.hangs = True
    answers = await asyncio.gather(*(provider.counts(ONE) for _ in range(30)), return_exceptions=True)
    assert all(isinstance(each, Unavailable) for each in answers)
    await asyncio.sleep(0.3)  # the fetch has given up
    for _ in range(5):
        with pytest.raises(Unavailable):
            await provider.counts(ONE)
    assert provider.asked.total() == 1
    provider.hangs, provider.now = False, issuer_keys.FAILURE_SECONDS + 1
    assert await provider.counts(ONE)


async def test_while_the_provider_is_away_its_last_keys_count_an_hour(provider: Provider) -> None:
    assert await provider.counts(ONE)
    provider.says = lambda _: httpx.Response(503)
    provider.now = issuer_keys.LONGEST_SECONDS - 1
    assert await provider.counts(ONE)
    provider.now += issuer_keys.FAILURE_SECONDS + 2
    with pytest.raises(Unavailable):
        await provider.counts(ONE)
    provider.says, provider.now = None, provider.now + issuer_keys.FAILURE_SECONDS + 1
    assert await provider.counts(ONE)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"[" * 100_000, b'{"issuer":"https://login.example"}', b'{"issuer":"https://evil.example"}',
     b'{"issuer":"https://login.example","jwks_uri":7}', b'{"issuer":"https://login.example","jwks_uri":"::"}',
     b'{"issuer":"https://login.example","jwks_uri":"https://login.example/keys","keys":7}', b" " * 300_000],
    ids=range(10),
)  # fmt: skip
async def test_an_answer_that_is_none_is_one_failure_and_no_error(provider: Provider, body: bytes) -> None:
    provider.says = lambda _: httpx.Response(200, content=body)
    with pytest.raises(Unavailable):
        await provider.counts(ONE)
