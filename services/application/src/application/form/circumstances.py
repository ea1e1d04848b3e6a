"""The parts of the form on which the decision rests beside home, school and grade: course, claims, siblings, transport.

The family tells what it knows; whether that is proven, a person says. So nothing here is called proven or confirmed.
"""

from typing import Annotated, Literal

from pydantic import Field

from application.form.parts import Address, Part, later_form_claim, later_form_field
from application.form.types import BirthDay, ClockTime, Day, SchoolNumber

Metres = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
BIRTH_DATE = "Geburtsdatum, Jahr-Monat-Tag. Was nicht bekannt ist, ist 00: 2015-00-00 oder 2015-06-00."
Kind = Literal["public", "special", "car", "motorcycle", "bicycle", "taxi"]


class Course(Part):
    """Der Bildungsgang an einem Berufskolleg."""

    annex: Literal["A", "B", "C", "D", "E"] = Field(description="Anlage der APO-BK, zu der der Bildungsgang gehört.")
    full_time: bool = Field(description="Vollzeit.")
    district_class: bool = Field(default=False, description="Bezirksfachklasse des dualen Systems.")
    after_training: bool | None = later_form_field(
        "Der Bildungsgang setzt eine abgeschlossene Berufsausbildung voraus (nicht: Sozialpädagogik, "
        "Heilerziehungspflege). Nur bei Anlage E nötig."
    )


class Health(Part):
    """Krankheit oder Behinderung, wegen der der Weg nicht zu Fuß möglich ist (§ 6 Abs. 1 SchfkVO)."""

    weeks: Annotated[int, Field(ge=1, le=5200)] | None = Field(
        default=None, description="Voraussichtliche Dauer in vollen Wochen."
    )
    days: Annotated[int, Field(ge=1, le=36_500)] | None = later_form_field(
        "Dauer in Tagen, wenn sie genauer bekannt ist: 57 Tage sind mehr als acht Wochen."
    )
    certificate: bool = Field(default=False, description="Ein ärztliches Attest liegt vor.")


class Claims(Part):
    """Gründe über die Entfernung hinaus. Was fehlt, ist nicht geltend gemacht."""

    health: Health | None = Field(default=None, description="Krankheit oder Behinderung.")
    dangerous_route: bool = Field(default=False, description="Der Schulweg ist besonders gefährlich.")
    nearest_refused: bool = Field(default=False, description="Die nächstgelegene Schule hat die Aufnahme abgelehnt.")
    second_home: bool = Field(default=False, description="Gewohnt wird abwechselnd in zwei Wohnungen.")
    nearest_refused_school: SchoolNumber | None = later_form_field(
        "Nummer der Schule, die abgelehnt hat; siehe GET /v1/schools. Bitte laden Sie auch deren Schreiben hoch."
    )
    afternoon_lessons: bool = later_form_claim(
        "An den meisten Schultagen gibt es vormittags und nachmittags Unterricht, und der Schulweg wird "
        "deshalb ein zweites Mal gegangen. Der offene Ganztag zählt nicht."
    )
    assigned_place: bool = later_form_claim(
        "Die Schulaufsicht hat diese Schule benannt, zum Beispiel als Förderort. Bitte laden Sie auch das Schreiben "
        "hoch."
    )
    escort: bool = later_form_claim("Auf dem Weg ist eine Begleitperson nötig. Bitte laden Sie das Attest dazu hoch.")
    boarding: bool = later_form_claim("Gewohnt wird während der Woche in einem Internat.")
    own_branch: bool | None = later_form_field(
        "Besucht wird diese Schule wegen eines Bildungswegs, den eine nähere Schule derselben Form nicht anbietet, "
        "zum Beispiel bilingual oder beim Eintritt in die Oberstufe. Am Gymnasium und in der Oberstufe bitte immer "
        "angeben, auch wenn es nicht so ist: Sonst fragt der Schulträger nach, wenn eine andere Schule näher liegt."
    )


class Sibling(Part):
    """Ein Geschwisterkind, für die Höhe des Eigenanteils."""

    birth_date: BirthDay = Field(description=BIRTH_DATE)
    funded: bool | None = Field(
        description="Bekommt in diesem Schuljahr selbst ein bewilligtes Schülerticket; null, wenn Sie es nicht wissen."
    )
    funded_from: Day | None = later_form_field("Erster Tag mit diesem Ticket; fehlt, wenn es das ganze Schuljahr gilt.")
    funded_until: Day | None = later_form_field(
        "Letzter Tag mit diesem Ticket, zum Beispiel wenn das Kind die Schule verlässt."
    )
    counts_first: bool | None = later_form_field(
        "Nur wenn beide Kinder am selben Tag geboren sind: Dieses ist das ältere."
    )


class PlaceOfTeaching(Part):
    """Unterricht oder Praktikum an einem anderen Ort als der Schule (§ 8 SchfkVO)."""

    required: bool | None = later_form_field("Der Lehrplan oder die Schule schreibt es vor.")
    distance_m: Metres | None = later_form_field("Kürzester Fußweg von der Wohnung dorthin, in Metern, soweit bekannt.")
    address: Address | None = later_form_field("Wo es ist; dann kann der Schulträger den Weg nachmessen.")


class Transport(Part):
    """Womit der Weg gemacht werden soll, und was gegen Bus und Bahn spricht (§§ 12 bis 16 SchfkVO)."""

    kind: Kind | None = later_form_field(
        "Was gewünscht wird: public (Bus und Bahn), special (Schulbus des Schulträgers), car (Auto), motorcycle "
        "(Mofa, Motorrad), bicycle (Fahrrad), taxi. Es entscheidet der Schulträger; Bus und Bahn gehen vor."
    )
    public_available: bool | None = later_form_field("Auf dem Schulweg fahren Bus oder Bahn.")
    special_available: bool | None = later_form_field("Auf dem Schulweg fährt ein Schulbus des Schulträgers.")
    walk_to_stops_m: Metres | None = later_form_field(
        "Fußwege von der Wohnung zur Haltestelle und von der Haltestelle zur Schule, zusammen, in Metern."
    )
    minutes_a_day: Minutes | None = later_form_field(
        "Hin- und Rückweg zusammen, mit Warten auf den Anschluss, in Minuten."
    )
    minutes_one_way: Minutes | None = later_form_field("Ein Weg, in Minuten.")
    waiting_minutes: Minutes | None = later_form_field(
        "Wartezeit an der Schule vor und nach dem Unterricht, in Minuten."
    )
    leaves_home_at: ClockTime | None = later_form_field("Wann man meistens losgehen muss, zum Beispiel 06:40.")
    public_unsuitable: bool | None = later_form_field(
        "Bus und Bahn sind wegen einer Behinderung oder Krankheit nicht möglich. Bitte laden Sie das Attest hoch."
    )
    kilometres_one_way: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = later_form_field(
        "Kilometer einer Fahrt. Nur wenn Sie selbst fahren."
    )
    rides_a_day: Annotated[int, Field(ge=1, le=4)] | None = later_form_field(
        "Fahrten am Tag; fehlt: zwei, hin und zurück."
    )
    school_days_a_month: Annotated[int, Field(ge=1, le=31)] | None = later_form_field("Schultage im Monat mit Fahrt.")
    passengers: Annotated[int, Field(ge=0, le=8)] | None = later_form_field(
        "Weitere Schülerinnen und Schüler mit eigenem Anspruch, die im Auto mitfahren."
    )
