"""What a family is asked to prove, or to tell, of what it puts forward: the family's words of a question (see to_family).

Pure.
"""

from shared.errors import Text

ALREADY_SENT = Text(
    "Haben Sie das schon getan, müssen Sie nichts mehr tun.", "If you have done so, nothing is left to do."
)
CERTIFICATE = Text(
    "Bitte schicken Sie uns ein ärztliches Attest: Es soll sagen, dass und wie viele Wochen lang auf dem Schulweg ein "
    f"Verkehrsmittel nötig ist. {ALREADY_SENT.de}",
    "Please send us a medical certificate: it should say that transport is needed on the way to school, and for how "
    f"many weeks. {ALREADY_SENT.en}",
)
CERTIFICATE_FOR_TRANSPORT = Text(
    "Sie haben angegeben, dass Bus und Bahn wegen einer Behinderung oder Krankheit nicht möglich sind. Bitte schicken "
    f"Sie uns dazu ein ärztliches Attest. {ALREADY_SENT.de}",
    "You said that bus and train are impossible because of a disability or illness. Please send us a medical "
    f"certificate. {ALREADY_SENT.en}",
)
ESCORT = Text(
    "Bitte schicken Sie uns das Attest oder den Bescheid, aus dem hervorgeht, dass auf dem Schulweg eine Begleitperson "
    f"nötig ist. {ALREADY_SENT.de}",
    "Please send us the medical certificate or official letter that says that an escort is needed on the way to school. "
    f"{ALREADY_SENT.en}",
)
NEAREST_REFUSED = Text(
    "Bitte schicken Sie uns das Schreiben, mit dem die nächstgelegene Schule die Aufnahme abgelehnt hat. "
    f"{ALREADY_SENT.de}",
    f"Please send us the letter by which the nearest school refused admission. {ALREADY_SENT.en}",
)
ASSIGNED_PLACE = Text(
    "Hat die Schulaufsicht diese Schule als Förderort benannt? Dann schicken Sie uns bitte den Bescheid. "
    f"{ALREADY_SENT.de}",
    "Did the school supervision name this school as the place of support? Then please send us its letter. "
    f"{ALREADY_SENT.en}",
)
OWN_BRANCH = Text(
    "Eine andere Schule derselben Form liegt näher. Gibt es an der besuchten Schule einen Bildungsweg, den die nähere "
    "nicht anbietet (zum Beispiel einen bilingualen Zweig), oder beginnt dort die Oberstufe? Dann schreiben Sie uns das "
    "bitte.",
    "Another school of the same form is nearer. Does the school attended have a branch that the nearer one does not "
    "offer (a bilingual one, for example), or does the Oberstufe begin there? Then please write to us.",
)


def own_branch(nearest: str, *, told: bool) -> Text:
    """`nearest`: the nearer school's name.

    Args:
        told: the family has said already that there is such a branch.
    """
    if told:
        return Text(
            f"Näher liegt: {nearest}. Sie haben angegeben, dass es an der besuchten Schule einen Bildungsweg gibt, den "
            "diese Schule nicht anbietet, oder dass dort die Oberstufe beginnt. Bitte schreiben Sie uns, welcher "
            "Bildungsweg das ist, und schicken Sie uns eine Bestätigung der besuchten Schule.",
            f"Nearer is: {nearest}. You told us that the school attended has a branch that this school does not offer, "
            "or that the Oberstufe begins there. Please tell us which branch it is, and send us a confirmation of the "
            "school attended.",
        )
    return Text(
        f"Eine andere Schule derselben Form liegt näher: {nearest}. Gibt es an der besuchten Schule einen Bildungsweg, "
        "den diese Schule nicht anbietet (zum Beispiel einen bilingualen Zweig), oder beginnt dort die Oberstufe? Dann "
        "geben Sie das bitte in Ihren Angaben an (Gründe über die Entfernung hinaus) und schicken Sie uns eine "
        "Bestätigung der besuchten Schule.",
        f"Another school of the same form is nearer: {nearest}. Does the school attended have a branch that this one "
        "does not offer (a bilingual one, for example), or does the Oberstufe begin there? Then please say so in your "
        "facts (grounds beyond the distance) and send us a confirmation of the school attended.",
    )


