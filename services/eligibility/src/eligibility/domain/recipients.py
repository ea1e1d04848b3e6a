"""Who gets a notice: who applied, and the other guardian where an authority sends it to both. Pure."""

from eligibility.domain.submission import PersonName, Submission

APPLICANT, OTHER_GUARDIAN = 0, 1


def recipients_of(submission: Submission) -> tuple[int, ...]:
    """Each gets the notice in a way of its own, and has a period of its own. The other guardian is told by the family
    only where the authority's notices go to both: an action needs both where custody is joint (VG Ansbach, AN 2 K
    20.02118)."""
    return (APPLICANT, OTHER_GUARDIAN) if "second_guardian" in submission else (APPLICANT,)


def name_of(submission: Submission, recipient: int) -> PersonName | None:
    """None where the family's data are erased."""
    if recipient == APPLICANT:
        return submission.get("addressee")
    found = submission.get("second_guardian")
    return None if found is None else found["name"]
