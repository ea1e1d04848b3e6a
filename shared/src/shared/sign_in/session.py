"""Who is signed in, in a cookie that only this service can read or make (JWE, A256GCM). Nothing is kept on the server:
any number of processes with the same key serve the same people."""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.identity import Caller
from shared.sign_in.account import NO_DETAILS, AccountDetails
from shared.sign_in.provider import Attempt
from shared.trust import TRUST

HEADER = {"alg": "dir", "enc": "A256GCM"}
SHORTEST_KEY = 32
SIGN_IN_TIME = timedelta(minutes=15)
MOST_ATTEMPTS = 4
"""So many windows of one browser can be at the sign-in at once; of more, or of what one cookie cannot hold, the latest.
"""
LONGEST_COOKIE = 4000


@dataclass(frozen=True)
class Session:
    """A person who is signed in. `ends`: then the rights are asked for anew at the identity provider."""

    caller: Caller
    name: str
    authority_name: str
    ends: datetime
    csrf: str
    """Random; kept over a new sign-in of the same person, so that a form that was open still counts."""
    details: AccountDetails = NO_DETAILS
    """What the account says of its person."""


class Sessions:
    """Makes and reads the cookies."""

    def __init__(self, key: str, name: str, *, https: bool, minutes: int = 60) -> None:
        """`key`: at least 32 characters, from a secret file.

        Args:
            name: of the cookie, another one for each service.
        """
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"the key of the sessions needs at least {SHORTEST_KEY} characters")
        self._key = OctKey.import_key(hashlib.sha256(f"{name} {key}".encode()).digest())
        self._secret = hashlib.sha256(f"{name} forms {key}".encode()).digest()
        self._https = https
        self._length = timedelta(minutes=minutes)
        # with __Host- a browser takes the cookie from this very host alone, over https alone
        prefix = "__Host-" if https else ""
        self.cookie, self._attempt_cookie = f"{prefix}{name}", f"{prefix}{name}-sign-in"

    def begin(  # noqa: PLR0917  # what a session is made of
        self,
        caller: Caller,
        name: str,
        authority_name: str,
        now: datetime,
        earlier: Session | None,
        details: AccountDetails = NO_DETAILS,
    ) -> Session:
        """A session from now on.

        Args:
            earlier: the session that this browser had; of the same person its forms go on to count.
        """
        keeps = earlier is not None and earlier.caller.subject == caller.subject
        csrf = earlier.csrf if keeps and earlier is not None else secrets.token_urlsafe(24)
        return Session(caller, name, authority_name, now + self._length, csrf, details)

    def form_token(self, session: Session) -> str:
        """What every form of this session carries."""
        said = f"{session.caller.subject} {session.csrf}".encode()
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()

    def form_counts(self, session: Session, token: str) -> bool:
        """Whether a form with this token came from a page of this session."""
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())

    # the session's cookie

    def write(self, response: Response, session: Session) -> None:
        """Set the session's cookie, encrypted; what no cookie can hold beside the rest is left out of the details."""
        caller = session.caller
        content: dict[str, Any] = {
            "sub": caller.subject,
            "authority_id": caller.authority_id,
            "roles": sorted(caller.roles),
            "name": session.name,
            "full_name": caller.name,
            "school_number": caller.school_number,
            "authority_name": session.authority_name,
            "ends": session.ends.isoformat(),
            "csrf": session.csrf,
        }
        if session.details != NO_DETAILS:
            content["trust"] = session.details.trust
            told = content | {"details": dict(session.details.values)}
            content = told if len(self._value(self.cookie, told)) <= LONGEST_COOKIE else content
        self._set(response, self.cookie, content)

    def read(self, request: Request) -> Session | None:
        """As it was written, also where its time is over."""
        content = self._get(request, self.cookie)
        if content is None:
            return None
        caller = Caller(
            content["sub"],
            content["authority_id"],
            frozenset(content["roles"]),
            content.get("full_name", ""),
            school_number=content.get("school_number"),
        )
        ends = datetime.fromisoformat(content["ends"])
        trust = content.get("trust")
        details = AccountDetails(trust, content.get("details", {})) if trust in TRUST else NO_DETAILS
        return Session(caller, content["name"], content["authority_name"], ends, content["csrf"], details)

    def forget(self, response: Response) -> None:
        """Take the session's cookie away."""
        self._delete(response, self.cookie)

    # between leaving for the sign-in and coming back

    def add_attempt(self, request: Request, response: Response, attempt: Attempt, now: datetime) -> None:
        """Beside those of other windows."""
        until = (now + SIGN_IN_TIME).isoformat()
        kept = [*self._attempts(request, now), asdict(attempt) | {"until": until}]
        kept = kept[-MOST_ATTEMPTS:]
        while len(kept) > 1 and len(self._value(self._attempt_cookie, {"attempts": kept})) > LONGEST_COOKIE:
            kept = kept[1:]
        self._set(response, self._attempt_cookie, {"attempts": kept})

    def attempt(self, request: Request, state: str, now: datetime) -> Attempt | None:
        """The one that went out with `state`, from this browser."""
        for each in self._attempts(request, now):
            if hmac.compare_digest(each["state"].encode(), state.encode()):
                return Attempt(each["state"], each["nonce"], each["verifier"], each["then"])
        return None

    def drop_attempt(self, request: Request, response: Response, state: str, now: datetime) -> None:
        """Forget one attempt to sign in, and those whose time is over; other windows' stay."""
        left = [each for each in self._attempts(request, now) if each["state"] != state]
        if left:
            self._set(response, self._attempt_cookie, {"attempts": left})
        else:
            self._delete(response, self._attempt_cookie)

    def _attempts(self, request: Request, now: datetime) -> list[dict[str, str]]:
        content = self._get(request, self._attempt_cookie)
        kept = content.get("attempts", []) if content else []
        return [each for each in kept if now < datetime.fromisoformat(each["until"])]

    def _set(self, response: Response, name: str, content: dict[str, Any]) -> None:
        value = self._value(name, content)
        if len(value) > LONGEST_COOKIE:
            raise ValueError("a cookie that browsers would drop")
        response.set_cookie(name, value, path="/", secure=self._https, httponly=True, samesite="lax")

    def _value(self, name: str, content: dict[str, Any]) -> str:
        # the cookie's name is bound in: one cannot stand for the other
        text = json.dumps({"for": name, **content})
        return jwe.encrypt_compact(HEADER, text.encode(), self._key)

    def _get(self, request: Request, name: str) -> dict[str, Any] | None:
        value = request.cookies.get(name)
        if not value or len(value) > LONGEST_COOKIE:
            return None
        try:
            found = jwe.decrypt_compact(value, self._key, algorithms=list(HEADER.values()))
            content: dict[str, Any] = json.loads(found.plaintext or b"")
        except (JoseError, ValueError):
            return None
        return content if content.get("for") == name else None

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self._https, httponly=True, samesite="lax")
