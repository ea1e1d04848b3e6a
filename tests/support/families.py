"""Families as a load needs them: a child of its own in each application, and one account that sends for a whole town."""

from datetime import date

from support.json import mapping, text

FIRST_NAMES = ("Zoë", "Mehmet", "Charlotte", "Noah", "Oskar", "Leyla", "Jürgen", "Emilia", "Friedrich", "Aylin", "Ben")
WIDE = {
    f"{service}_{limit}_{size}": "1000000"
    for service in ("APPLICATION", "ELIGIBILITY", "ISSUANCE", "WALLET_PASS")
    for limit in ("ADDRESS_REQUESTS", "ACCOUNT_REQUESTS", "ACCOUNT_CHANGES", "AUTHORITY_REQUESTS", "OPEN_REQUESTS")
    for size in ("PER_MINUTE", "BURST")
}
"""One account sends what thousands of families do: it is counted as they are, and never refused."""


def with_child(body: dict[str, object], number: int) -> dict[str, object]:
    """The application of another child: a second one for the same goes to a person."""
    born = date.fromisoformat(text(mapping(body["pupil"])["birth_date"])).replace(day=1 + number % 28)
    child = {
        "first_name": FIRST_NAMES[number % len(FIRST_NAMES)],
        "last_name": family_name(number),
        "birth_date": born.isoformat(),
    }
    return body | {"pupil": mapping(body["pupil"]) | child}


def family_name(number: int) -> str:
    """One for each number, no two of them a typing error apart: that child would go to a person."""
    syllables = ("bar", "kel", "mon", "tis", "vug", "lop", "fedz", "nax")
    return "Mül" + "".join(syllables[number // 8**place % 8] for place in range(6))
