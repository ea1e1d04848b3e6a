"""Answers for eligibility: every address is known, but for a street that is misspelt."""

from shared.questions import AddressQuestion, AddressReply, Candidate, Question
from support.answers import Answer, as_asked

MISSPELT, MEANT = "Kirschstraße", "Kirchstraße"


class AddressBook:
    """Implements Asks. `there`: whether anybody answers."""

    def __init__(self) -> None:
        self.there = True

    async def ask(self, question: Question, answer: type[Answer]) -> Answer | None:
        if not self.there or not isinstance(question, AddressQuestion):
            return None
        if question.street != MISSPELT:
            return as_asked(AddressReply(outcome="known"), answer)
        place = {"postal_code": question.postal_code, "city": question.city}
        near = Candidate(street=MEANT, house_number=question.house_number, **place)
        return as_asked(AddressReply(outcome="near", candidates=(near,)), answer)
