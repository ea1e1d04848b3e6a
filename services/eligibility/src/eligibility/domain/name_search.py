"""By what people's names are found, however they are typed: YILDIRIM finds Yıldırım, and Mueller finds Müller. Pure."""

from collections.abc import Sequence
from typing import Literal

from eligibility.domain.names import words_of
from eligibility.domain.submission import PersonName, Submission

PEOPLE: tuple[Literal["child", "addressee"], ...] = ("child", "addressee")
MOST_WORDS = 5
"""Of what is looked for."""


def search_names(submission: Submission) -> str:
    """A line for each of the people, as it is looked for in the database."""
    return "\n".join(_folded(each) for each in _people(submission))


def search_words(text: str) -> Sequence[str]:
    """What is looked for, word by word: each must be in the names of one person. None where it is no name: digits are
    in none, and a single letter is in all of them."""
    parts = text.split()[:MOST_WORDS]
    if any(each.isdigit() for each in text):
        return []
    words = [word for part in parts for word in words_of(part).words]
    return [word for word in dict.fromkeys(words) if len(word) > 1]


def bearer(submission: Submission, words: Sequence[str]) -> str:
    """Which of the people bears all these words in their names, the child first: `child` or `addressee`; else empty."""
    folded = zip(PEOPLE, map(_folded, _people(submission)), strict=True)
    return next((who for who, names in folded if all(word in names for word in words)), "")


def _people(submission: Submission) -> list[PersonName | None]:
    return [submission.get(each) for each in PEOPLE]


def _folded(person: PersonName | None) -> str:
    if not person:
        return ""
    names = [words_of(str(said)) for said in (person.get("first_name"), person.get("last_name")) if said]
    return " ".join(word for name in names for word in (*name.words, name.whole))
