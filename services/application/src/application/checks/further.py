"""Answers to the further questions of an authority: which are asked, and what is missing or wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import FieldProblem, Text
from shared.events.own_form import FormDemands, FurtherAnswers, FurtherQuestion, Value
from shared.own_forms.answers import answer_of, problem_of
from shared.own_forms.conditions import questions_for

from application.domain.own_form import OwnFormInForce
from application.domain.school import School

PART = "further"
"""Of the form."""
NOT_ASKED = Text(
    "Diese Frage stellt der Schulträger hier nicht. Bitte lassen Sie sie weg.",
    "The school authority does not ask this question here. Please leave it out.",
)
ANSWER = Text("Bitte beantworten Sie diese Frage.", "Please answer this question.")


@dataclass(frozen=True)
class FurtherCheck:
    """What was asked of a family, and what it answered."""

    version: int
    """Of the authority's form; 0 where it has none."""
    asked: tuple[FurtherQuestion, ...]
    answers: Mapping[str, Value]
    """By key: those that are asked and fit."""
    missing: tuple[FieldProblem, ...]
    wrong: tuple[FieldProblem, ...]
    dropped: tuple[str, ...]
    """Keys that were answered, and are not asked, or not any more."""
    demands: FormDemands | None = None
    """What the authority asks of who applies."""

    @property
    def problems(self) -> list[FieldProblem]:
        """Of a form that is handed in as it is."""
        unasked = [FieldProblem(f"{PART}.{key}", NOT_ASKED) for key in self.dropped]
        return [*self.missing, *self.wrong, *unasked]

    def told(self) -> FurtherAnswers | None:
        """With each question as it was asked; None where nothing is answered."""
        given = [answer_of(each, self.answers[each.key]) for each in self.asked if each.key in self.answers]
        return FurtherAnswers(form_version=self.version, answers=tuple(given)) if given else None


def further_questions(
    own: OwnFormInForce | None, parts: Mapping[str, Any], school: School | None
) -> tuple[FurtherQuestion, ...]:
    """Those that are asked where the form says this.

    Args:
        parts: of the form, as JSON.
    """
    if own is None or school is None:
        return ()
    return questions_for(own.content, {**parts, "school_form": school.form})


def check_further(own: OwnFormInForce | None, parts: Mapping[str, Any], school: School | None) -> FurtherCheck:
    """All about the answers of a form.

    Args:
        parts: of the form, as JSON.
    """
    asked = further_questions(own, parts, school)
    given = {key: value for key, value in (parts.get(PART) or {}).items() if value is not None}
    known = {each.key: each for each in asked}
    faults = {key: problem_of(known[key], value) for key, value in given.items() if key in known}
    wrong = {key: text for key, text in faults.items() if text is not None}
    return FurtherCheck(
        version=own.version if own else 0,
        asked=asked,
        answers={key: given[key] for key in faults if key not in wrong},
        missing=tuple(
            FieldProblem(f"{PART}.{each.key}", ANSWER) for each in asked if each.required and each.key not in given
        ),
        wrong=tuple(FieldProblem(f"{PART}.{key}", text) for key, text in wrong.items()),
        dropped=tuple(key for key in given if key not in known),
        demands=own.content.demands if own else None,
    )


def refused_answers(own: OwnFormInForce | None, given: Mapping[str, Any]) -> list[FieldProblem]:
    """Of a part of a draft: what the authority asks nobody, and what does not fit. Whether a question is asked of this
    child may still change."""
    known = {each.key: each for each in own.content.questions} if own else {}
    problems = []
    for key, value in given.items():
        text = NOT_ASKED if key not in known else None if value is None else problem_of(known[key], value)
        if text is not None:
            problems.append(FieldProblem(f"{PART}.{key}", text))
    return problems
