"""What the rules would grant on the family's word alone is looked at by a person first. Pure."""

from geography.model import School

from eligibility.rules import Evaluation, Facts, Finding, to_prove
from eligibility.rules.findings import question
from eligibility.workflow.ports import MeasuredRoutes

TOLD = frozenset({"afternoon_lessons", "place_of_teaching"})
"""Grounds of which only the family has told; the others ask for their proof themselves."""


def claims_needing_proof(facts: Facts, evaluation: Evaluation) -> list[Finding]:
    """Lessons elsewhere or in the afternoon; an income; any carriage but public transport, which the authority chooses;
    and an escort, whose proof can only come after the application."""
    wish = facts.transport
    asked = []
    if evaluation.outcome == "granted" and evaluation.decided_by and evaluation.decided_by <= TOLD:
        rule = min(evaluation.decided_by)
        basis = "§ 8 SchfkVO" if rule == "place_of_teaching" else "§ 5 Abs. 3 SchfkVO"
        asked.append(question(rule, basis, "Der Anspruch beruht auf den Angaben der Familie zum Unterricht. Bestätigt die Schule sie?",
                              "The claim rests on what the family says of the lessons. Does the school confirm it?", family=to_prove.LESSONS))  # fmt: skip
    if evaluation.outcome == "granted" and evaluation.transport not in (None, "public"):
        asked.append(question("transport", "§§ 12 bis 16 SchfkVO",
                              "Nach den Angaben der Familie kommen Bus und Bahn nicht in Frage. Trifft das zu, und welche Beförderung wird gewählt?",
                              "By what the family says, public transport is out of the question. Is that so, and which transport is chosen?",
                              family=to_prove.NO_PUBLIC_TRANSPORT))  # fmt: skip
    elif (
        evaluation.outcome != "review" and wish and wish.public_unsuitable_claimed and not wish.public_unsuitable_proven
    ):
        asked.append(question("transport", "§ 13 Abs. 3 SchfkVO",
                              "Bus und Bahn sollen wegen einer Behinderung oder Krankheit nicht möglich sein: Was belegt das Attest?",
                              "Public transport is said to be impossible because of a disability or illness: what does the certificate confirm?",
                              family=to_prove.CERTIFICATE_FOR_TRANSPORT))  # fmt: skip
    escort = facts.escort
    if evaluation.outcome == "granted" and escort is not None and escort.proven is None:
        asked.append(question("escort", "§ 11 SchfkVO", "Was belegt, dass das Kind auf dem Weg eine Begleitperson braucht (Attest oder Bescheid)?",
                              "What confirms that the child needs an escort on the way (medical certificate or official letter)?",
                              family=to_prove.ESCORT))  # fmt: skip
    income = next((each for each in evaluation.reasons if each.rule == "income" and each.result == "met"), None)
    if evaluation.outcome == "granted" and income is not None:
        asked.append(question("income", income.legal_basis, "Womit ist das Einkommen nachgewiesen?",
                              "By what is the income proven?", family=to_prove.INCOME))  # fmt: skip
    return asked


def another_school_refused(refused_by: str | None, routes: MeasuredRoutes | None, alike: list[School]) -> list[Finding]:
    """A refusal helps where it came from the school that was measured as the nearest."""
    if refused_by is None or routes is None or routes.nearer is None or routes.nearer[0] == refused_by:
        return []
    names = {each.number: each.short_name or each.name for each in alike}
    nearest = names.get(routes.nearer[0], routes.nearer[0])
    refusing = names.get(refused_by, refused_by)
    return [question("nearest_refused", "§ 9 SchfkVO",
                     f"Abgelehnt hat nach Angabe der Familie {refusing}; die nächstgelegene Schule ist aber {nearest}. Hat auch sie abgelehnt?",
                     f"By what the family says, {refusing} refused; but the nearest school is {nearest}. Did it refuse as well?",
                     family=to_prove.another_refused(refusing, nearest))]  # fmt: skip
