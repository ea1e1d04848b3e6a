"""Forms of authorities: one to look at, and any that the check accepts."""

from hypothesis import strategies as st
from shared.events.own_form import LONGEST_CHOICE, LONGEST_TEXT, LONGEST_TITLE, FurtherQuestion, Page, Value
from shared.own_forms.conditions import FACTS
from support.json import text, whole

QUESTIONS: tuple[dict[str, object], ...] = (
    {
        "key": "bus_line",
        "title": {"de": "Mit welcher Linie fährt Ihr Kind?", "en": "Which line does your child take?"},
        "help": {"de": "Nur die Nummer.", "en": "The number alone."},
        "answer": {"type": "string", "maxLength": 10},
        "required": True,
    },
    {
        "key": "day_care",
        "title": {"de": "Geht Ihr Kind in den Ganztag?", "en": "Is your child in day care?"},
        "answer": {"type": "string", "enum": ["long", "short", "no_care"]},
        "choices": {
            "long": {"de": "bis 16 Uhr", "en": "until 4 p.m."},
            "short": {"de": "bis 14 Uhr", "en": "until 2 p.m."},
            "no_care": {"de": "nein", "en": "no"},
        },
        "when": 'school_form == "G" && grade in ["01", "02", "03", "04"]',
    },
    {
        "key": "since",
        "title": {"de": "Seit wann?", "en": "Since when?"},
        "answer": {"type": "string", "format": "date"},
        "when": 'benefits.exists(b, b == "WoGG")',
    },
)
"""Three, two of them of some children alone."""
BUS: dict[str, object] = {
    "texts": {"home": {"de": "Bitte die <b>Meldeadresse</b>.", "en": "Please the <b>registered</b> address."}},
    "questions": [*QUESTIONS],
}
"""One text and all of these questions."""

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))


def lines(longest: int) -> st.SearchStrategy[str]:
    """Of anything that can be seen, markup too."""
    markup = st.sampled_from(("<script>alert(1)</script>", "{{ 7 * 7 }}", "</p><h1>", "&amp;", "**x**", "%s %d {0}"))
    return st.one_of(
        markup, st.text(LETTERS, min_size=1, max_size=min(longest, 40)).map(lambda each: f"a{each}"[:longest])
    )


def words(longest: int) -> st.SearchStrategy[dict[str, str]]:
    """In both languages."""
    return st.fixed_dictionaries({"de": lines(longest), "en": lines(longest)})


KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
CONDITIONS = st.one_of(
    st.sampled_from([f"{name} == true" for name, kind in FACTS.items() if kind == "bool"]),
    st.sampled_from([f'{name} != ""' for name, kind in FACTS.items() if kind == "string"]),
    st.sampled_from(['benefits.exists(b, b.startsWith("W"))', "sibling_count > 1", "1 / sibling_count == 1", "true"]),
    st.sampled_from(['benefits[7] == "x"', "int(grade) > 4", 'grade.matches("(a+)+$")']),
)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, object]:
    """Any that can be asked."""
    made: dict[str, object] = {"key": draw(KEYS), "title": draw(words(LONGEST_TITLE)), "required": draw(st.booleans())}
    kind = draw(st.sampled_from(("text", "choice", "date", "yes_no", "number")))
    match kind:
        case "text":
            made["answer"] = {"type": "string", "maxLength": draw(st.integers(1, 500))}
        case "choice":
            keys = draw(st.lists(KEYS, min_size=2, max_size=5, unique=True))
            made["answer"] = {"type": "string", "enum": keys}
            made["choices"] = {each: draw(words(LONGEST_CHOICE)) for each in keys}
        case "date":
            made["answer"] = {"type": "string", "format": "date"}
        case "yes_no":
            made["answer"] = {"type": "boolean"}
        case "number":
            least, most = sorted((draw(st.integers(0, 1_000_000)), draw(st.integers(0, 1_000_000))))
            made["answer"] = {"type": "integer", "minimum": least, "maximum": most}
    if draw(st.booleans()):
        made["help"] = draw(words(LONGEST_TEXT))
    if draw(st.booleans()):
        made["when"] = draw(CONDITIONS)
    return made


@st.composite
def own_forms(draw: st.DrawFn) -> dict[str, object]:
    """Any that an authority may write."""
    texts = draw(st.dictionaries(st.sampled_from(Page.__args__), words(LONGEST_TEXT), max_size=4))  # type: ignore[attr-defined]
    asked = draw(st.lists(questions(), max_size=5, unique_by=lambda each: text(each["key"])))
    return {"texts": texts, "questions": asked}


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 1_000_001), st.floats(allow_nan=False), st.text(max_size=600),
    st.dates().map(str), st.lists(st.integers(), max_size=2), st.just({}),
)  # fmt: skip
"""What anybody may send as an answer."""


def fitting(question: FurtherQuestion) -> tuple[Value, str]:
    """An answer that fits, as JSON and as it is typed."""
    match question.answer.kind:
        case "choice":
            key = (question.answer.enum or ("",))[-1]
            return key, key
        case "date":
            return "2026-09-01", "1.9.2026"
        case "yes_no":
            return True, "yes"
        case "number":
            most = whole(question.answer.maximum)
            return most, str(most)
    return "7", "7"
