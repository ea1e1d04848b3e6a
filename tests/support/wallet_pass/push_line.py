"""A service of passes, with phones that add them and Apple's push service between."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import sqlalchemy as sa
from support.wallet_pass.phone_simulator import Phone
from support.wallet_pass.service import WalletService, open_service
from wallet_pass.apple.package import AppleWallet
from wallet_pass.domain.devices import PushToken
from wallet_pass.google.wallet import GoogleWallet
from wallet_pass.workflow.apple_ports import DeadPushToken

SERIAL = "00000000-0000-0000-0000-000000000007"
"""Of the pass of `issued()`."""
FIRST = "a1" * 32
"""A push token that no phone has."""


@dataclass
class PushLine:
    """Apple's push service as the workflow sees it. `phones`: who is reached under a token; `error`: raised instead."""

    phones: dict[str, Phone] = field(default_factory=dict)
    pushed: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def push(self, push_token: PushToken) -> None:
        if self.error is not None:
            raise self.error
        if push_token not in self.phones:
            raise DeadPushToken
        self.pushed.append(push_token)


@dataclass
class Line:
    """A service, its push line, and how a phone is bought."""

    service: WalletService
    pushes: PushLine

    def phone(self) -> Phone:
        token = f"{len(self.pushes.phones) + 1:064x}"

        def ask(method: str, url: str, *, headers: dict[str, str], content: bytes | None = None) -> httpx.Response:
            answer: httpx.Response = self.service.client.request(
                method, url.removeprefix("https://pass.example"), headers=headers, content=content
            )
            return answer

        return self.pushes.phones.setdefault(token, Phone(ask, token))

    def package(self) -> bytes:
        content: bytes = self.service.client.get(f"/v1/passes/{self.service.token()}/pass.pkpass").content
        return content

    def work(self) -> None:
        """What the workers do until nothing is left, and what phones do that were pushed to."""
        while self.service.do(self.service.workflow.remake()):
            pass
        while self.service.do(self.service.workflow.phones.push()):
            pass
        pushed, self.pushes.pushed = self.pushes.pushed, []
        for token in pushed:
            self.pushes.phones[token].look()

    def rows(self, table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table)
        return int(self.service.database.read_now(lambda store: store.session.execute(query).scalar_one()))


@contextmanager
def push_line(url: str, apple: AppleWallet, google: GoogleWallet) -> Iterator[Line]:
    """At a database of this address."""
    pushes = PushLine()
    with open_service(url, apple, google, pushes) as service:
        yield Line(service, pushes)
