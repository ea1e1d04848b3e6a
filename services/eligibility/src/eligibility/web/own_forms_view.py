"""An authority's own form as people read it."""

from typing import Any

from shared.errors import Text
from shared.events.own_form import FurtherQuestion, Page

from eligibility.web.formatter import Formatter
from eligibility.workflow.rule_sets.own_form_versions import OwnFormVersion

STATES = {
    "draft": ("warning", Text("Entwurf", "Draft")),
    "published": ("success", Text("Veröffentlicht", "Published")),
}
ALL = Text("alle Familien", "all families")
PAGES: dict[Page, Text] = {
    "school": Text("Schule", "School"),
    "grade": Text("Klasse", "Grade"),
    "track": Text("Acht oder neun Jahre Gymnasium", "Eight or nine years of grammar school"),
    "course": Text("Bildungsgang", "Course"),
    "course-kind": Text("Art des Bildungsgangs", "Kind of course"),
    "branch": Text("Zweig der Schule", "Branch of the school"),
    "child": Text("Name des Kindes", "The child's name"),
    "home": Text("Wohnung des Kindes", "The child's home"),
    "guardian": Text("Wer den Antrag stellt", "Who applies"),
    "guardian-home": Text("Wohnung dessen, der den Antrag stellt", "Home of who applies"),
    "custody": Text("Sorgerecht", "Custody"),
    "second-guardian": Text("Zweite sorgeberechtigte Person", "Second guardian"),
    "second-guardian-home": Text("Wohnung der zweiten Person", "Home of the second guardian"),
    "from": Text("Erster Tag", "First day"),
    "circumstances": Text("Was zutrifft", "What applies"),
    "health": Text("Krankheit oder Behinderung", "Illness or disability"),
    "refusal": Text("Schule, die abgelehnt hat", "School that refused"),
    "second-home": Text("Zweite Wohnung", "Second home"),
    "transport": Text("Gewünschte Beförderung", "Transport wanted"),
    "other-place": Text("Anderer Unterrichtsort", "Another place of teaching"),
    "share": Text("Eigenanteil", "Own share"),
    "further": Text("Weitere Fragen", "Further questions"),
    "medium": Text("Handy oder Papier", "Phone or paper"),
    "documents": Text("Unterlagen", "Documents"),
    "consents": Text("Datenschutz und Bescheid", "Data protection and decision"),
}
"""What each page of an application is about; its name stands beside it, since a form is written with it."""
STARTER = """# taken_over_from: Nummer eines anderen Schulträgers
texts:
  home:
    de: Bitte geben Sie die Adresse an, unter der Ihr Kind gemeldet ist.
    en: Please give the address at which your child is registered.
questions:
  - key: bus_line
    title: {de: Mit welcher Linie fährt Ihr Kind?, en: Which line does your child take?}
    answer: {type: string, maxLength: 20}
    required: false
"""
"""What a new draft begins with."""
TRUST = {
    "none": Text("keine bestimmte Anmeldung", "no particular sign-in"),
    "basic": Text("Anmeldung mit einem Konto (niedrig)", "sign-in with an account (low)"),
    "substantial": Text("Anmeldung mit ELSTER-Zertifikat oder höher (substanziell)", "sign-in with ELSTER or higher"),
    "high": Text("Anmeldung mit dem Online-Ausweis (hoch)", "sign-in with the identity card (high)"),
}
CUSTODY = {
    "none": Text("wird nicht gefragt", "is not asked"),
    "declaration": Text("eine Erklärung genügt", "a declaration suffices"),
    "document": Text("mit Nachweis", "with a document"),
}
BOTH = {
    True: Text("bekommen beide Sorgeberechtigten", "goes to both guardians"),
    False: Text("bekommt, wer den Antrag stellt", "goes to who applies"),
}


def version(one: OwnFormVersion, say: Formatter) -> dict[str, Any]:
    """A version as a line or the head of its page."""
    colour, state = STATES[one.state]
    number = say.t("Entwurf", "Draft") if one.version is None else f"{say.t('Fassung', 'Version')} {one.version}"
    return {
        "id": one.id,
        "mark": one.mark,
        "title": number,
        "colour": colour,
        "state": say.text(state),
        "beneath": one.taken_over_from or "",
        "from": say.day(one.valid_from) if one.valid_from else "",
        "changed": say.moment(one.changed_at),
        "published": say.moment(one.published_at) if one.published_at else "",
        "published_by": one.published_by or "",
        "is_published": one.state == "published",
    }


def texts(one: OwnFormVersion, say: Formatter) -> list[tuple[str, str]]:
    """By page, what is said there."""
    return [
        (f"{say.text(PAGES[page])} ({page})", words.in_language(say.language))
        for page, words in one.content.texts.items()
    ]


def demands(one: OwnFormVersion, say: Formatter) -> list[tuple[str, str]]:
    """What is asked of who applies; empty where nothing is said of it."""
    told = one.content.demands
    if told is None:
        return []
    return [
        (say.t("Anmeldung", "Sign-in"), say.text(TRUST[told.trust])),
        (say.t("Sorgerecht", "Custody"), say.text(CUSTODY[told.custody])),
        (say.t("Den Bescheid", "The notice"), say.text(BOTH[told.both_guardians])),
    ]


def questions(one: OwnFormVersion, say: Formatter) -> list[dict[str, str]]:
    """What is asked, of whom, and with which answers."""
    return [_question(each, say) for each in one.content.questions]


def _question(one: FurtherQuestion, say: Formatter) -> dict[str, str]:
    answer = one.answer
    least, most = answer.minimum, answer.maximum
    kinds = {
        "text": say.t(f"Text bis {answer.max_length} Zeichen", f"text of up to {answer.max_length} characters"),
        "choice": ", ".join(each.in_language(say.language) for each in one.choices.values()),
        "date": say.t("ein Tag", "a day"),
        "yes_no": say.t("ja oder nein", "yes or no"),
        "number": say.t(f"Zahl von {least} bis {most}", f"number from {least} to {most}"),
    }  # fmt: skip
    needed = say.t("muss beantwortet werden", "must be answered") if one.required else say.t("freiwillig", "optional")
    return {
        "title": one.title.in_language(say.language),
        "answer": f"{kinds[answer.kind]} ({needed})",
        "when": one.when or say.text(ALL),
    }
