"""Where a family's letters go: to the home that it has on that day, not to one that it told for later. Pure."""

from datetime import date

from eligibility.domain.submission import LettersBefore, PostalAddress, Submission


def letters_to(submission: Submission, day: date) -> PostalAddress | None:
    """The address of letters on `day`; None where the family's data are erased."""
    earlier = submission.get("letters_before")
    if earlier and day < date.fromisoformat(earlier["until"]):
        return earlier["address"]
    return submission.get("addressee_address")


def letters_before(
    known: Submission, told: PostalAddress, changed_from: date | None, day: date
) -> LettersBefore | None:
    """What is kept beside the address `told` on `day` for `changed_from`: where letters go until then. None where they
    go there at once.

    Args:
        known: what was kept until now.
    """
    address = known.get("addressee_address")
    if not address:
        return None
    kept = known.get("letters_before")
    until = changed_from if told != address else date.fromisoformat(kept["until"]) if kept else None
    present = letters_to(known, day)
    if until is None or until <= day or present is None or present == told:
        return None
    return {"until": until.isoformat(), "address": present}
