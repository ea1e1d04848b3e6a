"""What the pages of an application ask, and how they help. Short: a parent reads it on a phone, perhaps with little
German."""

from shared.errors import Text

SCHOOL = Text("Welche Schule?", "Which school?")
GRADE = Text("Welche Klasse?", "Which grade?")
TRACK = Text("Acht oder neun Jahre Gymnasium?", "Eight or nine years of grammar school?")
COURSE = Text("Welcher Bildungsgang?", "Which course?")
COURSE_KIND = Text("Noch eine Frage zum Bildungsgang", "One more question on the course")
BRANCH = Text("Warum diese Schule?", "Why this school?")
CHILD = Text("Wie heißt das Kind?", "What is the child called?")
HOME = Text("Wo wohnt das Kind?", "Where does the child live?")
GUARDIAN = Text("Wer stellt den Antrag?", "Who applies?")
GUARDIAN_HOME = Text("Wo wohnen Sie?", "Where do you live?")
CUSTODY = Text("Wer hat das Sorgerecht?", "Who has custody?")
CUSTODY_LEAD = Text(
    "Ihr Schulträger will wissen, wer für das Kind handeln darf. Ein Ticket für den Schulweg ist meist eine Sache des "
    "Alltags.",
    "Your school authority wants to know who may act for the child. A ticket for the way to school is mostly a matter "
    "of everyday life.",
)
SECOND_GUARDIAN = Text("Wer ist die andere sorgeberechtigte Person?", "Who is the other guardian?")
SECOND_GUARDIAN_LEAD = Text("Diese Person bekommt den Bescheid auch.", "This person is sent the decision too.")
SECOND_GUARDIAN_HOME = Text("Wo wohnt die andere Person?", "Where does the other guardian live?")
FROM = Text("Ab wann?", "From when?")
CIRCUMSTANCES = Text("Trifft etwas davon zu?", "Does any of this apply?")
CIRCUMSTANCES_LEAD = Text("Sonst einfach weiter.", "Otherwise just go on.")
HEALTH = Text("Wie lange geht es nicht zu Fuß?", "For how long is walking not possible?")
REFUSAL = Text("Welche Schule hat abgelehnt?", "Which school refused?")
SECOND_HOME = Text("Wo ist die zweite Wohnung?", "Where is the second home?")
TRANSPORT = Text("Wie soll das Kind fahren?", "How shall the child travel?")
OTHER_PLACE = Text("Wo ist der andere Ort?", "Where is the other place?")
SHARE = Text("Was zählt für den Eigenanteil?", "What counts for your own share?")
MEDIUM = Text("Wie wollen Sie das Ticket?", "How do you want the ticket?")
DOCUMENTS = Text("Unterlagen", "Documents")
CONSENTS = Text("Bitte noch lesen", "Please read")
SUMMARY = Text("Stimmt alles?", "Is everything right?")

DAY_HINT = Text("Tag, Monat, Jahr: 28.02.2015", "Day, month, year: 28.02.2015")
ANNEX_HINT = Text("Die Schule weiß es.", "The school knows it.")
DISTRICT_HINT = Text(
    "Eine Fachklasse des dualen Systems für einen ganzen Bezirk.",
    "A class of the dual system for a whole district.",
)
BRANCH_LABEL = Text(
    "Hat die Schule einen Zweig, den nähere nicht haben?", "Has the school a branch that nearer ones lack?"
)
BRANCH_HINT = Text("Zum Beispiel bilingual.", "For example bilingual.")
WEEKS_HINT = Text("Ungefähr; leer, wenn es niemand weiß.", "Roughly; empty if nobody knows.")
REFUSAL_LABEL = Text("Name und Ort der Schule (freiwillig)", "Name and town of the school (optional)")
SECOND_HOME_LEAD = Text("Dann messen wir beide Wege.", "Then we measure both ways.")
UNSUITABLE = Text(
    "Bus und Bahn sind wegen Krankheit oder Behinderung nicht möglich.",
    "Bus and train are not possible because of illness or disability.",
)
KILOMETRES = Text("Kilometer einer Fahrt, wenn Sie fahren", "Kilometres of a ride, if you drive")
REQUIRED = Text("Schreibt die Schule es vor?", "Does the school require it?")
SHARE_LEAD = Text("Nachweise können Sie gleich oder später hochladen.", "You can upload proofs in a moment or later.")
FURTHER = Text("Weitere Fragen des Schulträgers", "Further questions of the school authority")
FURTHER_LEAD = Text(
    "Diese Fragen stellt nur Ihr Schulträger. Was freiwillig ist, können Sie offen lassen.",
    "Only your school authority asks these questions. What is optional you can leave open.",
)
