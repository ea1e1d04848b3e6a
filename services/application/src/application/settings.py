"""What the service and its commands must be told, from the environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from shared.database.address import DatabaseAddress
from shared.mail import MailSettings
from shared.sign_in import SchoolSettings

from application import api
from application.checks.uploads import KEPT_OF_ONE, MEGABYTE
from application.domain.retention import ACTION_DAYS
from application.domain.retention_table import ShortTerms
from application.domain.retention_terms import RetentionTerms
from application.workflow import KEPT, KEPT_OF_A_DRAFT, DraftTerms, MailOffice

SHORTEST_KEY = 32
"""Characters."""


class Settings(SchoolSettings, MailSettings):
    """From the environment: APPLICATION_PORT, APPLICATION_DATABASE_URL …

    APPLICATION_FAMILY_…: the sign-in of families with a browser; unset: they have the pages alone that need none.
    APPLICATION_SCHOOL_…: the sign-in of schools' offices; unset: they have no pages.
    APPLICATION_MAIL_…: the server that brings hints to families; unset: none are sent.
    APPLICATION_DESK_…: the sign-in by which case workers open documents from the page of a case; unset: they cannot.
    """

    model_config = SettingsConfigDict(env_prefix="APPLICATION_")

    keys_url: DatabaseAddress
    """The key store: a database of its own for the keys of families, apart from what they encrypt and from its copies;
    `sqlite:///path` or `postgresql+psycopg://…`."""
    keys_file: Path
    """The wrapping keys that wrap them, as written by `application keys wrapping-key`."""

    desk_session_minutes: int = Field(10, ge=5, le=720)
    """Short, as signing out at the desk does not end it here; a new one costs no password while the identity provider
    still knows the person."""
    document_bytes_per_account: int = Field(KEPT_OF_ONE, ge=0)
    """Of all documents of one account together, in bytes; 0: as many as come. Our own choice: twenty of the largest
    size, where a family with three children sends some ten of 3 MB a year."""
    document_openings_days: int = Field(730, ge=1, le=3650)
    """So long it is kept who of the authority opened which document. Our own choice: no rule for it was found. Until
    the end of the next year is what § 76 (4) BDSG sets for such records of the police, at most two years."""

    draft_days: int = Field(KEPT.days, ge=1, le=365)
    """So long a draft is kept after the last edit."""
    draft_document_bytes: int = Field(KEPT_OF_A_DRAFT, ge=0)
    """Of the documents of one draft together; 0: as many as come."""
    drafts_per_account_and_day: int = Field(20, ge=0)
    """0: no limit. Our own choice: a family with five children that begins each four times."""
    drafts_per_address_and_day: int = Field(500, ge=0)
    """0: no limit. Our own choice: behind one address may be a school's office, or a telephone company's customers."""
    draft_document_bytes_per_day: int = Field(500 * MEGABYTE, ge=0)
    """Into drafts, by one account, or by one address without an account; 0: no limit. Our own choice: fifty families
    behind one address, each with three photographs; it bounds what a stranger can make us keep."""

    invitations_per_account_and_day: int = Field(20, ge=0)
    """0: no limit. Our own choice, as of drafts: five people for each of four children."""

    exports_per_account_and_day: int = Field(10, ge=0)
    """0: no limit. Our own choice: all documents of a family are read for each."""
    code_key_file: Path | None = None
    """Makes the digests of codes for people without an account: at least 32 random characters, the same for all
    processes. None: there are no codes. With another key no code counts any more."""

    accessibility_email: str | None = Field(default=None, pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+$")
    """Where families say what is not accessible on the pages; None: they are led to their school authority."""

    @property
    def code_key(self) -> bytes | None:
        """Exits where the file cannot be used."""
        if self.code_key_file is None:
            return None
        try:
            key = self.code_key_file.read_text().strip().encode()
        except OSError as error:
            raise SystemExit(f"setting APPLICATION_CODE_KEY_FILE: {error}") from None
        if len(key) < SHORTEST_KEY:
            raise SystemExit(f"setting APPLICATION_CODE_KEY_FILE: the key needs at least {SHORTEST_KEY} characters")
        return key

    @property
    def draft_terms(self) -> DraftTerms:
        """How long drafts are kept, and how much in one."""
        return DraftTerms(timedelta(days=self.draft_days), self.draft_document_bytes)

    @property
    def short_terms(self) -> ShortTerms:
        """How long what goes without its application is kept."""
        return ShortTerms(self.draft_days, self.document_openings_days)

    @property
    def office(self) -> MailOffice | None:
        """Where mails are sent; None: nowhere. Exits where the key cannot be used."""
        if self.mail_host is None:
            return None
        return MailOffice(self.public_url, self.key_of_mails())

    @property
    def draft_limits(self) -> api.DraftLimits:
        """How much may be begun and handed in within a day."""
        of_account, of_address = self.drafts_per_account_and_day, self.drafts_per_address_and_day
        return api.DraftLimits.of(of_account, of_address, self.draft_document_bytes_per_day, self.proxies)


class RightsSettings(BaseSettings):
    """How long a decision holds back the erasure of its family."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    action_days: int = Field(ACTION_DAYS, ge=1, le=3650)
    """So long after a decision an action may still come in. Unsure, as the delivery is not known here."""
    retention_undecided_days: int = Field(RetentionTerms.undecided_days, ge=0, le=36500)
    """This and the next: for how long an application is kept, by what became of it (domain.retention_terms). No period
    was found in the law; our own choice, for an authority to set."""
    retention_withdrawn_days: int = Field(RetentionTerms.withdrawn_days, ge=0, le=36500)
    retention_refused_days: int = Field(RetentionTerms.refused_days, ge=0, le=36500)
    retention_granted_days: int = Field(RetentionTerms.granted_days, ge=0, le=36500)
    retention_sensitive_days: int = Field(RetentionTerms.sensitive_days, ge=0, le=36500)

    @property
    def terms(self) -> RetentionTerms:
        """For how long an application is kept."""
        return RetentionTerms(
            self.action_days,
            self.retention_undecided_days,
            self.retention_withdrawn_days,
            self.retention_refused_days,
            self.retention_granted_days,
            self.retention_sensitive_days,
        )


class KeySettings(BaseSettings):
    """Where the keys of families lie."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    keys_url: DatabaseAddress
    keys_file: Path


class DatabaseSettings(BaseSettings):
    """What commands need that only touch the database."""

    model_config = SettingsConfigDict(env_prefix="APPLICATION_", extra="ignore")

    database_url: DatabaseAddress
