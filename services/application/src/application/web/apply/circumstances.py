"""What few families have to say, each with a box: an empty one opens no page. Pure."""

from shared.errors import Text

from application.web.apply.fields import Field


def box(path: str, german: str, english: str) -> Field:
    """A claim that says all by itself."""
    return Field(path, Text(german, english), "check")


CIRCUMSTANCES: tuple[Field, ...] = (
    Field("siblings",
          Text("Geschwister mit Ticket oder Sozialleistungen", "Siblings with a ticket, or social benefits"),
          "opens", drops=("benefits",), empty="list"),
    Field("claims.health", Text("Krankheit oder Behinderung", "Illness or disability"), "opens"),
    box("severely_disabled", "Schwerbehindertenausweis", "Disability card"),
    box("special_needs", "Sonderpädagogische Förderung", "Special educational needs"),
    box("claims.escort", "Begleitperson nötig", "Somebody must ride along"),
    box("claims.dangerous_route", "Gefährlicher Schulweg", "Dangerous way to school"),
    Field("claims.second_home", Text("Zwei Wohnungen im Wechsel", "Two homes in turns"), "check",
          drops=("second_home",)),
    box("claims.boarding", "Internat in der Woche", "Boarding school in the week"),
    Field("claims.nearest_refused", Text("Nähere Schule hat abgelehnt", "A nearer school refused"), "check",
          drops=("claims.nearest_refused_school",)),
    box("claims.assigned_place", "Schulamt hat die Schule bestimmt", "The authorities chose the school"),
    box("claims.afternoon_lessons", "Zweimal am Tag zur Schule", "To school twice a day"),
    Field("place_of_teaching", Text("Unterricht oder Praktikum woanders", "Lessons or internship elsewhere"), "opens"),
    Field("transport", Text("Bus und Bahn gehen nicht", "Bus and train do not work"), "opens"),
)  # fmt: skip
