"""Text that a built-in font can show: for PDFs that must come out whatever a person is called. Pure."""

import unicodedata
from typing import Any

REPLACEMENT = "\N{WHITE SQUARE}"


def displayable(value: Any) -> Any:
    """Letters of the Latin, Greek and Cyrillic kind and common marks stay; all else becomes a white square."""
    if isinstance(value, dict):
        return {key: displayable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [displayable(each) for each in value]
    if isinstance(value, str):
        return "".join(each if _is_common(each) else REPLACEMENT for each in value)
    return value


def _is_common(character: str) -> bool:
    if character < "\u0250":
        return character.isprintable() or character in "\N{NO-BREAK SPACE}\n"
    name = unicodedata.name(character, "")
    return name.startswith(
        ("LATIN", "COMBINING", "GREEK SMALL", "GREEK CAPITAL", "CYRILLIC SMALL", "CYRILLIC CAPITAL")
    ) or ("\u2010" <= character <= "\u2044" and character.isprintable())
