"""Names of schools as people say them: without the level that the state's register writes behind them. Pure."""

import re

LEVEL = re.compile(r"\s*-\s*(?:Primarst|Sekundarst|Sek\b|P\. und)[^-]*-?\s*$")
"""«Grundschule Am Markt - Primarstufe -»: the class beside it says so already. Some 1,500 of the names in the
register of November 2026."""


def spoken_name(name: str) -> str:
    """Where nothing would be left, the name stays as it is."""
    return LEVEL.sub("", name) or name
