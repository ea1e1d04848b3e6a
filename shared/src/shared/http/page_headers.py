"""What every page with a sign-in is sent with: nothing of others is loaded, nothing is kept, nobody frames it."""

from typing import Final

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""`data:` for KERN's icons, which are masks inside its style sheet. No script at all."""
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


def page_headers(*, https: bool) -> dict[str, str]:
    """Over HTTPS the browser is also told to use nothing else."""
    return HEADERS | (HTTPS_ONLY if https else {})
