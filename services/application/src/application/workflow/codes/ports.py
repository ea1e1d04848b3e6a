"""What codes need of the store, in narrow ports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shared.audit.acts import AuditAct

from application.domain.codes import AccessCode, BatchId, CodeBatch, CodeId, LetterId, LetterRequest, LookLink, Tries
from application.domain.ids import ApplicationId, Owner


class CodeStore(Protocol):
    """Codes, and who tried wrong ones."""

    def add_codes(self, codes: Sequence[AccessCode]) -> None:
        """All or none."""

    def find_code(self, digest: bytes) -> AccessCode | None:
        """Also one that is used up, revoked, or over."""
        ...

    def code_of_account(self, account: Owner, *, lock: bool = False) -> AccessCode | None:
        """Whose session this is; None once its row is gone.

        Args:
            lock: nobody else sends with it meanwhile.
        """
        ...

    def use_code(self, code_id: CodeId, now: datetime) -> bool:
        """False where somebody was faster with the last use."""
        ...

    def batches_of(self, authority_id: str, limit: int) -> Sequence[CodeBatch]:
        """Of classes, newest first."""
        ...

    def revoke_batch(self, authority_id: str, batch_id: BatchId, now: datetime) -> bool:
        """False where this authority has none of this id. Revoked again it stays as it was."""
        ...

    def revoke_letter_codes(self, application_id: ApplicationId, now: datetime) -> None:
        """Those of earlier letters."""

    def drop_old_codes(self, expired_until: datetime, limit: int) -> int:
        """Returns how many were dropped."""
        ...

    def note_code_act(  # noqa: PLR0917  # as acts are
        self, authority_id: str, by: str, act: AuditAct, about: str, now: datetime, detail: Mapping[str, str]
    ) -> None:
        """On record, in the chain of the authority."""

    def take_tries(self, client: bytes, now: datetime) -> Tries:
        """Nothing wrong so far where nothing is kept. Nobody else counts for this client until this transaction
        ends."""
        ...

    def set_tries(self, client: bytes, tries: Tries, now: datetime) -> None:
        """In place of what was there."""

    def drop_old_tries(self, until: datetime) -> None:
        """Those that nobody has added to since."""


class LetterStore(Protocol):
    """Codes by letter that were asked for."""

    def add_letter(self, letter: LetterRequest) -> None:
        """One that waits to be printed."""

    def letters_since(self, application_id: ApplicationId, since: datetime) -> tuple[int, int]:
        """How many were asked for since, and how many wait."""
        ...

    def letters_of(self, authority_id: str, limit: int) -> Sequence[LetterRequest]:
        """That wait, oldest first."""
        ...

    def end_letter(self, letter_id: LetterId, now: datetime) -> bool:
        """It is printed. False where somebody was faster."""
        ...

    def drop_old_letters(self, asked_until: datetime, nobodys_until: datetime, limit: int) -> int:
        """Returns how many were dropped.

        Args:
            nobodys_until: of those of no application, which need not stay so long.
        """
        ...


class LookStore(Protocol):
    """Links that only look."""

    def add_look_link(self, link: LookLink) -> None:
        """A new one."""

    def find_look_link(self, token_digest: bytes) -> LookLink | None:
        """Also one whose time is over."""
        ...

    def count_look_links(self, application_id: ApplicationId, now: datetime) -> int:
        """Those that still lead somewhere."""
        ...

    def drop_look_links(self, application_id: ApplicationId) -> None:
        """All of this application."""

    def drop_old_look_links(self, expired_until: datetime, limit: int) -> int:
        """Returns how many were dropped."""
        ...


class PickUpStore(Protocol):
    """Codes by which tickets are picked up."""

    def put_pick_up(
        self, application_id: ApplicationId, digest: bytes, made_at: datetime, expires_at: datetime
    ) -> None:
        """In place of an earlier one of the same application."""

    def take_pick_up(self, digest: bytes, now: datetime) -> tuple[ApplicationId, datetime] | None:
        """Whose, and when it was made. Once: it is gone afterwards. None, after the same work, for one that is not
        there or has expired."""
        ...

    def drop_old_pick_ups(self, expired_until: datetime, limit: int) -> int:
        """Returns how many were dropped."""
        ...
