"""Documents of a case as JSON: their kinds in both languages, and where `application` serves them."""

from typing import Any

from shared.errors import Text

from eligibility.workflow import CaseFile

KINDS: dict[str, Text] = {
    "medical_certificate": Text("Ärztliches Attest", "Medical certificate"),
    "school_refusal": Text("Ablehnung der nächstgelegenen Schule", "Refusal by the nearest school"),
    "benefit_notice": Text("Bescheid über Sozialleistungen", "Notice of social benefits"),
    "custody": Text("Nachweis zu Sorgerecht oder zweiter Wohnung", "Proof of custody or second home"),
    "danger_report": Text("Bericht zur Gefährlichkeit des Schulwegs", "Report on the danger of the way to school"),
    "assigned_place": Text("Schreiben der Schulaufsicht", "Letter of the school supervision"),
}
OTHER = Text("Andere Unterlage", "Other document")
"""Also what a newer sender calls by a name that is not known here."""
HANDED_IN = Text("Eingereicht, noch nicht geöffnet", "Handed in, not opened yet")
OPENED = Text("Geöffnet", "Opened")


def documents(file: CaseFile) -> list[dict[str, Any]]:
    """Oldest first. `state` is `handed_in`, or `opened` by a person of the authority: whether it proves anything is
    said by that person's decision.

    `link` wants a bearer token; `staff_link` is for a browser, which is asked to sign in.
    """
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "kind_text": _both(KINDS.get(each.kind, OTHER)),
            "media_type": each.media_type,
            "size": each.size,
            "question_id": each.question_id,
            "handed_in_at": each.added_at,
            "opened_at": each.opened_at,
            "state": "handed_in" if each.opened_at is None else "opened",
            "state_text": _both(HANDED_IN if each.opened_at is None else OPENED),
            "staff_link": f"{file.application_url}/documents/{each.application_id}/{each.id}"
            if file.application_url
            else None,
            "link": f"{file.application_url}/v1/applications/{each.application_id}/documents/{each.id}",
        }
        for each in file.documents
    ]


def _both(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}
