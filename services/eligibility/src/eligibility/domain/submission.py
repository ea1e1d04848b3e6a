"""What is kept of an application for letters and notices: apart, so that it can be erased. Pure.

Typed dictionaries, since it is read as it was written: one of an earlier program knows fewer keys, and after erasure
none are left.
"""

from typing import NotRequired, TypedDict


class PersonName(TypedDict):
    """As the application tells it."""

    first_name: str
    """May be empty: some people bear one name only."""
    last_name: str


class PostalAddress(TypedDict):
    """Of a home, a letter, or a place of teaching."""

    street: str
    house_number: str
    postal_code: str
    city: str
    flat: NotRequired[str]


class LettersBefore(TypedDict):
    """Where letters go until a move that the family told before it moved."""

    until: str
    """The first day at the new address, ISO."""
    address: PostalAddress


class SecondGuardian(TypedDict):
    """The other guardian, who gets the notice too."""

    name: PersonName
    address: NotRequired[PostalAddress]
    """Where it is not the home."""


class KeptWords(TypedDict):
    """The same in two languages."""

    de: str
    en: str


class KeptAnswer(TypedDict):
    """An answer to a further question, with the question as it was asked."""

    key: str
    title: KeptWords
    value: bool | int | str
    said: KeptWords


class KeptAnswers(TypedDict):
    """To the questions of one version of the authority's form."""

    form_version: int
    answers: list[KeptAnswer]


class KeptCustody(TypedDict):
    """Who may act for the child, as the family declared it; see `shared.events.Custody`."""

    asked: str
    declared: str | None
    second_guardian: NotRequired[PersonName]
    """Who is sent the notice too."""
    second_address: NotRequired[PostalAddress]
    """Where it is another than the child's home."""


class Submission(TypedDict, total=False):
    """Days and moments are written as in ISO 8601."""

    place_of_teaching: PostalAddress
    second_home: PostalAddress
    holder_change: int
    further: KeptAnswers
    custody: KeptCustody
    portal_notice: bool
    """The family reads notices in the portal."""
    mailbox: str
    """The handle of the account's mailbox, as the provider of the account names it."""
    mailbox_excluded: bool
    """The user has excluded it for notices (§ 9 Abs. 1 OZG)."""
    addressee: PersonName
    addressee_address: PostalAddress
    second_guardian: SecondGuardian
    child: PersonName
    birth_date: str
    """Perhaps known in part: 2015-00-00."""
    grade: str
    wanted_from: str
    language: str
    school_name: str
    applied_at: str
    changed_from: str
    """Of a change: from which day on it holds."""
    letters_before: LettersBefore
