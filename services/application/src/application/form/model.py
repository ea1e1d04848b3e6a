"""The form itself. Strict: a wrong type is an error, and so is a field that nobody knows."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from application.form.types import (
    Day,
    Email,
    Grade,
    HouseNumber,
    Moment,
    Name,
    NeededName,
    Place,
    PostalCode,
    SchoolNumber,
    SchoolYearText,
    TextId,
    Version,
)

Benefit = Literal["SGB XII", "SGB II", "AsylbLG", "KiZ", "WoGG"]
"""SGB XII: Hilfe zum Lebensunterhalt; SGB II: Bürgergeld; KiZ: Kinderzuschlag; WoGG: Wohngeld."""


class Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Address(Part):
    """Eine Adresse in Deutschland."""

    street: Place = Field(description="Straße, ohne Hausnummer.")
    house_number: HouseNumber = Field(description="Hausnummer mit Zusatz: 5, 12a, 7-9, 3 1/2.")
    postal_code: PostalCode = Field(description="Postleitzahl, fünf Ziffern.")
    city: Place = Field(description="Ort.")


class Guardian(Part):
    """Wer den Antrag stellt: eine sorgeberechtigte Person, oder die Schülerin, der Schüler selbst, wenn volljährig."""

    first_name: Name = Field(default="", description="Vornamen; leer, wenn es keinen gibt.")
    last_name: NeededName = Field(description="Familienname, wie im Ausweis.")
    address: Address | None = Field(default=None, description="Nur wenn sie von der Wohnung des Kindes abweicht.")
    email: Email | None = Field(default=None, description="Für Nachrichten zum Antrag.")


class Pupil(Part):
    """Für wen das Ticket ist."""

    first_name: Name = Field(default="", description="Vornamen, wie in der Geburtsurkunde; leer, wenn es keinen gibt.")
    last_name: NeededName = Field(description="Familienname, wie in der Geburtsurkunde.")
    birth_date: Day = Field(description="Geburtsdatum, Jahr-Monat-Tag.")
    gender: Literal["female", "male", "diverse"] | None = Field(
        default=None, description="Freiwillig: weiblich, männlich, divers."
    )


class Course(Part):
    """Der Bildungsgang an einem Berufskolleg."""

    annex: Literal["A", "B", "C", "D", "E"] = Field(description="Anlage der APO-BK, zu der der Bildungsgang gehört.")
    full_time: bool = Field(description="Vollzeit.")
    district_class: bool = Field(default=False, description="Bezirksfachklasse des dualen Systems.")


class Health(Part):
    """Krankheit oder Behinderung, wegen der der Weg nicht zu Fuß möglich ist (§ 6 Abs. 1 SchfkVO)."""

    weeks: Annotated[int, Field(ge=1, le=5200)] = Field(description="Voraussichtliche Dauer in Wochen.")
    certificate: bool = Field(default=False, description="Ein ärztliches Attest liegt vor.")


class Claims(Part):
    """Gründe über die Entfernung hinaus. Was fehlt, ist nicht geltend gemacht."""

    health: Health | None = Field(default=None, description="Krankheit oder Behinderung.")
    dangerous_route: bool = Field(default=False, description="Der Schulweg ist besonders gefährlich.")
    nearest_refused: bool = Field(default=False, description="Die nächstgelegene Schule hat die Aufnahme abgelehnt.")
    second_home: bool = Field(default=False, description="Das Kind wohnt abwechselnd in zwei Wohnungen.")


class Sibling(Part):
    """Ein Geschwisterkind, für die Höhe des Eigenanteils."""

    birth_date: Day = Field(description="Geburtsdatum, Jahr-Monat-Tag.")
    funded: bool = Field(description="Bekommt selbst ein bewilligtes Schülerticket.")


class Consent(Part):
    """Welchem Text in welcher Fassung zugestimmt oder welcher zur Kenntnis genommen wurde."""

    text_id: TextId = Field(description="Kennung des Textes, zum Beispiel privacy-notice.")
    version: Version = Field(description="Fassung des Textes.")
    accepted_at: Moment | None = Field(default=None, description="Zeitpunkt mit Zeitzone; sonst gilt der Eingang.")


class ApplicationForm(Part):
    """Ein Antrag auf Übernahme der Schülerfahrkosten für ein Kind und ein Schuljahr."""

    guardian: Guardian = Field(description="Wer den Antrag stellt und den Bescheid bekommt.")
    pupil: Pupil = Field(description="Für wen das Ticket ist.")
    home: Address = Field(description="Wohnung der Schülerin oder des Schülers; dort beginnt der Schulweg.")
    school_number: SchoolNumber = Field(description="Sechsstellige Schulnummer, siehe GET /v1/schools.")
    grade: Grade = Field(description="Klasse nach SVWS-Schlüssel: 01 bis 13, EF, Q1, Q2.")
    track: Literal["GY8", "GY9"] | None = Field(
        default=None, description="Gymnasialer Bildungsgang: acht (GY8) oder neun (GY9) Jahre. Entscheidet in der EF."
    )
    course: Course | None = Field(default=None, description="Nur am Berufskolleg.")
    school_year: SchoolYearText = Field(description="Schuljahr, zum Beispiel 2026/27.")
    wanted_from: Day = Field(description="Erster gewünschter Tag, innerhalb des Schuljahres.")
    claims: Claims = Field(default=Claims(), description="Gründe über die Entfernung hinaus.")
    lives_in_nrw: bool | None = Field(default=None, description="Wohnt in Nordrhein-Westfalen.")
    special_needs: bool = Field(
        default=False, description="Festgestellter Bedarf an sonderpädagogischer Unterstützung."
    )
    severely_disabled: bool = Field(default=False, description="Anerkannte Schwerbehinderung.")
    siblings: Annotated[tuple[Sibling, ...], Field(max_length=20)] = Field(
        default=(), description="Geschwister, nur soweit sie für den Eigenanteil zählen sollen."
    )
    benefits: Annotated[tuple[Benefit, ...], Field(max_length=5)] = Field(
        default=(), description="Leistungen, die die Familie bezieht."
    )
    medium: Literal["wallet", "paper"] = Field(default="wallet", description="Ticket auf dem Telefon oder auf Papier.")
    consents: Annotated[tuple[Consent, ...], Field(max_length=20)] = Field(
        default=(), description="Zur Kenntnis genommene Texte und Einwilligungen."
    )
    language: Literal["de", "en"] = Field(
        default="de", description="Sprache der Nachrichten. Der Bescheid ist deutsch."
    )

    @property
    def birth_date(self) -> date:
        return self.pupil.birth_date


class Readable(BaseModel):
    """Of a form with errors, the fields that can be checked further all the same. None: missing or unusable."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    school_number: SchoolNumber | None = None
    grade: Grade | None = None
    track: Literal["GY8", "GY9"] | None = None
    course: Course | None = None
    school_year: SchoolYearText | None = None
    wanted_from: Day | None = None
    pupil: Pupil | None = None
    siblings: tuple[Sibling, ...] = ()
    consents: tuple[Consent, ...] = ()

    @property
    def birth_date(self) -> date | None:
        return self.pupil.birth_date if self.pupil else None
