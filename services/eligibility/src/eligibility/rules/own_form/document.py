"""An authority's form as it is written: YAML or JSON, on top of another authority's. Every mistake has its place."""

from collections.abc import Sequence

from pydantic import ValidationError
from shared.errors import Invalid, Text
from shared.events.own_form import MOST_QUESTIONS, FurtherQuestion, OwnForm, Page, PageWords, WrittenForm
from shared.http.problems import from_validation
from shared.own_forms.conditions import check

from eligibility.rules.rule_set.positions import parse_text
from eligibility.rules.rule_set.rule_set import Mistake

UNUSABLE = Text("Das Formular ist so nicht verwendbar.", "The form cannot be used like this.")
MADE_OF = Text(
    "Ein Formular besteht aus texts, questions, demands und taken_over_from.",
    "A form is made of texts, questions, demands and taken_over_from.",
)
TOO_MANY = Text(
    f"Mit den übernommenen sind es mehr als {MOST_QUESTIONS} Fragen. Streichen Sie eigene.",
    f"With those that are taken over there are more than {MOST_QUESTIONS} questions. Leave out some of your own.",
)
MOST_PROBLEMS = 100


def read_form(text: str) -> WrittenForm:
    """A form from YAML or JSON.

    Raises:
        Invalid: every mistake with path, line, column and remedy.
    """
    content, places = parse_text(text, MADE_OF)
    problems = [places.problem(each) for each in places.twice[:MOST_PROBLEMS]]
    try:
        form = WrittenForm.model_validate(content, extra="forbid")
    except ValidationError as error:
        problems += [places.problem(each) for each in _mistakes(error)]
        raise Invalid(UNUSABLE, problems=problems[:MOST_PROBLEMS]) from None
    problems += [
        places.problem_within(("questions", number, "when"), wrong)
        for number, each in enumerate(form.questions)
        if each.when is not None and (wrong := check(each.when)) is not None
    ]
    if problems:
        raise Invalid(UNUSABLE, problems=problems)
    return form


def merge_forms(forms: Sequence[OwnForm]) -> OwnForm:
    """One form of several, each on top of the one after it: own words and questions replace those of the same key at
    their place, new questions come behind. What is asked of who applies is the uppermost's that says it.

    Raises:
        Invalid: where that makes too many.
    """
    texts: dict[Page, PageWords] = {}
    questions: dict[str, FurtherQuestion] = {}
    for form in reversed(forms):
        texts |= form.texts
        questions |= {each.key: each for each in form.questions}
    if len(questions) > MOST_QUESTIONS:
        raise Invalid(TOO_MANY, field="questions")
    demands = next((each.demands for each in forms if each.demands is not None), None)
    return OwnForm(texts=texts, questions=tuple(questions.values()), demands=demands)


def _mistakes(error: ValidationError) -> list[Mistake]:
    found = []
    for each in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]:
        text = from_validation([each]).problems[0].text
        name = str(each["loc"][-1])[:60] if each["loc"] else ""
        found.append(Mistake(tuple(each["loc"]), Text(f"{name}: {text.de}", f"{name}: {text.en}") if name else text))
    return found
