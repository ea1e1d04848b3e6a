"""Google where it says that a pass was saved or deleted: root keys that it publishes, an intermediate key, a message
under both, as Google's own library for receivers asks for them. It shares no code with wallet_pass.
"""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from support.json import Json, walked

KEYS_PATH = "/gp/m/issuer/keys"
SENDER, PROTOCOL = "GooglePayPasses", "ECv2SigningOnly"


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def spki(key: ec.EllipticCurvePrivateKey) -> str:
    return b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed_bytes(*parts: str) -> bytes:
    """Each part behind its length: four bytes, the lowest first."""
    joined = b""
    for part in parts:
        content = part.encode("utf-8")
        joined += bytes((len(content) >> shift) & 0xFF for shift in (0, 8, 16, 24)) + content
    return joined


def sign(key: ec.EllipticCurvePrivateKey, *parts: str) -> str:
    return b64encode(key.sign(signed_bytes(*parts), ec.ECDSA(hashes.SHA256()))).decode()


@dataclass
class CallbackSender:
    """`recipient`: the issuer's number. What a test changes of it is signed as it is then."""

    recipient: str
    now: datetime
    root: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    intermediate: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    sender: str = SENDER
    protocol: str = PROTOCOL
    root_life: timedelta = timedelta(days=300)
    key_life: timedelta = timedelta(days=7)
    message_life: timedelta = timedelta(hours=1)
    fetched: int = 0
    answer_with: int | None = None
    cache_control: str = "public, max-age=3600"
    count: int = 0

    def message(self, object_id: str, class_id: str, kind: str, **changes: object) -> str:
        """What is signed at last; with a new nonce each time."""
        self.count += 1
        told: dict[str, object] = {
            "classId": class_id,
            "objectId": object_id,
            "expTimeMillis": milliseconds(self.now + self.message_life),
            "eventType": kind,
            "nonce": f"c1359b53-f2bb-4e8f-b392-{self.count:012d}",
        }
        return json.dumps(told | changes)

    def callback(self, message: str) -> Json:
        """The body of the request."""
        ends = str(milliseconds(self.now + self.key_life))
        signed_key = json.dumps({"keyValue": spki(self.intermediate), "keyExpiration": ends})
        envelope = {
            "protocolVersion": self.protocol,
            "signature": sign(self.intermediate, self.sender, self.recipient, self.protocol, message),
            "intermediateSigningKey": {
                "signedKey": signed_key,
                "signatures": [sign(self.root, self.sender, self.protocol, signed_key)],
            },
            "signedMessage": message,
        }
        return walked(envelope)

    def keys(self) -> Json:
        """What Google publishes: keys of other protocols too."""
        ends = str(milliseconds(self.now + self.root_life))
        published = {
            "keys": [
                {"keyValue": spki(_key()), "protocolVersion": "ECv1"},
                {"keyValue": spki(self.root), "protocolVersion": PROTOCOL, "keyExpiration": ends},
            ]
        }
        return walked(published)

    def app(self) -> FastAPI:
        """The server that publishes the keys."""
        app = FastAPI()

        @app.get(KEYS_PATH)
        async def keys() -> Response:
            self.fetched += 1
            if self.answer_with is not None:
                return Response("<html>", status_code=self.answer_with)
            return JSONResponse(self.keys(), headers={"Cache-Control": self.cache_control})

        return app
