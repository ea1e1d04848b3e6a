"""Names of schools without the level that the register writes behind them."""

import pytest
from eligibility.domain.school_name import spoken_name


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Städt. Gem. Grundschule Am Markt - Primarstufe -", "Städt. Gem. Grundschule Am Markt"),
        ("Annaschule -Primarstufe-", "Annaschule"),
        ("Gesamtschule Nord - Sekundarstufen I und II -", "Gesamtschule Nord"),
        ("Realschule - Sek. I -", "Realschule"),
        ("Heinrich-Böll-Schule - Primarstufe", "Heinrich-Böll-Schule"),
        ("Schule am Wall - Schule eigener Art -", "Schule am Wall - Schule eigener Art -"),
        ("Europaschule Sekundarstufe I-  Bornheim", "Europaschule Sekundarstufe I-  Bornheim"),
        ("- Primarstufe -", "- Primarstufe -"),
    ],
)
def test_the_level_is_left_out_and_nothing_else(name: str, spoken: str) -> None:
    assert spoken_name(name) == spoken
