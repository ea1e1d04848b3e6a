"""Who acts for a child, and how surely that is known: told only where an authority asks for it."""

from shared.events.addresses import HomeAddress, Person
from shared.events.base import Fact


class Custody(Fact):
    """Who may act for the child, told where the authority asks for it."""

    asked: str
    """declaration, or document: then a document of the kind `custody` is to show it."""
    declared: str | None = None
    """sole, joint (the other guardian agrees), everyday (lives apart, and the child lives with the applicant),
    authorised, open (to be cleared); None: nothing was said."""
    second_guardian: Person | None = None
    """The other person who has custody; told where the notice goes to both."""
    second_address: HomeAddress | None = None
    """Of the second guardian; None: the child's home."""


class SignIn(Fact):
    """How surely the account's person is known, told where the authority asks for more than is known."""

    asked: str
    trust: str | None = None
    """none, basic, substantial, high; None: not known, as of an application that came by a program."""
