"""What a mail says: a hint that something is to be read, and a link. Nothing of a person, and nothing of the matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from shared.errors import Language, Text
from shared.mail.addresses import MailAddress

AUTOMATIC = Text(
    "Diese E-Mail wurde automatisch verschickt. Antworten darauf liest niemand.",
    "This e-mail was sent automatically. Nobody reads replies to it.",
)


@dataclass(frozen=True)
class MailTemplate:
    """`link_words`: what stands before the link's address."""

    subject: Text
    paragraphs: Sequence[Text]
    link_words: Text


@dataclass(frozen=True)
class MailSender:
    """From whom mails come, as the family's program shows it."""

    address: MailAddress
    name: str


def write_message(
    template: MailTemplate,
    language: Language,
    link: str,
    *,
    sender: MailSender,
    to: MailAddress,
    message_id: str,
    now: datetime,
) -> EmailMessage:
    """Plain text and simple HTML that say the same (RFC 5322; automatic by RFC 3834).

    Args:
        message_id: with its angle brackets, the same at each try, so that a program can tell what came twice.
    """
    message = EmailMessage(policy=policy.SMTPUTF8 if to.needs_utf8 else policy.SMTP)
    message["From"] = f"{_quoted(sender.name)} <{sender.address}>"
    message["To"] = f"<{to}>"
    message["Subject"] = template.subject.in_language(language)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_plain(template, language, link))
    message.add_alternative(_html(template, language, link), subtype="html")
    message["Content-Language"] = language  # only now: content that is set takes away such heads of before
    return message


def _paragraphs(template: MailTemplate, language: Language) -> list[str]:
    return [each.in_language(language) for each in template.paragraphs]


def _plain(template: MailTemplate, language: Language, link: str) -> str:
    words = template.link_words.in_language(language)
    said = [*_paragraphs(template, language), f"{words}\n{link}", AUTOMATIC.in_language(language)]
    return "\n\n".join(said) + "\n"


def _html(template: MailTemplate, language: Language, link: str) -> str:
    words, address = escape(template.link_words.in_language(language)), escape(link)
    said = "".join(f"<p>{escape(each)}</p>" for each in _paragraphs(template, language))
    title = escape(template.subject.in_language(language))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'{said}<p>{words}<br><a href="{address}">{address}</a></p>'
        f"<p>{escape(AUTOMATIC.in_language(language))}</p></body></html>\n"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "").replace('"', "") + '"'
