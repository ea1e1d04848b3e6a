"""What stands at the service's root: what it is, and what a person may open."""

from shared.errors import Text
from shared.http.landing import Link

DESCRIPTION = Text(
    "Entscheidet nach den Regeln des zuständigen Schulträgers, auf den Paragrafen und den Meter genau. Hier arbeiten "
    "die Menschen, die Anträge prüfen.",
    "Decides by the rules of the responsible school authority, to the paragraph and the metre. Here the people work "
    "who look at applications.",
)
FACTS = Link("/v1/facts-schema", Text("Angaben, nach denen entschieden wird", "Facts by which decisions are made"))
DESK = Link("/desk/", Text("Arbeitsplatz der Sachbearbeitung", "The case workers' desk"))
