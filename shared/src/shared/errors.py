"""The five kinds of error, raised anywhere and translated only at the edge: HTTP problem, or ack / nak / term.

A refused application is a result, not an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Language = Literal["de", "en"]


@dataclass(frozen=True)
class Text:
    """What a user reads, in both languages. Says what to do; repeats no personal data."""

    de: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in `de` or `en`."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field of the request, by its dotted path (`pupil.birth_date`, `siblings.0.birth_date`)."""

    field: str
    text: Text
    candidates: tuple[Mapping[str, str], ...] = ()
    """Of an address: what may be meant, each with street, house_number, postal_code and city."""


class Problem(Exception):
    """Something that the asker can understand and act on."""

    status: ClassVar[int]
    kind: ClassVar[str]
    title: ClassVar[Text]

    def __init__(
        self,
        text: Text,
        *,
        field: str | None = None,
        problems: Sequence[FieldProblem] = (),
        more: Mapping[str, object] | None = None,
    ) -> None:
        """`more`: what a program needs to go on, as members of the problem document beside those of RFC 9457."""
        super().__init__(text.en)
        self.text = text
        self.more = dict(more or {})
        self.problems: tuple[FieldProblem, ...] = tuple(problems)
        if field is not None:
            self.problems = (FieldProblem(field, text), *self.problems)


class Invalid(Problem):
    """The request cannot be used as it is."""

    status = 422
    kind = "invalid"
    title = Text("Die Angaben sind nicht vollständig oder nicht gültig.", "The request is incomplete or not valid.")


class Forbidden(Problem):
    """Known, but not allowed to do this."""

    status = 403
    kind = "forbidden"
    title = Text("Dafür fehlt Ihnen die Berechtigung.", "You are not allowed to do this.")


class NotFound(Problem):
    """Not there, or not yours: the answer is the same."""

    status = 404
    kind = "not-found"
    title = Text("Das gibt es hier nicht.", "There is nothing here.")


class Conflict(Problem):
    """Contradicts what has already happened."""

    status = 409
    kind = "conflict"
    title = Text("Das passt nicht zum bisherigen Stand.", "This contradicts the present state.")


class Unavailable(Problem):
    """Temporary: the same request may work later.

    `retry_after`: seconds, where who does not answer has said how long it wants to be left alone.
    """

    retry_after: float = 0.0

    status = 503
    kind = "unavailable"
    title = Text("Der Dienst ist gerade nicht erreichbar.", "The service is not available just now.")


PERMANENT: tuple[type[Problem], ...] = (Invalid, Forbidden, NotFound, Conflict)
"""On the bus these end a message: trying again cannot help."""


def place_of(error: BaseException | None) -> str:
    """Where it arose, for a log, without what it says: an exception's text may quote a request or a row."""
    trace = error.__traceback__ if error else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
