"""The form itself. Strict: a wrong type is an error, and so is a field that nobody knows."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from shared.birth_dates import PartlyKnownDate

from application.form.circumstances import BIRTH_DATE, Claims, Course, PlaceOfTeaching, Sibling, Transport
from application.form.custody import Custody
from application.form.parts import Address, Part, later_form_field
from application.form.types import (
    BirthDay,
    Day,
    Email,
    FurtherPart,
    Grade,
    Moment,
    Name,
    NeededName,
    SchoolNumber,
    SchoolYearText,
    TextId,
    Version,
)

Applicant = Literal["guardian", "pupil", "other"]
Benefit = Literal["SGB XII", "SGB II", "AsylbLG", "KiZ", "WoGG"]
"""SGB XII: Hilfe zum Lebensunterhalt; SGB II: Bürgergeld; KiZ: Kinderzuschlag; WoGG: Wohngeld."""


class Guardian(Part):
    """Wer den Antrag stellt: eine sorgeberechtigte Person, oder die Schülerin, der Schüler selbst, wenn volljährig."""

    first_name: Name = Field(default="", description="Vornamen; leer, wenn es keinen gibt.")
    last_name: NeededName = Field(description="Familienname, wie im Ausweis.")
    address: Address | None = Field(default=None, description="Nur wenn sie von der Wohnung („home“) abweicht.")
    email: Email | None = Field(default=None, description="Für Nachrichten zum Antrag.")


class Pupil(Part):
    """Für wen das Ticket ist."""

    first_name: Name = Field(default="", description="Vornamen, wie in der Geburtsurkunde; leer, wenn es keinen gibt.")
    last_name: NeededName = Field(description="Familienname, wie in der Geburtsurkunde.")
    birth_date: BirthDay = Field(description=BIRTH_DATE)
    gender: Literal["female", "male", "diverse"] | None = Field(
        default=None, description="Freiwillig: weiblich, männlich, divers."
    )


class Consent(Part):
    """Welchem Text in welcher Fassung zugestimmt oder welcher zur Kenntnis genommen wurde."""

    text_id: TextId = Field(
        description="Kennung des Textes: privacy-notice (Datenschutzhinweise des Schulträgers) oder portal-notice "
        "(Bekanntgabe des Bescheids durch Abruf)."
    )
    version: Version = Field(description="Fassung des Textes: 2026-05 (privacy-notice), 1 (portal-notice).")
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
    applicant: Applicant | None = later_form_field(
        "Wer den Antrag stellt: guardian (sorgeberechtigte Person), pupil (die Schülerin, der Schüler selbst, wenn "
        "volljährig), other (jemand mit Vollmacht)."
    )
    transport: Transport | None = later_form_field("Womit der Weg gemacht werden soll. Fehlt: mit Bus und Bahn.")
    place_of_teaching: PlaceOfTeaching | None = later_form_field(
        "Unterricht oder Praktikum an einem anderen Ort als der Schule."
    )
    leaves_on: Day | None = later_form_field("Letzter Tag an dieser Schule, wenn er in diesem Schuljahr liegt.")
    second_home: Address | None = later_form_field(
        "Die zweite Wohnung, wenn abwechselnd in zwei Wohnungen gewohnt wird („claims.second_home“); dann kann der "
        "Schulträger beide Schulwege messen."
    )
    lives_in_authority_area: bool | None = later_form_field(
        "Wohnt im Gebiet des Schulträgers. Nur wenn das Landesrecht danach fragt (Hessen, Rheinland-Pfalz)."
    )
    income_within_limit: bool | None = later_form_field(
        "Das Einkommen liegt innerhalb der Einkommensgrenze. Nur wenn das Landesrecht danach fragt."
    )

    custody: Custody | None = later_form_field("Wer für das Kind handeln darf. Nur wo der Schulträger danach fragt.")
    mailbox_excluded: bool | None = later_form_field(
        "true: Bescheide nicht in das Postfach des Nutzerkontos (§ 9 OZG: sonst gilt die Einwilligung als erteilt)."
    )
    further: FurtherPart | None = later_form_field(
        "Antworten auf weitere Fragen des Schulträgers, jede unter dem Schlüssel ihrer Frage; null: offen gelassen."
    )

    @property
    def birth_date(self) -> date | PartlyKnownDate:
        """The pupil's, for the checks."""
        return self.pupil.birth_date


class Readable(BaseModel):
    """Of a form with errors, the fields that can be checked further all the same. None: missing or unusable."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    home: Address | None = None
    school_number: SchoolNumber | None = None
    grade: Grade | None = None
    track: Literal["GY8", "GY9"] | None = None
    course: Course | None = None
    school_year: SchoolYearText | None = None
    wanted_from: Day | None = None
    pupil: Pupil | None = None
    siblings: tuple[Sibling, ...] = ()
    consents: tuple[Consent, ...] = ()
    claims: Claims = Claims()
    guardian: Guardian | None = None
    applicant: Applicant | None = None
    transport: Transport | None = None
    leaves_on: Day | None = None

    @property
    def birth_date(self) -> date | PartlyKnownDate | None:
        """The pupil's; None where that part of the form could not be read."""
        return self.pupil.birth_date if self.pupil else None
