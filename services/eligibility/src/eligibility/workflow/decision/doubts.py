"""What stands against letting the rules' answer count: what is not known, and what the measurement leaves open. Pure."""

from functools import lru_cache

from geography.model import FLAG_TEXTS, Measurement
from geography.model.doubt import names_of
from shared.errors import Text

from eligibility.rules import Evaluation, Facts, Finding, Rules, evaluate, texts, to_family
from eligibility.rules.engines import ENGINE, is_newest
from eligibility.rules.findings import question
from eligibility.rules.law.applicant import applicant
from eligibility.rules.partly_known import possible_births
from eligibility.rules.rule_set.rule_set import Law
from eligibility.workflow.decision.assessment import Assessment
from eligibility.workflow.decision.lengths import other_lengths
from eligibility.workflow.policy import WITHOUT_ENTRANCE
from eligibility.workflow.ports import ApplicationContext, MeasuredRoutes

BASIS = "§ 7 Abs. 1 SchfkVO"


def missing_knowledge(found: ApplicationContext, routes: MeasuredRoutes | None) -> list[Finding]:
    """What this service does not know or may not decide."""
    asked = []
    if found.school is None:
        asked.append(question("school", "§ 3 SchfkVO", "Die Schule steht nicht im Schulverzeichnis. Welche Schule wird besucht?",
                          "The school is not in the register. Which school is attended?", family=to_family.SCHOOL))  # fmt: skip
    elif not found.authority.bears(found.school.authority_number):
        asked.append(question("school", "§ 3 SchfkVO", "Die Schule hat laut Verzeichnis einen anderen Schulträger. Wer ist zuständig?",
                          "By the register, another authority bears this school. Who is responsible?",
                          family=to_family.WE_FIND_WHO_IS_RESPONSIBLE))  # fmt: skip
    if found.home is None:
        asked.append(question("address", BASIS, "Die Anschrift steht nicht im Adressverzeichnis. Wo liegt die Haustür?",
                          "The address is not in the directory. Where is the front door?", family=to_family.ADDRESS))  # fmt: skip
    if routes is not None and not isinstance(routes.attended, Measurement):
        text = routes.attended.text
        asked.append(question("no_way", BASIS, f"Der Schulweg konnte nicht gemessen werden: {text.de}",
                          f"The way to school could not be measured: {text.en}", family=to_family.WE_MEASURE))  # fmt: skip
    return asked


def condition_in_doubt(
    assessment: Assessment, facts: Facts, evaluation: Evaluation, unknown: list[Finding]
) -> list[Finding]:
    """What keeps a refusal from standing by itself: who decides, or who applies, is open, facts cannot be read, the home contradicts the
    form, or the rule set is of an earlier engine, which refused while a claim was open."""
    if evaluation.outcome != "refused":
        return []
    found = [each for each in unknown if each.rule in ("school", "facts")]
    others = evaluation.decided_by - {"residence", "fare"} if evaluation.firm else frozenset[str]()
    here = assessment.context.home is not None or assessment.context.area_known
    if "residence" in evaluation.decided_by and not others and here:
        found.append(question(
            "contradiction", "§ 24 VwVfG NRW",
            "Angegeben ist ein Wohnort außerhalb des Landes, Anschrift, Postleitzahl oder Ort stehen aber im Adressverzeichnis des Schulträgers: Wo wohnt das Kind?",
            "The child is said to live outside the state, but the address, its postal code or town is in the authority's directory: where does the child live?",
            family=to_family.HOME_ELSEWHERE,
        ))  # fmt: skip
    found += _unsure_applicant(facts, assessment.law)  # a refusal too is told to whom it concerns
    return [*found, *_not_refused_by_the_newest_engine(facts, evaluation, assessment.policy.rules)]


def _unsure_applicant(facts: Facts, law: Law | None) -> list[Finding]:
    """Asked where it is open on a day that the pupil's birth date may be: the law sees none that is known in part."""
    if law is None:
        return []
    alone = facts.model_copy(update={"siblings": None})
    found = [applicant(each, law) for each in possible_births(alone)]
    return [each for each in found if each is not None and each.result == "question"][:1]


def _not_refused_by_the_newest_engine(facts: Facts, evaluation: Evaluation, rules: Rules) -> list[Finding]:
    """A rule set keeps the engine it was written for; a new decision refuses nobody whom the newest would ask or grant,
    nor for a condition that holds by the newest."""
    if is_newest(rules.rule_set.engine):
        return []
    again = evaluate(facts, _by_the_newest_engine(rules))
    if again.outcome == "review":
        return [each for each in again.reasons if each.result == "question"]
    if again.outcome == "refused" and (not evaluation.firm or evaluation.decided_by <= again.decided_by):
        return []
    return [question(
        "doubt", "§ 24 VwVfG NRW",
        "Nach dem Regelsatz in Kraft wäre abzulehnen, nach dem heutigen Stand der Regeln aus diesem Grund nicht: Ist der Antrag zu bewilligen?",
        "By the rule set in force this would be refused, by the rules as they stand today not for this reason: is it to be granted?",
        family=to_family.WE_LOOK,
    )]  # fmt: skip


