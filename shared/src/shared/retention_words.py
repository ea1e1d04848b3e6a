"""The lines of a retention table in words: for the families' page and for docs/data-protection.md. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import Language, Text
from shared.retention import Category, Period, RetentionRule

DAYS_OF_YEAR = 365.25


def duration(period: Period, language: Language) -> str:
    """As it is said: 90 Tage, 2 Jahre; empty where the moment itself is the end."""
    if not period.days:
        return ""
    years = round(period.days / DAYS_OF_YEAR)
    if years and abs(period.days - years * DAYS_OF_YEAR) < 1:
        return _counted(years, language, Text("Jahr", "year"), Text("Jahre", "years"))
    return _counted(period.days, language, Text("Tag", "day"), Text("Tage", "days"))


def _counted(number: int, language: Language, one: Text, more: Text) -> str:
    return f"{number} {(one if number == 1 else more).in_language(language)}"


def rule_as_data(rule: RetentionRule) -> dict[str, Any]:
    """To be told to another service's page."""
    return {
        "tables": list(rule.tables),
        "content": _texts(rule.content),
        "purpose": _texts(rule.purpose),
        "recipients": _texts(rule.recipients),
        "periods": [{"since": _texts(each.since), "days": each.days} for each in rule.periods],
        "categories": [str(each) for each in rule.categories],
        "legal_basis": rule.legal_basis,
        "certainty": rule.certainty,
    }


def rule_of_data(data: Mapping[str, Any]) -> RetentionRule:
    """What `rule_as_data` wrote."""
    return RetentionRule(
        tables=tuple(data["tables"]),
        content=Text(**data["content"]),
        purpose=Text(**data["purpose"]),
        recipients=Text(**data["recipients"]),
        periods=tuple(Period(Text(**each["since"]), each["days"]) for each in data["periods"]),
        categories=tuple(Category(each) for each in data["categories"]),
        legal_basis=data["legal_basis"],
        certainty=data["certainty"],
    )


def without_common(rules: Sequence[RetentionRule], common: Sequence[RetentionRule]) -> list[RetentionRule]:
    """Those that are a service's own."""
    known = {each.tables for each in common}
    return [each for each in rules if each.tables not in known]


def _texts(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}
