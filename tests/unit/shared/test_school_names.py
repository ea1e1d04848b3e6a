"""Names of schools without the level that the register writes behind them."""

import csv
import re
from pathlib import Path

import pytest
from shared.school_names import everyday_name


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
        ("Mulvany-Realschule Städtische Schule der Sekundarstufe I", "Mulvany-Realschule"),
        (
            "Grundschule Haldem Gem. Grundschule der Gem. Stemwede -P-",
            "Grundschule Haldem Gem. Grundschule der Gem. Stemwede",
        ),
        ("Städt. Gymnasium Olpe ( Sek. I/Sek. II )", "Städt. Gymnasium Olpe"),
        ("Städt. Kath. Schule der Primarstufe", "Städt. Kath. Schule"),
        ("Ersatzgrundschule für die Primarstufe", "Ersatzgrundschule"),
        ("Städt. Förder- schule am Bach", "Städt. Förderschule am Bach"),
        ("Haupt- und Realschule", "Haupt- und Realschule"),
        ("Städt. Gem. Grundschule - Primarstufe - Leverkusen-Wiesdorf", "Städt. Gem. Grundschule Leverkusen-Wiesdorf"),
        ("Kath. Grundschule - Primarstufe- d. Bistums Paderborn", "Kath. Grundschule d. Bistums Paderborn"),
    ],
)
def test_the_level_is_left_out_and_nothing_else(name: str, spoken: str) -> None:
    assert everyday_name(name) == spoken


@pytest.mark.real_data
def test_of_the_whole_register_hardly_a_name_keeps_its_level(real_data: Path) -> None:
    with (real_data / "nrw" / "Schulen.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = [" ".join(each[f"ABez{part}"].strip() for part in (1, 2, 3)).strip() for each in rows]
    spoken = [everyday_name(each) for each in names]
    level = re.compile(r"(?:Primarst\w*\.?|Sekundarst\w*\.?(?: I+)?|Sek\.? ?I+\.?|-P-)\s*-?\s*$")
    assert len(names) > 5000 and all(spoken)
    assert sum(bool(level.search(each)) for each in spoken) <= 10
    shorter = [short for name, short in zip(names, spoken, strict=True) if len(short) < len(name) - 5]
    assert not [each for each in shorter if re.search(r"(?:\s(?:der|des|für die|mit)|,)$", each)]
    assert not [each for each in spoken if re.search(r"[a-zäöüß]- (?!und|oder|u\.|bzw|d\.|im|in)[a-zäöüß]", each)]
    glued = re.compile(r"stufe(?:d\.|im|der|des|in)\b")
    assert not [each for each in spoken if glued.search(each)]
    assert sum(bool(re.search(r"- ?(?:Primar|Sekundar)\w* ?- \w", each)) for each in spoken) <= 10
