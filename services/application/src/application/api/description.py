"""What the API's description says of many operations alike."""

from typing import Any

from application.checks.uploads import KINDS

PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
"""A response that tells what did not work."""
_FILE = {"type": "string", "format": "binary", "description": "PDF, JPEG, PNG oder HEIC."}


def upload_form(**more: dict[str, str]) -> dict[str, Any]:
    """The body of an upload.

    Args:
        more: further fields between the kind and the file, each with its schema.
    """
    properties = {"kind": {"type": "string", "enum": list(KINDS)}, **more, "file": _FILE}
    schema = {"type": "object", "required": ["kind", "file"], "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
