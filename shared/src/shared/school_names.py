"""Names of schools as people say them: without the level that the state's register writes behind them. Pure."""

import re

STEP = r"(?:Primarstufen?|Primarst\.?|Primar\.?|Prim\.|Sekundarstufen?|Sekundarst\.?|Sek\.?|P\.?)"
NUMBER = r"(?:\s*(?:I{1,2}\b)\.?)?"
STEPS = rf"{STEP}{NUMBER}(?:\s*(?:,|/|&|\+|-|u\.|und)\s*(?:d\.\s*)?(?:{STEP}{NUMBER}|I{{1,2}}\b\.?))*"
OF = r"(?:(?:Städt(?:ische|\.)\s*)?Schule\s*(?:der|d\.)\s*)"
LEVELS = (
    re.compile(rf"\s*-\s*{OF}?{STEPS}\s*-?\s*$"),
    re.compile(rf"\s*[,(]\s*{OF}?{STEPS}\s*\)?\s*$"),
    re.compile(rf"(?<!\.)\s+{OF}{STEPS}\s*-?\s*$"),
    re.compile(rf"\s+(?!P\.?\s*-?$){STEPS}\s*-?\s*$"),
)
"""«Grundschule Am Markt - Primarstufe -», «… Schule der Sekundarstufe I»: the class beside it says so already. Some
2,000 of the names in the register of November 2026."""
WITHIN = re.compile(rf"\s*-\s*{STEPS}\s*-\s+(?=\w)")
"""«Grundschule - Primarstufe - Leverkusen-Wiesdorf»."""
HALF_WORD = re.compile(r"(?<=[a-zäöüß])- (?!(?:und|oder|bzw|u|d|der|des|die|im|in|am|an|mit|für|f|i|m)\b)(?=[a-zäöüß])")
"""The register's columns cut «Förder- schule» in two. «Haupt- und Realschule» is none, and neither is the dash behind
«- Primarstufe- d. Bistums Paderborn»."""
OPEN_END = re.compile(r"(?:\s+(?:der|des|mit|den|d\.|als|und|u\.|in|für|die)|\s*[-,])+$")


def everyday_name(name: str) -> str:
    """Where nothing would be left, the name stays as it is."""
    whole = HALF_WORD.sub("", name)
    said = WITHIN.sub(" ", whole)
    for level in LEVELS:
        said = level.sub("", said)
    return (OPEN_END.sub("", said) if said != whole else said) or whole
