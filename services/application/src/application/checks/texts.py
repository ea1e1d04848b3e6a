"""What a family reads when a field does not fit. Says what to do; repeats nothing that was written."""

from datetime import date

from shared.errors import Text
from shared.formats import format_day

UNKNOWN_SCHOOL = Text(
    "Diese Schulnummer gibt es im Schulverzeichnis nicht. Bitte suchen Sie Ihre Schule über die Schulsuche.",
    "This school number is not in the register of schools. Please look your school up by the school search.",
)
CLOSED_SCHOOL = Text(
    "Diese Schule hat keinen Schulbetrieb mehr. Bitte suchen Sie die jetzige Schule über die Schulsuche.",
    "This school has closed. Please look up the present school by the school search.",
)
SCHOOL_OPENS_LATER = Text(
    "Diese Schule nimmt ihren Betrieb erst nach dem gewünschten Beginn auf. Bitte wählen Sie einen späteren Beginn.",
    "This school opens only after the first day you want. Please choose a later first day.",
)
AUTHORITY_DOES_NOT_TAKE_PART = Text(
    "Der Träger dieser Schule nimmt hier noch keine Anträge an. Bitte wenden Sie sich an das Sekretariat der Schule.",
    "The authority of this school does not take applications here yet. Please ask the school's office.",
)
UNKNOWN_GRADE = Text(
    "Diese Klasse gibt es nicht. Bitte geben Sie sie zweistellig an (01 bis 13) oder als EF, Q1, Q2.",
    "There is no such grade. Please give it with two digits (01 to 13) or as EF, Q1, Q2.",
)
GRADE_BEYOND_TRACK = Text(
    "Im achtjährigen Bildungsgang (GY8) folgt auf Klasse 09 die EF. Bitte geben Sie EF an, oder den Bildungsgang GY9.",
    "In the eight-year course (GY8) grade 09 is followed by EF. Please give EF, or the course GY9.",
)
COURSE_ELSEWHERE = Text(
    "Einen Bildungsgang gibt es nur am Berufskolleg. Bitte lassen Sie diese Angabe weg.",
    "Only a vocational college has a course. Please leave this out.",
)
DISTRICT_CLASS = Text(
    "Eine Bezirksfachklasse gehört zur Anlage A und ist in Teilzeit. Bitte prüfen Sie die Angaben zum Bildungsgang.",
    "A district class belongs to annex A and is part-time. Please check what you say of the course.",
)
SCHOOL_YEAR_AWAY = Text(
    "Anträge sind für das laufende, das nächste und die drei vergangenen Schuljahre möglich. Bitte prüfen Sie die "
    "Angabe.",
    "Applications are possible for the present, the next and the three past school years. Please check it.",
)
START_OUTSIDE = Text(
    "Der gewünschte Beginn liegt außerhalb des Schuljahres. Es dauert vom 1. August bis zum 31. Juli.",
    "The first day you want is outside the school year. It runs from 1 August to 31 July.",
)
BIRTH_IN_FUTURE = Text(
    "Das Geburtsdatum liegt in der Zukunft. Bitte prüfen Sie Tag, Monat und Jahr.",
    "The birth date is in the future. Please check day, month and year.",
)
AGE_IMPLAUSIBLE = Text(
    "Geburtsdatum und Klasse passen nicht zusammen. Bitte prüfen Sie beide. Wenn beide stimmen, hilft Ihnen Ihr "
    "Schulträger weiter.",
    "Birth date and grade do not go together. Please check both. If both are right, your school authority will help.",
)
LIFE_TOO_LONG = Text(
    "Das Geburtsdatum liegt sehr lange zurück. Bitte prüfen Sie das Jahr.",
    "The birth date is very long ago. Please check the year.",
)
ACCEPTED_IN_FUTURE = Text(
    "Dieser Zeitpunkt liegt in der Zukunft. Bitte lassen Sie ihn weg oder berichtigen Sie ihn.",
    "This time is in the future. Please leave it out or correct it.",
)
SIBLING_BORN_SOON_AFTER = Text(
    "Ein Geschwisterkind ist nach Ihren Angaben nur wenige Tage oder Monate vor oder nach dem Kind geboren. Stimmen "
    "beide Geburtsdaten? Dann müssen Sie nichts tun, zum Beispiel bei Halb- und Stiefgeschwistern. Sonst berichtigen "
    "Sie sie bitte.",
    "By what you told us a sibling was born only a few days or months before or after the child. Are both birth dates "
    "right? Then there is nothing to do, for example with half-siblings and step-siblings. Else please correct them.",
)
PUPIL_APPLIES_UNDER_OTHER_NAME = Text(
    "Sie geben an, dass die Schülerin oder der Schüler selbst den Antrag stellt. Dann gehört bei „Wer den Antrag "
    "stellt“ derselbe Name hin. Stellen Sie den Antrag für Ihr Kind, wählen Sie bitte „sorgeberechtigte Person“.",
    "You say that the pupil applies. Then the same name belongs under who applies. If you apply for your child, please "
    "choose guardian.",
)
DAYS_AND_WEEKS = Text(
    "Die Dauer in Tagen und die in Wochen passen nicht zusammen. Bitte prüfen Sie beide, oder lassen Sie eine weg.",
    "The length in days and that in weeks do not go together. Please check both, or leave one out.",
)
REFUSING_SCHOOL_WITHOUT_REFUSAL = Text(
    "Sie nennen eine Schule, die abgelehnt hat. Bitte geben Sie auch an, dass die nächstgelegene Schule die Aufnahme "
    "abgelehnt hat, oder lassen Sie die Schule weg.",
    "You name a school that refused. Please also say that the nearest school refused admission, or leave it out.",
)
REFUSING_SCHOOL_IS_ATTENDED = Text(
    "Das ist die besuchte Schule selbst. Bitte nennen Sie die Schule, die die Aufnahme abgelehnt hat.",
    "This is the school attended itself. Please name the school that refused admission.",
)
TICKET_DAYS_WITHOUT_TICKET = Text(
    "Sie nennen Tage mit einem Ticket. Bitte geben Sie an, dass dieses Geschwisterkind in diesem Schuljahr ein Ticket "
    "bekommt, oder lassen Sie die Tage weg.",
    "You name days with a ticket. Please say that this sibling gets a ticket this school year, or leave the days out.",
)
LAST_BEFORE_FIRST = Text(
    "Der letzte Tag liegt vor dem ersten. Bitte prüfen Sie beide.",
    "The last day is before the first. Please check both.",
)
COUNTS_FIRST_WITHOUT_TWIN = Text(
    "Diese Angabe ist nur für Kinder nötig, die am selben Tag geboren sind. Bitte lassen Sie sie weg, oder prüfen Sie "
    "die Geburtsdaten.",
    "This is needed only for children born on the same day. Please leave it out, or check the birth dates.",
)
PUBLIC_WANTED_BUT_NONE = Text(
    "Sie wünschen Bus und Bahn, geben aber an, dass keine fahren. Bitte wählen Sie ein anderes Verkehrsmittel, oder "
    "berichtigen Sie die Angabe.",
    "You want public transport but say that there is none. Please choose another kind, or correct this.",
)
UNSUITABLE_WITHOUT_WISH = Text(
    "Sie geben an, dass Bus und Bahn nicht möglich sind. Bitte wählen Sie, womit der Weg stattdessen gemacht werden "
    "soll.",
    "You say that public transport is not possible. Please choose how the way should be made instead.",
)
ONE_WAY_LONGER_THAN_BOTH = Text(
    "Ein Weg kann nicht länger dauern als Hin- und Rückweg zusammen. Bitte prüfen Sie beide Angaben.",
    "One way cannot take longer than there and back. Please check both.",
)
LEAVES_OUTSIDE = Text(
    "Der letzte Schultag liegt außerhalb des Schuljahres (1. August bis 31. Juli). Bitte prüfen Sie ihn, oder lassen "
    "Sie ihn weg, wenn die Schule das ganze Schuljahr besucht wird.",
    "The last day is outside the school year (1 August to 31 July). Please check it, or leave it out where the "
    "school is attended for the whole year.",
)
LEAVES_BEFORE_START = Text(
    "Der letzte Schultag liegt vor dem gewünschten Beginn. Bitte prüfen Sie beide Tage.",
    "The last day of school is before the first day you want. Please check both days.",
)
SIBLINGS_NOT_NAMED = Text(
    "Sie haben weitere Anträge für dieses Schuljahr gestellt, nennen hier aber keine Geschwister. Sind es Geschwister? "
    "Dann nennen Sie sie bitte in jedem der Anträge (Angabe „Geschwister“): Für das zweite und jedes weitere Kind kann "
    "der Eigenanteil niedriger sein.",
    "You have handed in further applications for this school year, but name no siblings here. Are they siblings? Then "
    "please name them in each of the applications (“siblings”): for the second and every further child the own share "
    "may be lower.",
)


