"""From bytes to a form, and what is left of one with errors."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from application.form.model import ApplicationForm, Readable


def fingerprint(form: ApplicationForm) -> bytes:
    """SHA-256 of what the form says: blanks, the order of keys and omitted defaults make no difference."""
    return hashlib.sha256(form.model_dump_json().encode()).digest()


def readable(body: bytes, errors: Sequence[Any]) -> Readable:
    """The fields of a refused body that have no error of their own, so that all errors are told at once.

    `errors` are pydantic's for this body. An error inside the pupil leaves out the pupil, and so on.
    """
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return Readable()
    if not isinstance(raw, dict):
        return Readable()
    wrong = {str(error["loc"][0]) for error in errors if error["loc"]}
    left = {name: value for name, value in raw.items() if name in Readable.model_fields and name not in wrong}
    try:
        return Readable.model_validate_json(json.dumps(left))
    except (ValidationError, ValueError):
        return Readable()