LESSONS = Text(
    "Bitte schicken Sie uns eine Bestätigung der Schule über den Unterricht, den Sie angegeben haben. "
    f"{ALREADY_SENT.de}",
    f"Please send us the school's confirmation of the lessons that you told us of. {ALREADY_SENT.en}",
)
AFTERNOON = Text(
    "Muss der Schulweg an den meisten Schultagen zweimal gegangen werden, weil vormittags und nachmittags Unterricht "
    "ist? Dann schicken Sie uns bitte eine Bestätigung der Schule.",
    "Must the way to school be walked twice on most school days, because there are lessons in the morning and in the "
    "afternoon? Then please send us the school's confirmation.",
)
PLACE_OF_TEACHING = Text(
    "Schreibt der Lehrplan den anderen Unterrichtsort (zum Beispiel ein Praktikum) vor? Dann schicken Sie uns bitte eine "
    "Bestätigung der Schule. Den Weg dorthin messen wir.",
    "Does the curriculum require the other place of teaching (an internship, for example)? Then please send us the "
    "school's confirmation. The way there is measured by us.",
)
FAR_PLACE_OF_TEACHING = Text(
    "Der andere Unterrichtsort ist weit entfernt. Bitte schreiben Sie uns, warum kein näherer in Frage kommt.",
    "The other place of teaching is far away. Please write to us why no nearer one is possible.",
)
NO_PUBLIC_TRANSPORT = Text(
    "Sie haben angegeben, dass Bus und Bahn nicht in Frage kommen. Wir prüfen das. Haben Sie dazu einen Nachweis, "
    "schicken Sie ihn uns bitte.",
    "You said that bus and train are out of the question. We are looking at it. If you have something that proves it, "
    "please send it.",
)
PUBLIC_TRANSPORT = Text(
    "Bitte schreiben Sie uns, ob Bus oder Bahn fahren und was gegen sie spricht: wie weit es zur Haltestelle ist, wie "
    "lange Fahrt und Wartezeit dauern und wann man losgehen muss.",
    "Please write to us whether there is a bus or train, and what speaks against it: how far the stop is, how long the "
    "ride and the wait are, and when one must leave home.",
)
KILOMETRES = Text(
    "Bitte schreiben Sie uns, wie viele Kilometer der Weg mit dem Fahrzeug hat, an wie vielen Schultagen im Monat "
    "gefahren wird und wer mitfährt.",
    "Please write to us how many kilometres the way has by this vehicle, on how many school days a month it is driven, "
    "and who rides along.",
)
FARE = Text(
    "Bitte schreiben Sie uns, wie viel die Fahrkarte im Monat kostet.",
    "Please write to us how much the ticket costs a month.",
)
INCOME = Text(
    f"Bitte schicken Sie uns einen Nachweis über das Einkommen der Familie. {ALREADY_SENT.de}",
    f"Please send us something that proves the family's income. {ALREADY_SENT.en}",
)
WHAT_IS_PROVEN = Text(
    "Bitte schicken Sie uns Nachweise zu den Geschwistern oder Sozialleistungen, die Sie angegeben haben. Davon hängt "
    "die Entscheidung ab.",
    "Please send us something that proves what you told us of siblings or social benefits. The decision depends on it.",
)


def twins(german: str, english: str) -> Text:
    """Of children with this birth date, of whom one counts before the other."""
    return Text(
        f"Mehrere Ihrer Kinder sind {german} geboren: Welches soll beim Eigenanteil zuerst zählen? Hat das andere kein "
        "gefördertes Ticket, schreiben Sie uns das bitte.",
        f"Several of your children were born {english}: which of them shall count first for the own share? If the other "
        "has no funded ticket, please write so.",
    )


def health_hints(german: str, english: str) -> Text:
    """Of what was said that may mean that transport is needed."""
    return Text(
        f"Sie haben angegeben: {german}. Ist deshalb auf dem Schulweg ein Verkehrsmittel nötig? Dann schicken Sie uns "
        "bitte ein ärztliches Attest oder den Bescheid darüber. Sonst schreiben Sie uns das bitte kurz.",
        f"You told us of {english}. Is transport on the way to school therefore needed? Then please send us a medical "
        "certificate or the official letter about it. If not, please tell us so.",
    )


def another_refused(refusing: str, nearest: str) -> Text:
    """Of names of schools: the one that refused, and the one that is nearest."""
    return Text(
        f"Sie haben angegeben, dass diese Schule abgelehnt hat: {refusing}. Näher liegt aber: {nearest}. Hat auch sie "
        "abgelehnt? Dann schicken Sie uns bitte das Schreiben.",
        f"You said that this school refused: {refusing}. But this one is nearer: {nearest}. Did it refuse as well? Then "
        "please send us its letter.",
    )
