"""What a family reads of a question that its application raises: what to send or to say, or that it need do nothing.

The question itself is put to a person at the desk, in the desk's words. These are for guardians and for pupils of age
alike: they speak to whoever applies ("Sie"), and of no child. Pure.
"""

from datetime import date

from shared.errors import Text

from eligibility.rules import texts

# What we do ourselves

WE_LOOK = Text(
    "Eine Person prüft Ihren Antrag. Sie müssen nichts tun; wir melden uns, wenn uns etwas fehlt.",
    "A person is looking at your application. You need not do anything; we will write to you if something is missing.",
)
CUSTODY = Text(
    "Bitte sagen Sie uns, wer das Sorgerecht hat. Sie können es hier als Antwort schreiben.",
    "Please tell us who has custody. You can write it here as an answer.",
)
CUSTODY_DOCUMENT = Text(
    "Bitte schicken Sie uns einen Nachweis, dass Sie den Antrag stellen dürfen, zum Beispiel die Negativbescheinigung "
    "des Jugendamts, einen Beschluss des Familiengerichts oder eine Vollmacht.",
    "Please send us a document that shows that you may make this application, such as a certificate of the youth welfare "
    "office, an order of the family court, or an authorisation.",
)
IDENTITY = Text(
    "Wir prüfen, wer den Antrag stellt. Sie müssen nichts tun; vielleicht schicken wir Ihnen dazu einen Brief.",
    "We are checking who applies. You need not do anything; perhaps we send you a letter about it.",
)
WE_MEASURE = Text(
    "Wir messen Ihren Schulweg von Hand nach. Sie müssen nichts tun.",
    "We are measuring your way to school by hand. You need not do anything.",
)
WE_FIND_WHO_IS_RESPONSIBLE = Text(
    "Wir klären, wer für diese Schule zuständig ist. Sie müssen nichts tun.",
    "We are finding out who is responsible for this school. You need not do anything.",
)
WE_LOOK_FOR_ANOTHER = Text(
    "Wir prüfen, ob für dieses Schuljahr schon ein Antrag vorliegt. Sie müssen nichts tun.",
    "We are checking whether there is an application for this school year already. You need not do anything.",
)
WE_LOOK_AT_THE_COST = Text(
    "Wir prüfen, welche Kosten wir übernehmen. Sie müssen nichts tun.",
    "We are checking which costs we bear. You need not do anything.",
)
WE_LOOK_AT_THE_SHARE = Text(
    "Wir prüfen, wie hoch Ihr Eigenanteil ist. Sie müssen nichts tun.",
    "We are checking how high your own share is. You need not do anything.",
)
WE_LOOK_FOR_A_BUS = Text(
    "Wir prüfen, ob auf diesem Schulweg ein Schulbus fährt. Sie müssen nichts tun.",
    "We are checking whether a school bus runs on this way. You need not do anything.",
)
WE_CHOOSE_THE_TRANSPORT = Text(
    "Wir prüfen, welches Verkehrsmittel für den Schulweg in Frage kommt. Sie müssen nichts tun.",
    "We are checking which kind of transport is suitable for the way to school. You need not do anything.",
)
WE_LOOK_AT_TRIPS_HOME = Text(
    "Wir prüfen, welche Heimfahrten vom Internat wir übernehmen. Sie müssen nichts tun.",
    "We are checking which trips home from the boarding school we bear. You need not do anything.",
)
WE_LOOK_AT_THE_CHANGE = Text(
    "Sie haben uns Änderungen mitgeteilt. Wir prüfen, was sie für dieses Schuljahr bedeuten. Sie müssen nichts tun.",
    "You told us of changes. We are checking what they mean for this school year. You need not do anything.",
)
DANGER = Text(
    "Wir prüfen, ob der Schulweg besonders gefährlich ist. Haben Sie Fotos oder eine Beschreibung der Gefahrenstelle, "
    "schicken Sie sie uns gern.",
    "We are checking whether the way to school is particularly dangerous. If you have pictures or a description of the "
    "dangerous place, please send them.",
)

# School, home, period

