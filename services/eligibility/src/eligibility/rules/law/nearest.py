"""Which school is the nearest, said for the record (NRW: § 9 SchfkVO)."""

from eligibility.rules import texts
from eligibility.rules.facts import NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, note
from eligibility.rules.law.way import has_own_branch, is_assigned
from eligibility.rules.rule_set.rule_set import Law


def nearest_school(facts: Facts, law: Law) -> Finding | None:
    """Said for the record: against which school the limit is tested, and that it was found by distance."""
    if is_assigned(facts, law):
        return note(
            "nearest_school", law.basis("nearest.assigned_counts"),
            "Die besuchte Schule wurde von der Schulaufsicht als Förderort benannt und gilt als nächstgelegene.",
            "The school attended was named by the school supervision and counts as the nearest.",
        )  # fmt: skip
    basis = law.basis("nearest.compared_by_law")
    if has_own_branch(facts, law):
        return note(
            "nearest_school", basis,
            "Die besuchte Schule hat den gewählten Bildungsweg, den die nähere Schule nicht anbietet, und gilt als nächstgelegene.",
            "The school attended has the branch that was chosen, which the nearer school does not offer, and counts as the nearest.",
        )  # fmt: skip
    if facts.attends_nearest is None:
        return None
    (german, english), (of_kind, of_kind_english) = _compared(facts, law), _kind(facts, law)
    if facts.attends_nearest:
        return note(
            "nearest_school", basis,
            f"Die besuchte Schule ist die nächstgelegene der gewählten Schulform{of_kind}.{german}",
            f"The school attended is the nearest of its form{of_kind_english}.{english}",
        )  # fmt: skip
    return note(
        "nearest_school", basis,
        f"Die besuchte Schule ist nicht die nächstgelegene der gewählten Schulform{of_kind}; maßgeblich ist der Weg zur nächstgelegenen.{german}",
        f"The school attended is not the nearest of its form{of_kind_english}; the way to the nearest one counts.{english}",
    )  # fmt: skip


def _compared(facts: Facts, law: Law) -> tuple[str, str]:
    """By what schools were compared: from engine 5 on said only where there is a nearer one, for elsewhere it decides
    nothing and reads as if the law had been missed."""
    if law.word("nearest.compared_by_law") != "cost":
        return "", ""
    if law.engine < 5:
        return (
            " Das Gesetz vergleicht nach Aufwand; verglichen wurde nach der Länge des Weges.",
            " The law compares by cost; the comparison was made by distance.",
        )
    if facts.attends_nearest:
        return "", ""
    return (
        " Maßgeblich ist der geringste Aufwand; er wurde hier nach der Länge des Weges beurteilt.",
        " What counts is the least cost; it was judged here by the length of the way.",
    )


def _kind(facts: Facts, law: Law) -> tuple[str, str]:
    """A school of a kind that the family chose is compared with others of that kind."""
    school, forms = facts.school or NO_SCHOOL, "nearest.kind_forms"
    if law.engine < 5 or not law.has(forms) or school.form not in law.words(forms):
        return "", ""
    kind = texts.KINDS_OF_SCHOOL.get(school.kind or "")
    return (f" und Schulart ({kind[0]})", f" and kind ({kind[1]})") if kind else ("", "")
