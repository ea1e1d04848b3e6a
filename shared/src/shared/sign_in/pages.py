"""Pages behind a sign-in, whosever they are: whoever is not signed in is sent to do so, and errors are pages."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.errors import NotFound, Problem, Text
from shared.identity import Unauthenticated, line_of, missing_of

FOREIGN_FORM = Text(
    "Dieses Formular gehört nicht zu Ihrer Anmeldung. Bitte laden Sie die Seite neu und senden Sie es noch einmal.",
    "This form does not belong to your sign-in. Please reload the page and send it again.",
)


class SignInNeeded(Exception):
    """Nobody is signed in. `typed`: names and values of the form that was sent, where it was certainly ours."""

    def __init__(self, typed: Sequence[tuple[str, str]] | None = None) -> None:
        super().__init__("sign in")
        self.typed = typed


class SignInPages(Protocol):
    """What the pages of one group of people must be able to show."""

    def admit(self, request: Request) -> None:
        """By the policy table, before anything of the request is read.

        Raises:
            SignInNeeded: and any Problem.
        """

    def is_signed_in(self, request: Request) -> bool:
        """Whether this is somebody, and the time is not over."""

    def show_sign_in(self, request: Request, need: SignInNeeded) -> Response:
        """Leave for the sign-in at once, unless something was typed: then it is kept on the page and sent again."""

    def show_sign_in_failed(self, request: Request) -> Response:
        """The identity provider's answer did not count."""

    def show_problem(self, request: Request, problem: Problem) -> Response:
        """A page that says what did not work, under the problem's status."""


def page_route(pages: SignInPages) -> type[APIRoute]:
    """Routes whose errors are pages."""

    class Route(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    pages.admit(request)
                    return await handler(request)
                except SignInNeeded as need:
                    return pages.show_sign_in(request, need)
                except Unauthenticated:
                    return pages.show_sign_in_failed(request)
                except RequestValidationError:
                    if is_for_session(request) and not pages.is_signed_in(request):
                        return pages.show_sign_in(request, SignInNeeded())
                    return pages.show_problem(request, NotFound(missing_of(request.scope)))
                except Problem as problem:
                    return pages.show_problem(request, problem)

            return answered

    return Route


def is_for_session(request: Request) -> bool:
    """Whether the policy table wants somebody signed in."""
    line = line_of(request.scope)
    return line is not None and line.way == "session"


def place_behind(root: str, path: str) -> str:
    """The part behind `root` of a path of these pages; empty for any other, so that nobody is sent elsewhere."""
    _, found, rest = path.partition(root)
    safe = found and (rest == "" or rest.startswith("/")) and "//" not in rest and "\\" not in rest and ".." not in rest
    return rest if safe and rest.isprintable() else ""