ADDRESS = Text(
    "Wir finden diese Adresse nicht. Bitte prüfen Sie Straße und Hausnummer. Stimmen sie, müssen Sie nichts tun; wir "
    "messen von Hand.",
    "We cannot find this address. Please check street and house number. If they are right, you need not do anything: we "
    "measure by hand.",
)
HOME_ELSEWHERE = Text(
    "Ihre Adresse liegt bei uns, Sie haben aber einen Wohnort außerhalb des Bundeslandes angegeben. Bitte prüfen Sie "
    "beides.",
    "Your address is in our area, but you said that the home is outside the state. Please check both.",
)
SECOND_HOME = Text(
    "Sie haben eine zweite Wohnung angegeben. Wir prüfen, von welcher aus wir den Schulweg messen. Es hilft uns, wenn "
    "Sie schreiben, an welchen Schultagen in welcher Wohnung gewohnt wird.",
    "You named a second home. We are checking from which one we measure the way to school. It helps us if you write "
    "which home is lived in on which school days.",
)
SCHOOL = Text(
    "Wir können die Schule nicht zuordnen. Bitte prüfen Sie, ob Sie die richtige ausgewählt haben. Stimmt sie, müssen "
    "Sie nichts tun; wir klären es.",
    "We cannot place the school. Please check that you chose the right one. If so, you need not do anything: we will "
    "find out.",
)
GRADE = Text(
    "Bitte geben Sie an, welche Klasse oder Jahrgangsstufe besucht wird.",
    "Please say which grade or year is attended.",
)
SCHOOL_AND_GRADE = Text(
    "Die angegebene Klasse gibt es an dieser Schule nicht. Bitte prüfen Sie beides.",
    "The grade that you named does not exist at this school. Please check both.",
)
TRACK = Text(
    "Gehört die EF zum acht- oder zum neunjährigen Bildungsgang (G8 oder G9)? Die Schule kann es Ihnen sagen.",
    "Is this EF part of the eight-year or of the nine-year course (G8 or G9)? The school can tell you.",
)
TRACK_OF_YEAR_10 = Text(
    "Gehört die Klasse 10 zum acht- oder zum neunjährigen Bildungsgang (G8 oder G9)? Die Schule kann es Ihnen sagen.",
    "Is this grade 10 part of the eight-year or of the nine-year course (G8 or G9)? The school can tell you.",
)
SCHOOL_YEAR = Text(
    "Bitte geben Sie an, für welches Schuljahr Sie den Antrag stellen.",
    "Please say for which school year you apply.",
)
FIRST_DAY = Text(
    "Bitte geben Sie an, ab welchem Tag des Schuljahres Sie das Ticket brauchen.",
    "Please say from which day of the school year you need the ticket.",
)
UNUSABLE = Text(
    "Eine Angabe in Ihrem Antrag können wir so nicht verwenden. Wir prüfen sie und melden uns bei Ihnen.",
    "We cannot use something in your application as it is. We are looking at it and will write to you.",
)

# What does not fit together

TRACK_ELSEWHERE = Text(
    "Den achtjährigen Bildungsgang (G8) gibt es an dieser Schule nicht. Bitte prüfen Sie Schule und Bildungsgang.",
    "There is no eight-year course (G8) at this school. Please check school and course.",
)
COURSE_ELSEWHERE = Text(
    "Den angegebenen Bildungsgang gibt es nur an Berufskollegs. Bitte prüfen Sie Schule und Bildungsgang.",
    "The course that you named exists only at a Berufskolleg. Please check school and course.",
)
BIRTH_TOO_LATE = Text(
    "Das Geburtsdatum kann nicht stimmen. Bitte prüfen Sie es.", "The birth date cannot be right. Please check it."
)
LEAVES_BEFORE_START = Text(
    "Der letzte Schultag liegt vor dem Tag, ab dem Sie das Ticket brauchen. Bitte prüfen Sie beide.",
    "The last day of school lies before the day from which you need the ticket. Please check both.",
)
AGE_AND_GRADE = Text(
    "Geburtsdatum und Klasse passen nicht zusammen. Bitte prüfen Sie beide.",
    "Birth date and grade do not fit together. Please check both.",
)
AGE_AND_FORM = Text(
    "Geburtsdatum, Klasse und Schule passen nicht zusammen. Bitte prüfen Sie alle drei.",
    "Birth date, grade and school do not fit together. Please check all three.",
)
DISTRICT_CLASS_ELSEWHERE = Text(
    "Eine Bezirksfachklasse gehört zu einer Ausbildung mit Unterricht in Teilzeit oder in Blöcken; das passt nicht zum "
    "angegebenen Bildungsgang. Bitte prüfen Sie die Angaben. Die Schule kann Ihnen helfen.",
    "A district class (Bezirksfachklasse) belongs to a training with lessons part time or in blocks, which does not fit "
    "the course that you named. Please check what you said. The school can help you.",
)
YEAR_13 = Text(
    "Eine Jahrgangsstufe 13 gibt es im achtjährigen Bildungsgang (G8) nicht. Bitte prüfen Sie beides.",
    "There is no year 13 in the eight-year course (G8). Please check both.",
)

# Who applies

