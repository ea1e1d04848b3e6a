"""Documents that a family hands in: of which kinds, how large, how many, and how their files are called. Pure."""

import re
import unicodedata
from typing import Literal, get_args

from shared.errors import Problem, Text

from application.checks.content import HEIC, JPEG, PDF, PNG
from application.checks.faults import Fault

DocumentKind = Literal[
    "medical_certificate", "school_refusal", "benefit_notice", "custody", "danger_report", "assigned_place", "other"
]
KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
LARGEST_BYTES = 10 * 1024 * 1024
"""A photograph of a page by a present telephone is 3 to 6 MB; a scanned letter less."""
MOST_DOCUMENTS = 20
LONGEST_NAME = 80

KIND_TEXTS: dict[DocumentKind, Text] = {
    "medical_certificate": Text("Ärztliches Attest", "Medical certificate"),
    "school_refusal": Text("Ablehnung der nächstgelegenen Schule", "Refusal by the nearest school"),
    "benefit_notice": Text("Bescheid über Sozialleistungen", "Notice of social benefits"),
    "custody": Text("Nachweis zu Sorgerecht oder zweiter Wohnung", "Proof of custody or second home"),
    "danger_report": Text("Bericht zur Gefährlichkeit des Schulwegs", "Report on the danger of the way to school"),
    "assigned_place": Text("Schreiben der Schulaufsicht", "Letter of the school supervision"),
    "other": Text("Andere Unterlage", "Other document"),
}
TOO_LARGE = Text(
    "Die Datei ist größer als 10 MB. Bitte fotografieren Sie die Seiten einzeln, oder verkleinern Sie die Datei.",
    "The file is larger than 10 MB. Please photograph the pages one by one, or make the file smaller.",
)
TOO_MANY = Text(
    "Zu diesem Antrag liegen schon 20 Unterlagen vor. Bitte löschen Sie eine, die nicht mehr gebraucht wird.",
    "This application has 20 documents already. Please delete one that is no longer needed.",
)
MEGABYTE = 1024 * 1024
KEPT_OF_ONE = 200 * MEGABYTE
"""Of one account, in all its applications together: as much as twenty documents of the largest size. Our own choice."""


def _draft_is_full(most: int) -> Text:
    return Text(
        f"Zu diesem Entwurf passen Unterlagen von zusammen höchstens {most // MEGABYTE} MB. Bitte löschen Sie eine, "
        "die nicht mehr gebraucht wird, oder reichen Sie die neue nach, wenn der Antrag abgeschickt ist.",
        f"A draft has room for documents of {most // MEGABYTE} MB together. Please delete one that is no longer "
        "needed, or hand the new one in once the application has been sent.",
    )


class TooMuchKept(Problem):
    """`most`: bytes that are kept of one account."""

    status = 413
    kind = "too-much-kept"
    title = Text("Dafür ist kein Platz mehr.", "There is no room left for this.")

    def __init__(self, most: int, *, of_draft: bool = False) -> None:
        """`of_draft`: of this draft alone."""
        super().__init__(
            _draft_is_full(most)
            if of_draft
            else Text(
                f"Von Ihnen liegen hier schon so viele Unterlagen, wie wir aufbewahren: {most // MEGABYTE} MB. "
                "Bitte löschen Sie eine, die nicht mehr gebraucht wird, oder geben Sie die neue beim Schulträger ab.",
                f"We have as many documents of yours already as we keep: {most // MEGABYTE} MB. Please delete "
                "one that is no longer needed, or hand the new one in at the school authority.",
            ),
            field="file",
        )


