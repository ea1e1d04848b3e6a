"""Out to the identity provider and back: the same for every service whose pages staff open with a browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from shared.http.limits import Limit, count
from shared.identity import Unauthenticated
from shared.row_security import asking
from shared.sign_in.ended import EndedSessions
from shared.sign_in.provider import Attempt, IdentityProvider, SignedIn
from shared.sign_in.session import Session, Sessions
from shared.trust import Trust

log = structlog.get_logger("sign_in")


@dataclass(frozen=True)
class SignInResult:
    """Somebody came back from the identity provider."""

    person: SignedIn
    then: str
    """The page that was asked for before, as it was given to `start`."""
    state: str


class SignInFlow:
    """A service keeps one. Who may enter which page is the service's own affair."""

    def __init__(  # whose, by whom, when, who has left, and how often one address may come back
        self,
        sessions: Sessions,
        provider: IdentityProvider,
        now: Callable[[], datetime],
        ended: EndedSessions | None = None,
        returns: Limit | None = None,
    ) -> None:
        """`ended`: who has signed out; None: a service whose people only come for a moment.

        Args:
            returns: each makes us ask the identity provider.
        """
        self.sessions = sessions
        self._returns = returns
        self.ended = ended
        self.provider = provider
        self.now = now

    def session(self, request: Request) -> Session | None:
        """Of who is signed in; None where nobody is, or the time is over."""
        found = self.read(request)
        return found if found is not None and self.now() < found.ends else None

    def read(self, request: Request) -> Session | None:
        """Also one whose time is over, so that what was typed is not lost; not one whose person has signed out.

        Raises:
            TooMany: whoever is known is counted.
        """
        found = self.sessions.read(request)
        if found is None or (self.ended is not None and self.ended.is_over(found)):
            return None
        count(found.caller)
        asking.asks(found.caller)
        return found

    async def sign_out(self, session: Session, answer: Response) -> None:
        """Here and wherever a copy of the cookie is."""
        if self.ended is not None:
            await self.ended.end(session)
        self.sessions.forget(answer)

    def start(self, request: Request, then: str, headers: Mapping[str, str], trust: Trust | None = None) -> Response:
        """To the identity provider, with a fresh state, nonce and PKCE challenge.

        `then` must be a place of this service: whoever calls has checked it.

        Args:
            then: kept until the return.
            trust: the level of trust that is asked for.
        """
        attempt = Attempt.new(then)
        answer = RedirectResponse(self.provider.address(attempt, trust), 303, headers=dict(headers))
        self.sessions.add_attempt(request, answer, attempt, self.now())
        return answer

    async def callback(self, request: Request) -> SignInResult:
        """1. The attempt that this browser began. 2. Who it is.

        Raises:
            Unauthenticated, Unavailable, TooMany.
        """
        # 1.
        if self._returns is not None:
            await self._returns.check(request)
        answer = dict(request.query_params)
        attempt = self.sessions.attempt(request, answer.get("state", ""), self.now())
        if attempt is None:
            raise Unauthenticated
        # 2.
        try:
            person = await self.provider.back(attempt, answer)
        except Unauthenticated:
            log.warning("sign_in_refused")
            raise
        return SignInResult(person, attempt.then, attempt.state)

    def open_session(
        self, request: Request, answer: Response, returned: SignInResult, authority_name: str = ""
    ) -> None:
        """The session's cookie on `answer`; the attempt is used up."""
        person, earlier = returned.person, self.read(request)
        session = self.sessions.begin(person.caller, person.name, authority_name, self.now(), earlier, person.details)
        self.sessions.write(answer, session)
        self.sessions.drop_attempt(request, answer, returned.state, self.now())
