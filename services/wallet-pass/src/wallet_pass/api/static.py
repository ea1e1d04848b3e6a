"""Style sheets, fonts and pictures of the pages."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from shared.http.assets import Asset, Assets, asset

from wallet_pass.api.headers import PUBLIC
from wallet_pass.workflow import NO_SUCH_PASS

FILES = PUBLIC | {"Service-Worker-Allowed": "../"}
"""The worker that keeps pages for times without a network lies below them."""
BADGES = ("apple-de.svg", "apple-en.svg", "google-de.svg", "google-en.svg")
LARGEST_BADGE = 200_000
"""Bytes; Apple's and Google's own have a tenth of it."""


def add_static(routes: APIRouter, badges: Path | None) -> None:
    """The files of the pages; HEAD for caches that only ask whether a file has changed.

    Args:
        badges: folder with files that take the place of those that we have drawn.

    Raises:
        ValueError: for a file there that is no picture.
    """
    files, own = Assets("wallet_pass.web", FILES, missing=NO_SUCH_PASS), own_badges(badges)

    @routes.head("/v1/passes/static/{path:path}", include_in_schema=False)
    @routes.get("/v1/passes/static/{path:path}", tags=["page"], response_class=Response)
    async def static(path: str, request: Request) -> Response:
        """Style sheets, fonts and pictures of the pages."""
        return own[path].answer(request, FILES) if path in own else files.answer(request, path)


def own_badges(folder: Path | None) -> dict[str, Asset]:
    """Badges of an installation, by their path.

    Raises:
        ValueError: for a file that is no SVG, or larger than `LARGEST_BADGE`.
    """
    found = {}
    for name in BADGES if folder is not None else ():
        path = (folder or Path()) / name
        if path.is_file():
            content = path.read_bytes()
            if len(content) > LARGEST_BADGE or b"<svg" not in content:
                raise ValueError(f"{path} is no SVG of {LARGEST_BADGE} bytes at most")
            found[f"badges/{name}"] = asset(name, content)
    return found
