"""Who acts for the child, and how surely that is known. What an authority asks for and has not got is asked, and
refuses nobody. Pure."""

from shared.errors import Text
from shared.events import ApplicationSubmitted, Custody, SignIn

from eligibility.rules import Finding, to_family
from eligibility.rules.findings import question

SUFFICES = frozenset({"sole", "joint", "everyday"})
"""As a declaration. With joint custody each parent may act where the other agrees (§ 1629 Abs. 1 BGB); where they live
apart, the one with whom the child mostly lives, in matters of everyday life (§ 1687 Abs. 1 BGB)."""
DECLARED = {
    "sole": Text("allein sorgeberechtigt", "sole custody"),
    "joint": Text(
        "gemeinsam sorgeberechtigt, die andere Person ist einverstanden", "joint custody, the other guardian agrees"
    ),
    "everyday": Text(
        "gemeinsam sorgeberechtigt, getrennt lebend, das Kind lebt bei der Person, die den Antrag stellt",
        "joint custody, living apart, the child lives with who applies",
    ),
    "authorised": Text("handelt mit Vollmacht oder ist bestellt", "acts with an authorisation, or is appointed"),
    "open": Text("noch zu klären", "still to be cleared"),
}
LEVELS = {
    "none": Text("ohne gesichertes Niveau", "no certain level"),
    "basic": Text("niedrig", "low"),
    "substantial": Text("substanziell", "substantial"),
    "high": Text("hoch", "high"),
}


def questions_on_acting(event: ApplicationSubmitted) -> list[Finding]:
    """What a person has to clear before a decision goes out."""
    return [*_on_custody(event.custody), *_on_sign_in(event.sign_in)]


def _on_custody(told: Custody | None) -> list[Finding]:
    if told is None or (told.asked == "declaration" and told.declared in SUFFICES):
        return []
    basis = "§ 1629 Abs. 1 BGB"
    said = DECLARED.get(told.declared or "")
    if told.asked == "document" and said is not None:
        return [question("custody", basis,
                         f"Erklärt ist: {said.de}. Zeigt ein Nachweis, wer für das Kind handeln darf?",
                         f"Declared: {said.en}. Does a document show who may act for the child?",
                         family=to_family.CUSTODY_DOCUMENT)]  # fmt: skip
    if told.declared == "authorised":
        return [question("custody", basis, "Liegt eine Vollmacht oder Bestellung vor?",
                         "Is there an authorisation, or an appointment?",
                         family=to_family.CUSTODY_DOCUMENT)]  # fmt: skip
    return [question("custody", basis, "Wer darf für das Kind handeln? Das ist nicht erklärt.",
                     "Who may act for the child? Nothing is declared.", family=to_family.CUSTODY)]  # fmt: skip


def _on_sign_in(told: SignIn | None) -> list[Finding]:
    if told is None:
        return []
    asked, known = LEVELS.get(told.asked, LEVELS["none"]), LEVELS.get(told.trust or "none", LEVELS["none"])
    return [question("identity", "§ 24 VwVfG NRW",
                     f"Verlangt ist das Vertrauensniveau {asked.de}, die Anmeldung war: {known.de}. "
                     "Steht fest, wer den Antrag stellt?",
                     f"The level of trust that is asked for is {asked.en}, the sign-in was: {known.en}. "
                     "Is it certain who applies?",
                     family=to_family.IDENTITY)]  # fmt: skip