POWER_OF_ATTORNEY = Text(
    "Bitte schicken Sie uns eine Vollmacht: von den Sorgeberechtigten oder, wenn die Schülerin oder der Schüler "
    "volljährig ist, von ihr oder ihm.",
    "Please send us a power of attorney: by the guardians or, if the pupil is of age, by the pupil.",
)
PUPIL_OF_AGE = Text(
    "Wer volljährig ist, stellt den Antrag selbst. Stellen Sie ihn für jemand anderen, schicken Sie uns bitte eine "
    "Vollmacht.",
    "Who is of age applies in person. If you apply for somebody else, please send us a power of attorney.",
)
GUARDIANS_AGREE = Text(
    "Sie sind noch nicht volljährig. Bitte schicken Sie uns das Einverständnis Ihrer Sorgeberechtigten.",
    "You are not of age yet. Please send us the consent of your guardians.",
)
BIRTH_DATE = Text(
    "Bitte geben Sie das Geburtsdatum der Schülerin oder des Schülers an.", "Please give the pupil's date of birth."
)
EXACT_BIRTH_DATE = Text(
    "Der genaue Tag der Geburt entscheidet hier mit. Eine Person sieht sich das an. Kennen Sie den Tag, schreiben Sie "
    "ihn uns bitte; sonst müssen Sie nichts tun.",
    "The exact day of birth matters here. A person is looking at it. If you know the day, please write it to us; if not, "
    "you need not do anything.",
)
NAME = Text(
    "Sie haben Name, Geburtsdatum oder Geschlecht berichtigt. Wir prüfen das. Haben Sie einen Nachweis (zum Beispiel "
    "die Geburtsurkunde), schicken Sie ihn uns bitte.",
    "You corrected name, birth date or gender. We are looking at it. If you have something that proves it (the birth "
    "certificate, for example), please send it.",
)

# The course at a Berufskolleg

FULL_TIME = Text(
    "Findet der Unterricht am Berufskolleg in Vollzeit statt, oder ist es eine Bezirksfachklasse? Die Schule kann es "
    "Ihnen sagen.",
    "Are the lessons at the Berufskolleg full time, or is it a district class (Bezirksfachklasse)? The school can tell "
    "you.",
)
DISTRICT_CLASS = Text(
    "Ist die Klasse eine Bezirksfachklasse? Die Schule kann es Ihnen sagen.",
    "Is the class a district class (Bezirksfachklasse)? The school can tell you.",
)
ANNEX = Text(
    "Zu welcher Anlage (A bis E) der Ausbildungs- und Prüfungsordnung gehört der Bildungsgang? Die Schule kann es Ihnen "
    "sagen.",
    "To which annex (A to E) of the training regulation does the course belong? The school can tell you.",
)
COURSE = Text(
    "Zu welcher Anlage (A bis E) der Ausbildungs- und Prüfungsordnung gehört der Bildungsgang, findet der Unterricht in "
    "Vollzeit oder in Teilzeit statt, und ist es eine Bezirksfachklasse? Die Schule kann es Ihnen sagen.",
    "To which annex (A to E) of the training regulation does the course belong, are the lessons full time or part time, and "
    "is it a district class (Bezirksfachklasse)? The school can tell you.",
)
AFTER_TRAINING = Text(
    "Setzt der Bildungsgang eine abgeschlossene Berufsausbildung voraus? Die Schule kann es Ihnen sagen.",
    "Does the course require a finished vocational training? The school can tell you.",
)


def lives_in(german: str, english: str) -> Text:
    """Of a state that is not known to be the home's."""
    return Text(
        f"Bitte schreiben Sie uns, wo an den meisten Tagen gewohnt wird: in {german} oder anderswo?",
        f"Please write to us where home is on most days: in {english}, or elsewhere?",
    )


LIVES_IN_THE_AREA = Text(
    "Bitte schreiben Sie uns, wo an den meisten Tagen gewohnt wird.", "Please write to us where home is on most days."
)


def funded_sibling(german: str, english: str, *, several: bool) -> Text:
    """Of siblings, by their birth dates, of whom nobody said whether they have a funded ticket. A no is an answer."""
    if several:
        return Text(
            f"Haben die Geschwister (geboren {german}) selbst ein gefördertes Ticket? Bitte antworten Sie für jedes mit Ja "
            "oder Nein. Wer keines hat oder kein Geschwister ist, zählt beim Eigenanteil nicht mit.",
            f"Do the siblings (born {english}) have a funded ticket too? Please answer yes or no for each. Who has none, "
            "or is no sibling, does not count for the own share.",
        )
    return Text(
        f"Hat das Geschwisterkind (geboren {german}) selbst ein gefördertes Ticket? Bitte antworten Sie mit Ja oder Nein. "
        "Hat es keines oder ist es kein Geschwister, zählt es beim Eigenanteil nicht mit.",
        f"Does the sibling (born {english}) have a funded ticket too? Please answer yes or no. If it has none, or is no "
        "sibling, it does not count for the own share.",
    )


def change_before_decision(day: date) -> Text:
    """Of a change from that day on, told before anything was decided."""
    german, english = texts.day(day)
    return Text(
        f"Sie haben eine Änderung ab dem {german} gemeldet. Wir prüfen, was bis dahin und was danach gilt. Sie müssen "
        "nichts tun.",
        f"You told us of a change from {english}. We are checking what holds until then and what holds after it. You "
        "need not do anything.",
    )
