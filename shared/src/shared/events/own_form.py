"""What an authority adds to the form of an application: words of its own on a page, and further questions."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictInt, StringConstraints, model_validator

from shared.blank import is_blank
from shared.errors import Language, Text
from shared.events.base import AuthorityId, Fact
from shared.http.validation import bilingual

LONGEST_TEXT, LONGEST_TITLE, LONGEST_CHOICE = 600, 160, 80
"""Characters of a page's words, of a question, of one of its choices."""
MOST_QUESTIONS, MOST_CHOICES = 20, 20
LONGEST_ANSWER = 500
LARGEST_NUMBER = 1_000_000
LONGEST_CONDITION = 500
SEEN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]*$"
"""Without characters that are not seen, or that turn the direction of what follows."""
Page = Literal[
    "school", "grade", "track", "course", "course-kind", "branch", "child", "home", "guardian", "guardian-home",
    "custody", "second-guardian", "second-guardian-home", "from", "circumstances", "health", "refusal", "second-home",
    "transport", "other-place", "share", "further", "medium", "documents", "consents",
]  # fmt: skip
"""Pages of an application by their names, on which an authority may say something."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Value = StrictBool | StrictInt | Annotated[str, StringConstraints(max_length=LONGEST_ANSWER, strict=True)]
"""Of an answer, as JSON has it."""

EMPTY = Text("Hier steht nichts, was man lesen kann.", "There is nothing here that can be read.")
ONE_KIND = Text(
    "Das Schema muss eines von diesen sein: Text mit maxLength, Text mit enum, Text mit format date, boolean, oder "
    "integer mit minimum und maximum.",
    "The schema must be one of these: a string with maxLength, a string with enum, a string with format date, boolean, "
    "or integer with minimum and maximum.",
)
UPSIDE_DOWN = Text("minimum ist größer als maximum.", "minimum is greater than maximum.")
CHOICE_TWICE = Text("Eine Antwort steht zweimal in enum.", "A choice stands in enum twice.")
NO_TITLES = Text(
    "choices muss für jede Antwort aus enum einen Text haben, und für keine andere.",
    "choices must have a text for each choice of enum, and for no other.",
)
KEY_TWICE = Text("Zwei Fragen haben denselben Schlüssel.", "Two questions have the same key.")


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise bilingual(EMPTY)
    return text


PageLine = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=SEEN), AfterValidator(_not_blank)
]
TitleLine = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TITLE, pattern=SEEN), AfterValidator(_not_blank)
]
ChoiceLine = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_CHOICE, pattern=SEEN), AfterValidator(_not_blank)
]


class Words(Fact):
    """The same in German and English. Plain text: whatever looks like markup is shown as it is written."""

    de: str
    en: str

    @property
    def text(self) -> Text:
        """As pages take it."""
        return Text(self.de, self.en)

    def in_language(self, language: Language) -> str:
        """The text in `de` or `en`."""
        return self.de if language == "de" else self.en


class PageWords(Words):
    de: PageLine
    en: PageLine


class TitleWords(Words):
    de: TitleLine
    en: TitleLine


class ChoiceWords(Words):
    de: ChoiceLine
    en: ChoiceLine


class AnswerSchema(Fact):
    """JSON Schema of an answer: one of five kinds, each within bounds."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    type: Literal["string", "boolean", "integer"]
    max_length: Annotated[int, Field(ge=1, le=LONGEST_ANSWER, strict=True)] | None = Field(
        default=None, alias="maxLength", exclude_if=lambda value: value is None
    )
    enum: Annotated[tuple[Key, ...], Field(min_length=2, max_length=MOST_CHOICES)] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
    format: Literal["date"] | None = Field(default=None, exclude_if=lambda value: value is None)
    minimum: Annotated[int, Field(ge=0, le=LARGEST_NUMBER, strict=True)] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
    maximum: Annotated[int, Field(ge=0, le=LARGEST_NUMBER, strict=True)] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )

    @property
    def kind(self) -> Literal["text", "choice", "date", "yes_no", "number"]:
        """How it is asked."""
        if self.type != "string":
            return "yes_no" if self.type == "boolean" else "number"
        return "choice" if self.enum is not None else "date" if self.format is not None else "text"

    @model_validator(mode="after")
    def _one_kind(self) -> "AnswerSchema":
        given = {
            name for name in ("max_length", "enum", "format", "minimum", "maximum") if getattr(self, name) is not None
        }
        wanted: Mapping[str, list[set[str]]] = {
            "string": [{"max_length"}, {"enum"}, {"format"}],
            "boolean": [set()],
            "integer": [{"minimum", "maximum"}],
        }
        if given not in wanted[self.type]:
            raise bilingual(ONE_KIND)
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise bilingual(UPSIDE_DOWN)
        if self.enum is not None and len(set(self.enum)) < len(self.enum):
            raise bilingual(CHOICE_TWICE)
        return self

    def as_json(self) -> dict[str, Any]:
        """As JSON Schema."""
        return self.model_dump(mode="json")


class FurtherQuestion(Fact):
    """Something that an authority asks besides what the form asks."""

    key: Key
    title: TitleWords
    help: PageWords | None = Field(default=None, exclude_if=lambda value: value is None)
    answer: AnswerSchema
    choices: Mapping[Key, ChoiceWords] = Field(default_factory=dict, exclude_if=lambda value: not value)
    """Of each value of `enum` what is read."""
    when: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONDITION)] | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
    """A condition in CEL over what the family told (shared.own_forms.conditions); None: asked of all."""
    required: bool = Field(default=False, strict=True)

    @model_validator(mode="after")
    def _titles(self) -> "FurtherQuestion":
        if set(self.choices) != set(self.answer.enum or ()):
            raise bilingual(NO_TITLES)
        return self


class FormDemands(Fact):
    """What an authority asks of who applies. Nothing of it refuses anybody: what is missing is asked."""

    trust: Literal["none", "basic", "substantial", "high"] = "none"
    """How surely the account's person is to be known; eIDAS calls them low, substantial, high."""
    custody: Literal["none", "declaration", "document"] = "none"
    """Whether it is asked who may act for the child, and whether a document is to show it."""
    both_guardians: bool = Field(default=False, strict=True)
    """Whether the notice goes to the other guardian too, who is asked for then."""


class OwnForm(Fact):
    """All that an authority adds; what it took over from another one is in it."""

    texts: Mapping[Page, PageWords] = Field(default_factory=dict)
    questions: Annotated[tuple[FurtherQuestion, ...], Field(max_length=MOST_QUESTIONS)] = ()
    demands: FormDemands | None = Field(default=None, exclude_if=lambda value: value is None)
    """None: nothing is asked of who applies."""

    @model_validator(mode="after")
    def _keys(self) -> "OwnForm":
        if len({each.key for each in self.questions}) < len(self.questions):
            raise bilingual(KEY_TWICE)
        return self


class WrittenForm(OwnForm):
    """The same as an authority writes it."""

    taken_over_from: AuthorityId | None = Field(default=None, exclude_if=lambda value: value is None)
    """The authority on whose form this one rests: own words and questions replace its by their keys."""


class FurtherAnswer(Fact):
    """What a family answered, with the question as it was asked."""

    key: str
    title: Words
    value: Value
    said: Words
    """The answer as it is read."""


class FurtherAnswers(Fact):
    """Answers to the questions of one version of an authority's form."""

    form_version: int
    answers: tuple[FurtherAnswer, ...]
