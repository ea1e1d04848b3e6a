"""Which school is the nearest, said for the record (NRW: § 9 SchfkVO)."""

from eligibility.rules import texts
from eligibility.rules.facts import NO_SCHOOL, Facts
from eligibility.rules.findings import Finding, note
from eligibility.rules.law.before import wordings
from eligibility.rules.law.texts import Said
from eligibility.rules.law.texts import nearest as say
from eligibility.rules.law.way import has_own_branch, is_assigned
from eligibility.rules.rule_set.rule_set import Law


def nearest_school(facts: Facts, law: Law) -> Finding | None:
    """Said for the record: against which school the limit is tested, and that it was found by distance."""
    if is_assigned(facts, law):
        return note("nearest_school", law.basis("nearest.assigned_counts"), *say.BY_ASSIGNMENT)
    basis = law.basis("nearest.compared_by_law")
    if has_own_branch(facts, law):
        return note("nearest_school", basis, *say.OF_A_BRANCH)
    if facts.attends_nearest is None:
        return None
    found = say.is_nearest if facts.attends_nearest else say.is_not_nearest
    return note("nearest_school", basis, *found(_kind(facts, law), _compared(facts, law)))


def _compared(facts: Facts, law: Law) -> Said:
    """By what schools were compared: said only where there is a nearer one, for elsewhere it decides nothing and reads as
    if the law had been missed."""
    if law.word("nearest.compared_by_law") != "cost":
        return say.NOTHING
    if not law.does.say_comparison_where_it_decides:
        return wordings.COMPARISON_BY_LENGTH
    return say.NOTHING if facts.attends_nearest else say.BY_LENGTH_FOR_COST


def _kind(facts: Facts, law: Law) -> Said:
    """A school of a kind that the family chose is compared with others of that kind."""
    school, forms = facts.school or NO_SCHOOL, "nearest.kind_forms"
    if not law.does.name_kinds_of_school or not law.has(forms) or school.form not in law.words(forms):
        return say.NOTHING
    kind = texts.KINDS_OF_SCHOOL.get(school.kind or "")
    return say.of_kind(kind) if kind else say.NOTHING