@lru_cache(maxsize=256)
def _by_the_newest_engine(rules: Rules) -> Rules:
    if is_newest(rules.rule_set.engine):
        return rules
    return Rules(rules.rule_set.model_copy(update={"engine": ENGINE}))


def in_doubt(assessment: Assessment, facts: Facts, evaluation: Evaluation) -> list[Finding]:
    """The band of doubt belongs to the measurement: the same facts are decided again with every length at the other end
    of what it may be. A refusal stands only if the longest ways refuse too, a grant only if the shortest grant; where
    the authority has conditions of its own on lengths, also those between."""
    if evaluation.outcome == "review":
        return []
    refused, rules = evaluation.outcome == "refused", assessment.policy.rules
    applied = _by_the_newest_engine(rules) if refused else rules
    others = (evaluate(each, applied) for each in other_lengths(assessment, facts, refused=refused))
    other = next((each for each in others if each.outcome != evaluation.outcome), None)
    if other is None:
        return []
    asked = [each for each in other.reasons if each.result == "question"]
    asked = [each for each in asked if each.rule not in ("distance", "nearest_school", "limit", "fare", "second_home")]
    return [_said(assessment, facts, evaluation), *asked]


def _said(assessment: Assessment, facts: Facts, evaluation: Evaluation) -> Finding:
    """In words, where the doubt lies: so near, of two readings, at the edge of the map, or of another way."""
    limit, tested = evaluation.limit_m, assessment.tested
    if limit is None or tested is None:
        return _some_length()
    band_m, why = assessment.policy.band_of(tested), _unsure_end(tested)
    (german, english), (limit_german, limit_english) = texts.metres(tested.metres, limit), texts.limit(limit)
    if abs(tested.metres - limit) <= band_m:
        return question("doubt", BASIS, f"Gemessen wurden {german}; das ist so nahe an {limit_german}, dass eine Person den Weg prüft.{why.de}",
                        f"{english} were measured, so close to {limit_english} that a person checks the way.{why.en}",
                        family=to_family.WE_MEASURE)  # fmt: skip
    safe = facts.distance_without_hazards_m
    if "dangerous_route" in evaluation.decided_by and safe is not None and abs(safe - limit) <= band_m:
        german, english = texts.metres(safe, limit)
        return question("doubt", "§ 6 Abs. 2 SchfkVO", f"Der Weg um die Gefahrenstelle ist {german} lang; das ist so nahe an {limit_german}, dass eine Person ihn prüft.",
                        f"The way around the danger is {english} long, so close to {limit_english} that a person checks it.",
                        family=to_family.WE_MEASURE)  # fmt: skip
    if (tested.lenient_m > limit) != (tested.strict_m is None or tested.strict_m > limit):
        places = names_of(each.as_json() for each in tested.doubts)
        named = ("", "") if places is None else (f" Es geht um: {places.de}.", f" It is about: {places.en}.")
        return question("doubt", BASIS, f"Ob zweifelhafte Wegstücke zählen, entscheidet hier über {limit_german}: Eine Person prüft den Weg.{named[0]}",
                        f"Whether doubtful stretches count decides about {limit_english} here: a person checks the way.{named[1]}",
                        family=to_family.WE_MEASURE)  # fmt: skip
    if evaluation.outcome == "granted" and "could_leave_extract" in tested.flags:
        text = FLAG_TEXTS["could_leave_extract"]
        return question("doubt", BASIS, text.de, text.en, family=to_family.WE_MEASURE)
    return _some_length()


def _unsure_end(way: Measurement) -> Text:
    """Why the band is wider."""
    told = [FLAG_TEXTS[each] for each in sorted(WITHOUT_ENTRANCE & set(way.flags))]
    return Text("".join(f" {each.de}" for each in told), "".join(f" {each.en}" for each in told))


def _some_length() -> Finding:
    return question(
        "doubt", BASIS,
        "Eine der Längen, auf denen die Entscheidung beruht, liegt so nahe an einer Grenze, dass eine Person sie prüft.",
        "One of the lengths on which the decision rests lies so near to a limit that a person checks it.",
        family=to_family.WE_MEASURE,
    )  # fmt: skip
