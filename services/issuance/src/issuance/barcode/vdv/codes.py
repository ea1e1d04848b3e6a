"""The code lists of VDV-KA as far as the sources name them (docs/sources/vdv.md, 3, 5, 6, 7), German and English.

A code that is not here is no reason to refuse a ticket: lists grow, and no right hangs on the words.
"""

from typing import NamedTuple


class Words(NamedTuple):
    de: str
    en: str


PAYMENT = {
    0: Words("keine Angabe", "not given"),
    1: Words("bar", "cash"),
    2: Words("Kreditkarte (Quellen uneinig)", "credit card (sources disagree)"),
    3: Words("Kreditkarte oder POB/PEB (Quellen uneinig)", "credit card or POB/PEB (sources disagree)"),
    5: Words("POB/PEB (Quellen uneinig)", "POB/PEB (sources disagree)"),
    6: Words("Lastschrift", "direct debit"),
    7: Words("Rechnung", "invoice"),
    8: Words("Werteinheiten", "value units"),
    14: Words("Gutschein", "voucher"),
    17: Words("Electronic Cash", "electronic cash"),
    24: Words("GeldKarte", "GeldKarte"),
    25: Words("Mastercard", "Mastercard"),
    26: Words("Visa", "Visa"),
    27: Words("HandyTicket-Konto", "HandyTicket account"),
    28: Words("Telefonrechnung", "phone bill"),
    111: Words("PayPal", "PayPal"),
}
PASSENGER = {
    0: Words("keine Angabe", "not given"),
    1: Words("Erwachsene", "adult"),
    2: Words("Kind", "child"),
    3: Words("Studierende", "student"),
    5: Words("Mensch mit Behinderung", "disabled"),
    6: Words("Mensch mit Behinderung", "disabled"),
    7: Words("Mensch mit Behinderung", "disabled"),
    8: Words("arbeitslos", "unemployed"),
    9: Words("Personal", "staff"),
    10: Words("Militär", "military"),
    17: Words("Tier (zahlt)", "paid animal"),
    19: Words("Schülerin oder Schüler", "pupil"),
    20: Words("Auszubildende", "trainee"),
    25: Words("Senioren", "senior"),
    64: Words("ermäßigt", "reduced"),
    65: Words("Fahrrad", "bicycle"),
    66: Words("Hund", "dog"),
    **{code: Words("frei vereinbart", "free use") for code in range(251, 256)},
}
TRANSPORT = {
    0: Words("keine Angabe", "not given"),
    1: Words("Stadtbus", "city bus"),
    3: Words("U- oder S-Bahn", "metro or suburban railway"),
    4: Words("Straßenbahn", "tram"),
    32: Words("Nahverkehr im Verbund", "local transport of the association"),
    34: Words("Schienenpersonennahverkehr", "regional railway"),
}
SERVICE_CLASS = {
    0: Words("keine Angabe", "not given"),
    1: Words("1. Klasse", "first class"),
    2: Words("2. Klasse", "second class"),
    3: Words("Zuschlag 1. Klasse", "first-class supplement"),
}
GENDER = {
    0: Words("keine Angabe", "not given"),
    1: Words("männlich", "male"),
    2: Words("weiblich", "female"),
    3: Words("divers", "diverse"),
}
TERMINAL = {
    2: Words("Fahrkartenautomat", "vending machine"),
    14: Words("Kundenschalter", "service desk"),
    15: Words("Fahrerterminal", "driver terminal"),
    16: Words("HandyTicket-Server", "HandyTicket server"),
    17: Words("Ticketserver", "ticket server"),
}
LOCATION = {
    0: Words("Bushaltestelle", "bus stop"),
    2: Words("Bahnhof", "station"),
    11: Words("Verkaufsstelle", "sales point"),
    200: Words("Haltestelle", "stop"),
    212: Words("Haltestelle (HAFAS)", "stop (HAFAS)"),
    215: Words("Ticketserver", "ticket server"),
    252: Words("Gemeinde", "municipality"),
    253: Words("Kreis", "district"),
    255: Words("keiner", "none"),
}
MEDIUM = {
    "E": Words("Bankkarte", "bank card"),
    "K": Words("Kreditkarte", "credit card"),
    "Ö": Words("Kundenkarte", "customer card"),
    "P": Words("Personalausweis", "identity card"),
    "R": Words("Reisepass", "passport"),
    "T": Words("Telefon", "telephone"),
    "Z": Words("Sozialpass", "social pass"),
    "S": Words("Schülerausweis", "pupil's card"),
    "A": Words("Studierendenausweis", "student card"),
    "C": Words("Kundennummer", "client number"),
    "G": Words("Gerätenummer", "device number"),
    "X": Words("Sicherheitspapier", "security paper"),
    "Y": Words("Sicherheitspapier", "security paper"),
}
PRODUCT = {
    9999: Words("Deutschlandticket", "Deutschlandticket"),
    9998: Words("Deutschlandticket Job", "Deutschlandticket Job"),
    9997: Words("D-Startkarte", "D-Startkarte"),
    9996: Words("Deutschlandsemesterticket", "Deutschlandticket for students"),
    9995: Words("Deutschlandticket Schule", "Deutschlandticket for pupils"),
}
"""Numbers of the Deutschlandticket, the same under every product owner."""
PRODUCT_OF = {
    (70, 10660): Words("SchokoTicket", "SchokoTicket"),
    (77, 10036): Words("SchülerAbo plus", "SchülerAbo plus"),
    (6212, 10516): Words("SchönerMonatTicket NRW Schüler Abo", "SchönerMonatTicket NRW Schüler Abo"),
}
GERMANY, NRW = Words("Deutschland", "Germany"), Words("Nordrhein-Westfalen", "North Rhine-Westphalia")
AREA = {
    (3000, 1): GERMANY,
    (5000, 1): GERMANY,
    (5000, 2): Words("Baden-Württemberg", "Baden-Württemberg"),
    (5000, 3): Words("Bayern", "Bavaria"),
    (5000, 4): Words("Berlin", "Berlin"),
    (5000, 5): Words("Brandenburg", "Brandenburg"),
    (5000, 6): Words("Bremen", "Bremen"),
    (5000, 7): Words("Hamburg", "Hamburg"),
    (5000, 8): Words("Hessen", "Hesse"),
    (5000, 9): Words("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
    (5000, 10): Words("Niedersachsen", "Lower Saxony"),
    (5000, 11): NRW,
    (5000, 12): Words("Rheinland-Pfalz", "Rhineland-Palatinate"),
    (5000, 13): Words("Saarland", "Saarland"),
    (5000, 14): Words("Sachsen", "Saxony"),
    (5000, 15): Words("Sachsen-Anhalt", "Saxony-Anhalt"),
    (5000, 16): Words("Schleswig-Holstein", "Schleswig-Holstein"),
    (5000, 17): Words("Thüringen", "Thuringia"),
    (6212, 904001): Words("eezy.nrw", "eezy.nrw"),
    (6212, 905001): NRW,
}
COMMAND = {1: "load key", 2: "verify signature", 3: "verify certificate", 4: "authenticate", 5: "encrypt key"}
ROLE = {
    0: "certification authority",
    1: "user medium",
    2: "module that may sell",
    4: "module without sales",
    8: "module without sales",
    9: "tag",
    **dict.fromkeys(range(10, 16), "security management"),
}
"""High and low half of the last byte of a certificate's authorisation (CHA)."""
SERVICE_INDICATOR = {
    0: "authentication",
    1: "digital signature",
    2: "key encryption",
    3: "data encryption",
    4: "key agreement",
}
_WORLDS = ("production", "test level 1", "test level 2", "internal test", "second test level 2")
_TEST_RANGE = 0x8000
"""Test organisation ids are the production id plus this (section 7)."""


def product(owner_id: int, number: int) -> Words | None:
    """The product's name; numbers of regional products count for their owner alone."""
    return PRODUCT.get(number) or PRODUCT_OF.get((owner_id % _TEST_RANGE, number))


def area(organisation_id: int, number: int) -> Words | None:
    """The name of an area; test organisations share those of the real ones. None where no source names it."""
    return AREA.get((organisation_id % _TEST_RANGE, number))


def medium(text: str) -> Words | None:
    """By the letter before the number."""
    return MEDIUM.get(text[:1])


def world(authority_name: bytes) -> str:
    """What a CAR says of its keys: production, or which tests."""
    pair = (authority_name[5] & 0xF) // 2
    return _WORLDS[pair] if pair < len(_WORLDS) else "unknown"