POST_BOX = Text(
    "In einem Postfach oder an einer Packstation wohnt niemand. Bitte geben Sie die Wohnung an; für Briefe können Sie "
    "eine andere Adresse nennen (guardian.address).",
    "Nobody lives in a post-office box or at a parcel station. Please give the home; for letters you can name another "
    "address (guardian.address).",
)


def late(until: date) -> Text:
    """`until`: the last day on which claims of the school year were in time."""
    return Text(
        f"Der Antrag kommt nach dem {format_day(until, 'de')}, bis zu dem er für dieses Schuljahr zu stellen war. "
        "Der Schulträger entscheidet, ob er noch berücksichtigt werden kann.",
        f"The application comes after {format_day(until, 'en')}, the last day for this school year. "
        "The authority decides whether it can still be considered.",
    )


def grade_of_other_form(form_de: str, form_en: str, grades: tuple[str, ...], *, of_course: bool) -> Text:
    """Names the grades that the school's form has; where the course counts, what its years mean."""
    listed = ", ".join(grades)
    if of_course:
        return Text(
            f"An dieser Schule ({form_de}) geben Sie bitte das Jahr des Bildungsgangs an: 01 für das erste. "
            f"Möglich sind: {listed}.",
            f"At this school ({form_en}) please give the year of the course: 01 for the first. "
            f"Possible years: {listed}.",
        )
    return Text(
        f"Diese Klasse gibt es an dieser Schule ({form_de}) nicht. Möglich sind: {listed}.",
        f"This school ({form_en}) does not have this grade. Possible grades: {listed}.",
    )


def track_of_other_form(form_de: str, form_en: str, tracks: tuple[str, ...]) -> Text:
    """`form_de`, `form_en`: how the school's form is called; `tracks`: those that it has, empty for none."""
    if not tracks:
        return Text(
            f"Diese Schule ({form_de}) hat keinen gymnasialen Bildungsgang. Bitte lassen Sie die Angabe weg.",
            f"This school ({form_en}) has no grammar-school course. Please leave this out.",
        )
    listed = ", ".join(tracks)
    return Text(
        f"Diesen Bildungsgang gibt es an dieser Schule ({form_de}) nicht. Möglich ist: {listed}.",
        f"This school ({form_en}) does not have this course. Possible courses: {listed}.",
    )


def unknown_text(known: list[str]) -> Text:
    """`known`: ids of the texts that there are."""
    ids = ", ".join(known)
    return Text(f"Diesen Text gibt es nicht. Möglich ist: {ids}.", f"There is no such text. Possible: {ids}.")


def unknown_version(known: list[str]) -> Text:
    """`known`: the versions that the text has."""
    versions = ", ".join(known)
    return Text(
        f"Diese Fassung gibt es nicht. Möglich ist: {versions}.", f"There is no such version. Possible: {versions}."
    )
