"""The page behind a link that was passed on: it shows a button alone, and only its own button counts.

Who loads a link to look at it, as mail programs do, opens nothing; and nobody is led anywhere by a foreign page.
"""

import hmac
from dataclasses import dataclass

from fastapi import Request, Response
from shared.errors import Forbidden, Language

from application.api.pages.apply.drafting import FOREIGN, new_nonce
from application.api.pages.apply.start import check_site
from application.api.pages.pages import language, typed_of
from application.api.pages.visits import FamilyPages

NONCE_SECONDS = 900
LONGEST_TOKEN = 64


@dataclass(frozen=True)
class LinkPage:
    """`place`: where its button leads, behind /family. `cookie`: by which its form is known as its own."""

    pages: FamilyPages
    template: str
    place: str
    cookie: str

    def ask(self, token: str, reader: Language, *, is_opened: bool = False) -> Response:
        """The button.

        Args:
            is_opened: it was pressed, and the template has the way on.
        """
        nonce = new_nonce()
        answer = self.pages.show(self.template, reader, token=token[:LONGEST_TOKEN], nonce=nonce, is_opened=is_opened)
        answer.set_cookie(
            self.cookie, nonce, max_age=NONCE_SECONDS, path=f"{self.pages.base}{self.place}",
            secure=self.pages.https, httponly=True, samesite="strict",
        )  # fmt: skip
        return answer

    async def pressed(self, request: Request) -> str | Response:
        """The link's token; or the page again, in the other language.

        Raises:
            Forbidden: where another page sent it.
        """
        check_site(request)
        typed = await typed_of(request)
        token, nonce = typed.get("token", ""), typed.get("nonce", "")
        if not nonce or not hmac.compare_digest(request.cookies.get(self.cookie, "").encode(), nonce.encode()):
            raise Forbidden(FOREIGN)
        if "language" in typed:
            return self.pages.show(self.template, language(request, typed), token=token, nonce=nonce)
        return token
