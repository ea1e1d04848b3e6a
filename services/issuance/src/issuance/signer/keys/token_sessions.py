"""The session with a PKCS#11 token, and how it comes back after the token was away.

A token is a network device or a card: it goes away, and its session with it. Whoever finds it broken starts the library
anew and logs in again. Where that fails too, the work is Unavailable: its rows are the list, and it is tried again.
A wrong PIN is tried once only, because a token locks itself after a few.

One session, and one thread at a time: python-pkcs11 starts the library without CKF_OS_LOCKING_OK, and then PKCS#11
(2.40, 5.4) forbids two threads in it. The signer's workers sign in batches, so that none waits long.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import pkcs11
import structlog
from pkcs11 import exceptions as errors
from prometheus_client import Counter, Gauge
from shared.errors import Text, Unavailable

from issuance.signer.keys.keys import KeyProblem
from issuance.signer.keys.token_uri import TokenUri

log = structlog.get_logger("signing")
reconnects = Counter("token_reconnects_total", "How often the PKCS#11 token was opened anew")
is_there = Gauge("token_available", "1 while the PKCS#11 token answers")

PIN_WRONG = (errors.PinIncorrect, errors.PinLocked, errors.PinExpired, errors.PinInvalid, errors.PinLenRange)
NOT_THE_TOKEN = (
    errors.MechanismInvalid,
    errors.KeySizeRange,
    errors.KeyTypeInconsistent,
    errors.TemplateInconsistent,
    errors.TemplateIncomplete,
    errors.TokenWriteProtected,
    errors.DataLenRange,
    errors.AttributeSensitive,
    errors.MultipleObjectsReturned,
    errors.MultipleTokensReturned,
)
"""Errors of what was asked; with every other one the token may come back."""
AWAY = Text(
    "Der Schlüsselspeicher antwortet gerade nicht. Es geht nichts verloren; es wird erneut versucht.",
    "The key token does not answer just now. Nothing is lost; it will be tried again.",
)
Result = TypeVar("Result")
Session = Any
"""pkcs11.Session: the library's own type names only a part of what it can do."""
_inside = threading.RLock()
"""Held by the one thread that is inside the library."""


class Sessions:
    """Work on a token, by any number of threads, one after the other."""

    def __init__(self, uri: TokenUri, *, may_write: bool = False) -> None:
        """Opens the token.

        Raises:
            KeyProblem: with a remedy where it cannot.
        """
        self.uri = uri
        self._may_write = may_write
        self._session: Session = None
        self.found: dict[str, Any] = {}
        """Private keys of this session by label: to search one takes ten times as long as to sign with it."""
        self._refused: KeyProblem | None = None
        try:
            self._open()
        except (errors.PKCS11Error, RuntimeError) as error:  # RuntimeError: the file is no PKCS#11 library
            raise KeyProblem(f"{self._name()}: {_remedy(error)}") from error

    def run(self, work: Callable[[Session], Result]) -> Result:
        """`work` may be done twice.

        Raises:
            Unavailable: while the token is away.
            KeyProblem: where a person must help.
        """
        with _inside:
            try:
                return self._try(work)
            except errors.PKCS11Error as error:
                log.warning("token_lost", token=self._name(), error=type(error).__name__)
            try:
                self._reopen()
                return self._try(work)
            except errors.NoSuchKey as error:
                raise KeyProblem(f"{self._name()}: there is no such key ({error})") from error
            except errors.PKCS11Error as error:
                is_there.set(0)
                log.warning("token_away", token=self._name(), error=type(error).__name__)
                raise Unavailable(AWAY) from error

    def _try(self, work: Callable[[Session], Result]) -> Result:
        if self._refused is not None:
            raise self._refused
        if self._session is None:
            raise errors.SessionClosed
        try:
            return work(self._session)
        except NOT_THE_TOKEN as error:
            raise KeyProblem(f"{self._name()}: {type(error).__name__}") from error

    def _open(self) -> None:
        with _inside:
            self.found.clear()
            library = pkcs11.lib(str(self.uri.module_path))
            if not library.initialized:
                library.initialize()
            wanted = {"token_label": self.uri.label, "token_serial": self.uri.serial.encode()}
            named = {name: value for name, value in wanted.items() if value}
            try:
                token: Any = library.get_token(**named)
            except errors.NoSuchToken:  # libraries list the tokens that were there when they were started
                self._stop_library()
                library.initialize()
                token = library.get_token(**named)
            try:
                self._session = token.open(rw=self._may_write, user_pin=self.uri.pin())
            except errors.UserAlreadyLoggedIn:  # a login counts for the whole process
                self._session = token.open(rw=self._may_write)
        is_there.set(1)

    def _reopen(self) -> None:
        self._session = None
        self._stop_library()
        try:
            self._open()
        except PIN_WRONG as error:
            self._refused = KeyProblem(f"{self._name()}: {_remedy(error)}")
            raise self._refused from error
        reconnects.inc()
        log.info("token_opened_anew", token=self._name())

    def _stop_library(self) -> None:
        with _inside, suppress(errors.PKCS11Error):
            pkcs11.lib(str(self.uri.module_path)).finalize()

    def _name(self) -> str:
        return f"token {self.uri.label or self.uri.serial}"


def _remedy(error: Exception) -> str:
    match error:
        case errors.PinLocked():
            return "the PIN is locked: have the security officer set a new one, and write it into the PIN file"
        case _ if isinstance(error, PIN_WRONG):
            return "the PIN in the PIN file is wrong: correct the file before you start again (a token locks itself)"
        case errors.NoSuchToken():
            return "no such token: is it plugged in, is its label or serial spelt as in `pkcs11-tool --list-slots`?"
        case errors.MultipleTokensReturned():
            return "several tokens bear this label: name the serial too"
    return f"it cannot be opened ({type(error).__name__}): see the log of the PKCS#11 library"
