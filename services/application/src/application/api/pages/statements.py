"""/family/easy and /family/accessibility: in easy words, and how accessible these pages are."""

from datetime import date

from fastapi import APIRouter, Request, Response

from application.api.pages.visits import ROOT, FamilyPages

STATED_ON = date(2026, 11, 30)
"""When the pages were last held against the standard; docs/accessibility.md says how."""


def add_statements(routes: APIRouter, pages: FamilyPages, contact: str | None) -> None:
    """`contact`: the e-mail address for feedback on accessibility; None: the page leads to the school authority."""

    @routes.get(f"{ROOT}/easy", response_class=Response)
    async def easy(request: Request) -> Response:
        """Leichte Sprache; in English, plain words."""
        return pages.show_visitor(request, "easy.html")

    @routes.get(f"{ROOT}/accessibility", response_class=Response)
    async def accessibility(request: Request) -> Response:
        """The statement that § 10d BGG NRW asks for, with a way to say what does not work."""
        return pages.show_visitor(request, "accessibility.html", contact=contact, stated_on=STATED_ON)
