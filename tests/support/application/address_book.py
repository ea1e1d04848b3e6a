"""Answers for eligibility: every address is known, but for a street that is misspelt."""

from typing import Any

from shared.questions import AddressQuestion, AddressReply, Candidate, Question

MISSPELT, MEANT = "Kirschstraße", "Kirchstraße"


class AddressBook:
    """Implements Asks. `there`: whether anybody answers."""

    def __init__(self) -> None:
        self.there = True

    async def ask(self, question: Question, answer: type[Any]) -> Any:
        if not self.there or not isinstance(question, AddressQuestion):
            return None
        if question.street != MISSPELT:
            return AddressReply(outcome="known")
        place = {"postal_code": question.postal_code, "city": question.city}
        near = Candidate(street=MEANT, house_number=question.house_number, **place)
        return AddressReply(outcome="near", candidates=(near,))
