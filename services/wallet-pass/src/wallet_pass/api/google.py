"""What Google calls: its callbacks. Source: docs/sources/wallets.md, 2."""

from typing import Any, Protocol

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import Counter
from shared.errors import Forbidden, NotFound, Text

from wallet_pass.api.headers import PRIVATE
from wallet_pass.domain.callbacks import Callback
from wallet_pass.google.callback import NotGooglesCallback
from wallet_pass.workflow import NO_SUCH_PASS, Workflow

log = structlog.get_logger("google")
callbacks = Counter("google_callbacks", "What Google told of passes in wallets, by what became of it", ["outcome"])
NOT_GOOGLES = Text("Das hat nicht Google geschickt.", "Google has not sent this.")
CALLBACKS_PATH = "/v1/passes/google/callbacks"
_EXAMPLE = {
    "protocolVersion": "ECv2SigningOnly",
    "signature": "MEUCIQ==",
    "intermediateSigningKey": {
        "signedKey": '{"keyValue":"MFkw","keyExpiration":"1796000000000"}',
        "signatures": ["MEQ="],
    },
    "signedMessage": '{"classId":"1.a","objectId":"1.b","eventType":"save","expTimeMillis":1796000000000,"nonce":"n"}',
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object", "example": _EXAMPLE}}},
    }
}
"""Read as bytes: what is signed is a text inside."""


class Reader(Protocol):
    async def read(self, body: bytes) -> Callback:
        """What Google has signed; raises NotGooglesCallback, Unavailable."""
        ...


def add_callbacks(routes: APIRouter, workflow: Workflow, reader: Reader | None) -> None:
    """Google's callbacks.

    Args:
        reader: checks them; None: Google is asked for none, and none is heard.
    """

    @routes.post(
        CALLBACKS_PATH,
        tags=["google"],
        response_class=Response,
        openapi_extra=_BODY,
        responses={403: {"description": "Google has not signed it, or not for us, or its time is over"}},
    )
    async def hear(request: Request) -> Response:
        """Somebody has saved a pass into Google Wallet or deleted it there (ECv2SigningOnly). Answered alike whether
        the pass is known and whether it comes a second time."""
        if reader is None:
            raise NotFound(NO_SUCH_PASS)
        try:
            callback = await reader.read(await request.body())
        except NotGooglesCallback as refused:
            callbacks.labels("refused").inc()
            log.warning("google_callback_refused", reason=refused.reason)
            raise Forbidden(NOT_GOOGLES) from None
        callbacks.labels(await workflow.callbacks.hear(callback)).inc()
        return Response(status_code=200, headers=PRIVATE)
