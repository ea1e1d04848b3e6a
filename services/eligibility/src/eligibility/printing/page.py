"""The same notice as a page: what it says comes as data and is escaped; no script, nothing fetched, one style."""

import base64
import hashlib
import re
from html import escape
from importlib import resources
from typing import Any

from eligibility.printing.route import draw_route
from eligibility.workflow.outer_ports import NoticePage

STYLE = (resources.files("eligibility.printing") / "notice.css").read_text(encoding="utf-8")
LINKS_FIRST = (None, "din-5008-b", "din-5008-b-2")
"""Layouts of before, in which the page's links stood above who writes."""
EMAIL_PARTS = re.compile(r"([@.-])")
STYLE_BELOW = f"{STYLE}header+nav{{margin:-.7rem 0 1.3rem}}"
"""Where the page's links stand below who writes."""


def _source(style: str) -> str:
    """Of the policy: this style and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def page(content: dict[str, Any]) -> NoticePage:
    """The page, and the hash of its style for the policy. `content` as made by `notice.content`."""
    english = content["english"]
    plain = content.get("plain")
    parts = [
        _addressed(content),
        *(_section(each, content) for each in content["sections"]),
        f"<p>{_lines(content['closing'])}</p>",
        _box("kurz", "plain", plain["title"], plain["paragraphs"]) if plain else "",
        _box("english", "english", english["title"], english["paragraphs"], lang="en"),
    ]
    jump = '<a href="#kurz">Kurz und einfach gesagt</a> · ' if plain else ""
    links = (
        f'<nav aria-label="Auf dieser Seite">{jump}<a href="#english" lang="en">Summary in English</a> · '
        '<a href="?format=pdf">Als PDF</a></nav>'
    )
    above, style = _head(content) + links, STYLE_BELOW
    if content.get("layout") in LINKS_FIRST:
        above, style, parts = links, STYLE, [_head(content), *parts]
    text = (
        f'<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>{escape(content["title"])}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{style}</style></head><body>{above}<main>{''.join(parts)}</main>"
        f"<footer><p>{escape(content['footer'])}</p></footer></body></html>"
    )
    return NoticePage(text, _source(style))


def _head(content: dict[str, Any]) -> str:
    authority = content["authority"]
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{_breakable(value)}</dd>" for label, value in content["information"])
    return (
        f'<header><p class="name">{escape(authority["name"])}</p><p>{_breaks(authority["letterhead"])}</p>'
        f"<dl>{rows}</dl></header>"
    )


def _addressed(content: dict[str, Any]) -> str:
    return (
        f'<address>{_breaks(content["addressee"])}</address><p class="day">{escape(content["place"])}, '
        f'<time datetime="{escape(content["date"])}">{escape(content["date_text"])}</time></p>'
        f'<h1>{escape(content["title"])}</h1><p class="subject">{escape(content["subject"])}</p>'
        f"<p>{escape(content['salutation'])}</p>"
    )


def _breakable(value: str) -> str:
    """An e-mail address may go into a second line behind each part of it: telephones are 320 pixels wide."""
    text = escape(value)
    return EMAIL_PARTS.sub(r"\1<wbr>", text) if "@" in value else text


def _section(section: dict[str, Any], content: dict[str, Any]) -> str:
    told = [f"<h2>{escape(section['title'])}</h2>"]
    told += [
        f"<p{' class=strong' if each.get('strong') else ''}>{escape(each['text'])}</p>"
        for each in section["paragraphs"]
    ]
    if section.get("figures"):
        what, length = map(escape, section["figures_title"])
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
            for label, value in section["figures"]
        )
        told.append(
            f'<table><thead><tr><th scope="col">{what}</th><th scope="col">{length}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )
    if section.get("reasons"):
        items = "".join(
            f"<li>{escape(each['text'])} <span>({escape(each['legal_basis'])})</span></li>"
            for each in section["reasons"]
        )
        told.append(f"<ol>{items}</ol>")
    if section.get("picture"):
        told.append(_picture(content))
    return f"<section>{''.join(told)}</section>"


def _picture(content: dict[str, Any]) -> str:
    picture = draw_route(content)
    if picture is None:
        return ""
    return f"<figure>{picture}<figcaption>{escape(content['picture_caption'])}</figcaption></figure>"


def _box(anchor: str, kind: str, title: str, paragraphs: list[str], *, lang: str = "de") -> str:
    told = "".join(f"<p>{escape(each)}</p>" for each in paragraphs if each)
    return f'<section id="{anchor}" class="box {kind}" lang="{lang}"><h2>{escape(title)}</h2>{told}</section>'


def _breaks(lines: list[str]) -> str:
    return "<br>".join(map(escape, lines))


def _lines(text: str) -> str:
    return _breaks(text.split("\n"))