FAULTS: dict[Fault, Text] = {
    Fault.EMPTY: Text("Die Datei ist leer. Bitte wählen Sie sie neu aus.", "The file is empty. Please choose it anew."),
    Fault.UNKNOWN: Text(
        "Diese Art von Datei können wir nicht annehmen. Möglich sind PDF und Fotos (JPEG, PNG, HEIC). Sie können die "
        "Seiten auch einfach fotografieren.",
        "We cannot take this kind of file. You can send a PDF or photographs (JPEG, PNG, HEIC), or simply photograph "
        "the pages.",
    ),
    Fault.OTHER_PICTURE: Text(
        "Bilder oder Filme dieses Formats können wir nicht annehmen. Bitte fotografieren Sie die Seite, oder öffnen "
        "Sie das Bild und senden Sie ein Bildschirmfoto davon (JPEG, PNG, HEIC).",
        "We cannot take pictures or films of this format. Please photograph the page, or open the picture and send a "
        "screenshot of it (JPEG, PNG, HEIC).",
    ),
    Fault.OFFICE: Text(
        "Das ist ein Textdokument, eine Tabelle oder ein gepackter Ordner. Bitte öffnen Sie es und speichern oder "
        "drucken Sie es als PDF, oder fotografieren Sie die Seiten.",
        "This is a text document, a table or a packed folder. Please open it and save or print it as PDF, or "
        "photograph the pages.",
    ),
    Fault.CUT_OFF: Text(
        "Von der Datei fehlt ein Teil, oder ein Teil ist beschädigt. Bitte senden Sie sie noch einmal. Hilft das "
        "nicht, fotografieren Sie die Seite, oder senden Sie ein Bildschirmfoto davon.",
        "A part of the file is missing or damaged. Please send it again. If that does not help, photograph the page or "
        "send a screenshot of it.",
    ),
    Fault.TWO_IN_ONE: Text(
        "In der Datei steckt noch eine andere, zum Beispiel ein gepackter Ordner oder eine Internetseite. Bitte "
        "fotografieren Sie die Seite, oder senden Sie ein Bildschirmfoto davon.",
        "There is another file inside this one, such as a packed folder or a web page. Please photograph the page, or "
        "send a screenshot of it.",
    ),
    Fault.TOO_MANY_PIXELS: Text(
        "Das Bild hat mehr als 250 Millionen Bildpunkte. Bitte verkleinern Sie es, oder fotografieren Sie die Seite "
        "noch einmal.",
        "The picture has more than 250 million pixels. Please make it smaller, or photograph the page once more.",
    ),
    Fault.MORE_BEHIND: Text(
        "Hinter dem Ende der PDF-Datei stehen noch Daten, die wir nicht prüfen können. Bitte drucken Sie sie in eine "
        "neue PDF-Datei, oder fotografieren Sie die Seiten.",
        "Behind the end of the PDF there are data that we cannot check. Please print it to a new PDF, or photograph "
        "the pages.",
    ),
    Fault.MORE_BEFORE: Text(
        "Vor dem Anfang der PDF-Datei stehen noch Daten, die wir nicht prüfen können. Bitte drucken Sie sie in eine "
        "neue PDF-Datei, oder fotografieren Sie die Seiten.",
        "Before the beginning of the PDF there are data that we cannot check. Please print it to a new PDF, or "
        "photograph the pages.",
    ),
    Fault.ACTIVE: Text(
        "Die PDF-Datei enthält Programme, Anhänge oder ein Formular mit Programmen. Bitte drucken Sie sie in eine neue "
        "PDF-Datei, oder fotografieren Sie die Seiten.",
        "The PDF contains programs, attachments or a form with programs. Please print it to a new PDF, or "
        "photograph the pages.",
    ),
    Fault.LEADS_OUT: Text(
        "Die PDF-Datei tut etwas von selbst, sobald man sie öffnet, spielt Ton oder Film ab oder führt in andere "
        "Dateien. Bitte drucken Sie sie in eine neue PDF-Datei, oder fotografieren Sie die Seiten.",
        "The PDF does something by itself as soon as it is opened, plays sound or film, or leads into other files. "
        "Please print it to a new PDF, or photograph the pages.",
    ),
    Fault.LOCKED: Text(
        "Die PDF-Datei ist verschlüsselt: durch ein Kennwort zum Öffnen, oder damit sie nicht geändert oder gedruckt "
        "wird. Bitte senden Sie sie ohne diesen Schutz, oder fotografieren Sie die Seiten.",
        "The PDF is encrypted: by a password to open it, or so that it is not changed or printed. Please send it "
        "without that protection, or photograph the pages.",
    ),
    Fault.PACKED: Text(
        "Die PDF-Datei ist so gepackt, dass sie nicht geprüft werden kann. Bitte drucken Sie sie in eine neue "
        "PDF-Datei, oder fotografieren Sie die Seiten.",
        "The PDF is packed so that it cannot be checked. Please print it to a new PDF, or photograph the pages.",
    ),
}
_ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png", HEIC: "heic"}
_UNSAFE = re.compile(r'[<>:"/\\|?*%;&`$\x00-\x1f\x7f]')


def _cut(name: str) -> str:
    """At a letter: its marks go with it."""
    end = min(len(name), LONGEST_NAME)
    while 0 < end < len(name) and unicodedata.category(name[end])[0] == "M":
        end -= 1
    return name[:end]


def safe_name(given: str, media_type: str) -> str:
    """A file name that is safe on every system, with the ending of what the file is. Never empty.

    Without folders, invisible and direction-changing characters; it may still be personal (`Attest Ana.pdf`).
    """
    text = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(each for each in text if each == " " or unicodedata.category(each)[0] not in "CZ")
    stem = _UNSAFE.sub("", text).rpartition(".")[0] or _UNSAFE.sub("", text)
    stem = _cut(" ".join(stem.split()).strip(" .")).strip(" .")
    return f"{stem or 'Unterlage'}.{_ENDINGS[media_type]}"
