"""pydantic's findings in words that a user reads: what is wrong with each field, and what to do. Repeats no value."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from shared.errors import FieldProblem, Invalid, Text

VALIDATION: dict[str, Text] = {
    "json_invalid": Text("Das ist kein gültiges JSON.", "This is not valid JSON."),
    "missing": Text("Diese Angabe fehlt. Bitte ergänzen Sie sie.", "This is missing. Please add it."),
    "extra_forbidden": Text(
        "Diese Angabe ist hier nicht vorgesehen. Bitte lassen Sie sie weg.",
        "This is not expected here. Please leave it out.",
    ),
    "string_type": Text("Hier wird ein Text erwartet.", "A text is expected here."),
    "string_too_short": Text(
        "Das ist zu kurz. Es braucht mindestens {min_length} Zeichen.",
        "This is too short. It needs at least {min_length} characters.",
    ),
    "string_too_long": Text(
        "Das ist zu lang. Höchstens {max_length} Zeichen sind möglich.",
        "This is too long. At most {max_length} characters are possible.",
    ),
    "string_pattern_mismatch": Text(
        "Das hat nicht die erwartete Form, oder es enthält unsichtbare Zeichen, wie sie beim Kopieren entstehen. Bitte "
        "tippen Sie es neu ein.",
        "This does not have the expected form, or it contains invisible characters, as copying leaves them. Please "
        "type it anew.",
    ),
    "too_long": Text(
        "Das sind zu viele Einträge, höchstens {max_length}.", "These are too many entries, at most {max_length}."
    ),
    "too_short": Text(
        "Das sind zu wenige Einträge, mindestens {min_length}.", "These are too few entries, at least {min_length}."
    ),
    "bool_type": Text(
        "Hier wird ja oder nein erwartet (true oder false).", "Yes or no is expected here (true or false)."
    ),
    "bool_parsing": Text(
        "Hier wird ja oder nein erwartet (true oder false).", "Yes or no is expected here (true or false)."
    ),
    "int_type": Text("Hier wird eine ganze Zahl erwartet.", "A whole number is expected here."),
    "int_parsing": Text("Hier wird eine ganze Zahl erwartet.", "A whole number is expected here."),
    "float_type": Text("Hier wird eine Zahl erwartet.", "A number is expected here."),
    "float_parsing": Text("Hier wird eine Zahl erwartet.", "A number is expected here."),
    "finite_number": Text("Hier wird eine endliche Zahl erwartet.", "A finite number is expected here."),
    "greater_than": Text("Der Wert muss größer als {gt} sein.", "The value must be greater than {gt}."),
    "greater_than_equal": Text("Der Wert muss mindestens {ge} sein.", "The value must be at least {ge}."),
    "less_than": Text("Der Wert muss kleiner als {lt} sein.", "The value must be less than {lt}."),
    "less_than_equal": Text("Der Wert darf höchstens {le} sein.", "The value must be at most {le}."),
    "literal_error": Text("Möglich ist hier: {expected}.", "Possible here: {expected}."),
    "enum": Text("Möglich ist hier: {expected}.", "Possible here: {expected}."),
    "uuid_parsing": Text("Das ist keine gültige Kennung (UUID).", "This is not a valid id (UUID)."),
}
DATE = Text("Hier wird ein Datum erwartet, in der Form 2030-08-31.", "A date is expected here, in the form 2030-08-31.")
OBJECT = Text("Hier wird eine Gruppe von Angaben erwartet.", "A group of fields is expected here.")
OTHER = Text("Diese Angabe ist nicht gültig.", "This is not valid.")


def bilingual(text: Text) -> PydanticCustomError:
    """An error for a pydantic validator: `raise bilingual(Text("…", "…"))`."""
    return PydanticCustomError("bilingual", "{en}", {"de": text.de, "en": text.en})


def from_validation(errors: Sequence[Any], *, whole: str = "body") -> Invalid:
    """pydantic's errors as one problem that names every field. Repeats no value: it may be personal."""
    problems = [FieldProblem(_field(error["loc"]) or whole, _text(error)) for error in errors[:50]]
    return Invalid(
        Text("Bitte berichtigen Sie die genannten Angaben.", "Please correct the fields named here."), problems=problems
    )


def _field(location: Sequence[str | int]) -> str:
    parts = [str(part)[:60] for part in location]
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return ".".join(parts)


def _text(error: Any) -> Text:
    kind: str = error["type"]
    context = error.get("ctx") or {}
    if kind == "bilingual":
        return Text(context["de"], context["en"])
    if kind.startswith(("date_", "datetime_")):
        return DATE
    if kind in ("model_type", "model_attributes_type", "dict_type", "list_type", "tuple_type"):
        return OBJECT
    text = VALIDATION.get(kind, OTHER)
    if "expected" in context:  # pydantic joins with an English "or", and quotes as Python does
        context = {**context, "expected": str(context["expected"]).replace(" or ", ", ").replace("'", "")}
    try:
        return Text(text.de.format(**context), text.en.format(**context))
    except (KeyError, IndexError):
        return OTHER
