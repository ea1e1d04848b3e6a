"""The first page of the local run: four doors, the demo's accounts, and a short story to follow.

It stands at the demo identity provider, the one process that belongs to no service, and shows no password: those are in
a file that only the user of this machine can read.
"""

from collections.abc import Sequence
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from shared.errors import Language, Text
from shared.http.problems import language_of

from local.identity.sign_in_page import hash_of

STYLE = (
    ":root{color-scheme:light dark;--line:#d4d6df;--quiet:#4b5065;--link:#2044aa}"
    "@media (prefers-color-scheme:dark){:root{--line:#3a3f57;--quiet:#b9bed2;--link:#adc0ff}}"
    "body{font:1.0625rem/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "h1{line-height:1.2}.doors{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:1rem}"
    "section{border:1px solid var(--line);border-radius:8px;padding:0 1rem 1rem}a{color:var(--link)}"
    "li{margin:.5rem 0}.quiet{color:var(--quiet)}.language{text-align:right}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{hash_of(STYLE)}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class Start(BaseModel):
    """Where the doors lead."""

    family: str
    desk: str
    scan: str
    application: str
    issuance: str
    passwords: str = "var/run/services.json"


Way = tuple[str, Text, str]
"""Where to, what it is called, and who goes there; empty: nobody need sign in."""


def start_page(start: Start) -> APIRouter:
    """`/`, in the language of the browser."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def first(request: Request) -> Response:
        asked = request.query_params.get("language")
        language = language_of(request.headers.get("accept-language"))
        if asked in ("de", "en"):
            language = "en" if asked == "en" else "de"
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Content-Language": language}
        return HTMLResponse(_page(start, language), headers=headers)

    return routes


def _doors(start: Start) -> Sequence[tuple[Text, Text, Sequence[Way]]]:
    return (
        (
            Text("Familie", "Family"),
            Text("Fragen, einen Antrag stellen, sehen, wie er steht.", "Ask, apply, and see how things stand."),
            (
                (f"{start.family}/precheck", Text("Bekommt mein Kind ein Ticket?", "Will my child get a ticket?"), ""),
                (f"{start.family}/apply", Text("Einen Antrag stellen", "Apply for a ticket"), ""),
                (start.family, Text("Die eigenen Kinder", "Your children"), "parent-1, parent-2, parent-bundid"),
                (f"{start.family}/code", Text("Ohne Konto, mit einem Code", "Without an account, by a code"), ""),
                (f"{start.family}/data", Text("Die eigenen Daten", "Your data"), "parent-1, parent-2"),
                (f"{start.family}/easy", Text("Leichte Sprache", "In easy words"), ""),
            ),
        ),
        (
            Text("Schulträger", "Authority"),
            Text("Prüfen, nachfragen, entscheiden, Regeln setzen.", "Check, ask, decide, set rules."),
            (
                (f"{start.desk}/", Text("Fälle, über die ein Mensch entscheidet", "Cases for a person to decide"),
                 "case-worker, case-worker-2"),
                (f"{start.desk}/letters", Text("Briefe drucken", "Print letters"), "case-worker"),
                (f"{start.application}/codes",
                 Text("Codes für Familien ohne Konto", "Codes for families without an account"),
                 "case-worker"),
                (f"{start.desk}/?pile=prepared", Text("Bescheide freigeben", "Release notices"), "releaser"),
                (f"{start.desk}/rule-sets", Text("Regelsätze", "Rule sets"), "administrator, administrator-2"),
            ),
        ),
        *_doors_of_others(start),
    )  # fmt: skip


def _doors_of_others(start: Start) -> Sequence[tuple[Text, Text, Sequence[Way]]]:
    return (
        (
            Text("Verkehrsunternehmen", "Operator"),
            Text("Tickets prüfen, auch ohne Netz.", "Check tickets, also without a network."),
            (
                (start.scan, Text("Kontrolle mit der Kamera", "Inspection with the camera"), "inspector"),
                (f"{start.issuance}/", Text("Schnittstelle für Prüfgeräte", "Interface for scanners"), "operator"),
            ),
        ),
        (
            Text("Schule", "School"),
            Text("Bestätigen, wer die Schule besucht, und eine Klassenliste hochladen.",
                 "Confirm who attends the school, and upload a class list."),
            (
                (f"{start.application}/school", Text("Wer besucht Ihre Schule?", "Who attends your school?"),
                 "school-1"),
                (f"{start.family}/precheck", Text("Auskunft in einer Minute", "An answer in a minute"), ""),
                (f"{start.application}/v1/schools?search=Schule", Text("Schulen suchen", "Search schools"), ""),
            ),
        ),
    )  # fmt: skip


STORY = (
    Text("Fragen Sie bei der Familie, ob ein Kind ein Ticket bekommt: ohne Anmeldung, mit einer Adresse der Stadt.",
         "At the family's door, ask whether a child gets a ticket: without signing in, with an address of the town."),
    Text("Melden Sie sich als parent-2 an. Ein Kind ist abgelehnt, zu einem hat der Schulträger eine Frage: "
         "Beantworten Sie sie.",
         "Sign in as parent-2. One child was refused, and the authority has a question about another: answer it."),
    Text("Melden Sie sich in einem zweiten Browser als case-worker an. Die Antwort liegt beim Fall: Entscheiden Sie.",
         "In a second browser sign in as case-worker. The answer lies with the case: decide it."),
    Text("Zurück bei parent-2 steht der Bescheid mit Karte, und, wenn bewilligt, das Ticket.",
         "Back at parent-2 there is the notice with a map and, if granted, the ticket."),
    Text("Melden Sie als parent-1 das Telefon als verloren, und prüfen Sie altes und neues Ticket als inspector.",
         "As parent-1 report the phone as lost, and check the old and the new ticket as inspector."),
)  # fmt: skip


def _page(start: Start, language: Language) -> str:
    def say(text: Text) -> str:
        return escape(text.in_language(language))

    other, name = ("en", "English") if language == "de" else ("de", "Deutsch")
    doors = "".join(
        f"<section><h2>{say(title)}</h2><p>{say(text)}</p><ul>{''.join(_way(each, language) for each in ways)}</ul>"
        "</section>"
        for title, text, ways in _doors(start)
    )
    story = "".join(f"<li>{say(each)}</li>" for each in STORY)
    title = say(Text("Schulticket: zum Ausprobieren", "Schulticket: to try out"))
    told = say(
        Text("Namen stehen an den Türen, Passwörter in der Datei", "Names stand at the doors, passwords in the file")
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f'<p class="language"><a href="/?language={other}" lang="{other}" hreflang="{other}">{name}</a></p>'
        f"<main><h1>{title}</h1><p>{told} <code>{escape(start.passwords)}</code>.</p>"
        f'<div class="doors">{doors}</div><h2>{say(Text("Eine Geschichte", "A story to follow"))}</h2>'
        f"<ol>{story}</ol></main></body></html>"
    )


def _way(way: Way, language: Language) -> str:
    address, text, who = way
    named = f' <span class="quiet">({escape(who)})</span>' if who else ""
    return f'<li><a href="{escape(address)}">{escape(text.in_language(language))}</a>{named}</li>'
