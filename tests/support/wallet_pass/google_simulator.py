"""Google Wallet as far as we use it, strict: refuses what Google would refuse. Shares no code with wallet_pass.

Names, types and enumerations are Google's own (google_wallet_schemas.json); what is required and how ids look is
written in the descriptions of the same document.
"""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from support.json import Json, text, walked, whole

SCHEMAS = json.loads(Path(__file__).with_name("google_wallet_schemas.json").read_text())["schemas"]
REQUIRED = {
    "GenericClass": ("id",),
    "GenericObject": ("id", "classId", "cardTitle", "header"),
    "LocalizedString": ("defaultValue",),
    "TranslatedString": ("language", "value"),
    "Barcode": ("type",),
    "Image": ("sourceUri",),
    "ImageUri": ("uri",),
}
IDENTIFIER = re.compile(r"[0-9]+\.[A-Za-z0-9._-]+")
SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "integer": int, "number": float}


class Refused(Exception):
    """What Google would answer with 400."""


def read_jwt(token: str, public_pem: bytes) -> tuple[Json, Json]:
    """Header and claims of an RS256 token. Raises Refused."""
    try:
        head, body, signature = token.split(".")
        key = serialization.load_pem_public_key(public_pem)
        key.verify(_decode(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type]
    except (ValueError, InvalidSignature) as error:
        raise Refused("signature") from error
    header, claims = json.loads(_decode(head)), json.loads(_decode(body))
    if header["alg"] != "RS256":
        raise Refused("alg")
    return header, claims


def check_save_token(token: str, public_pem: bytes, account: str) -> Json:
    """The payload of a save link. Raises Refused."""
    _, claims = read_jwt(token, public_pem)
    if [text(claims[name]) for name in ("iss", "aud", "typ")] != [account, "google", "savetowallet"]:
        raise Refused("iss, aud or typ")
    if not isinstance(claims["iat"], int) or len(token) > 1800:
        raise Refused("iat, or too long")
    return claims["payload"]


def check(kind: str, document: object) -> None:
    """Raises Refused for a document that is not a valid `GenericClass` or `GenericObject`."""
    _check_content(kind, walked(document))


def _check_content(kind: str, document: Json) -> None:
    _check(kind, document, kind)
    if not IDENTIFIER.fullmatch(text(document["id"])):
        raise Refused(f"id {document['id']}")
    if kind == "GenericClass":
        return
    if not IDENTIFIER.fullmatch(text(document["classId"])):
        raise Refused("classId")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text(document.get("hexBackgroundColor", "#000000"))):
        raise Refused("hexBackgroundColor")
    _check_rotating(document.get("rotatingBarcode", {}))
    barcode = document.get("barcode", {})
    if barcode.get("renderEncoding") == "UTF_8" and barcode["type"] != "QR_CODE":
        raise Refused("UTF_8 is for QR_CODE only")
    if len(document.get("textModulesData", ())) > 10:
        raise Refused("more than ten text modules")
    ends = [text(end["date"]) for end in document.get("validTimeInterval", {}).values()]
    if len({bool(re.search(r"([+-]\d\d:\d\d|Z)$", end)) for end in ends}) > 1:
        raise Refused("an offset on one end only")


def _check_rotating(rotating: Json) -> None:
    """As the descriptions of RotatingBarcode and its parts say; a generic pass is given no values in advance."""
    if not rotating:
        return
    if rotating["type"] not in ("QR_CODE", "PDF_417"):
        raise Refused("not supported for rotating barcodes")
    if "initialRotatingBarcodeValues" in rotating:
        raise Refused("for the transit vertical alone")
    parameters = rotating["totpDetails"]["parameters"]
    numbers = {f"totp_value_{place}" for place in range(len(parameters))}
    named = set(re.findall(r"\{([^}]*)\}", text(rotating["valuePattern"])))
    if not numbers <= named <= numbers | {"totp_timestamp_millis", "totp_timestamp_seconds"}:
        raise Refused("valuePattern")
    if int(text(rotating["totpDetails"]["periodMillis"])) <= 0 or rotating["totpDetails"]["algorithm"] != "TOTP_SHA1":
        raise Refused("totpDetails")
    for each in parameters:
        if not re.fullmatch(r"([0-9A-F]{2}){16,}", text(each["key"])) or not 6 <= whole(each["valueLength"]) <= 8:
            raise Refused("a key or a length")


def shown_code(document: Json, at: float) -> str | None:
    """What Google Wallet draws at a moment (seconds since 1970): a rotating code before one that stands; by RFC 6238.

    None: there is only text."""
    rotating = document.get("rotatingBarcode")
    if not rotating:
        barcode = document["barcode"]
        return None if barcode["type"] == "TEXT_ONLY" else text(barcode["value"])
    period = int(text(rotating["totpDetails"]["periodMillis"])) // 1000
    begun = int(at) // period
    shown = text(rotating["valuePattern"]).replace("{totp_timestamp_seconds}", str(begun * period))
    for place, each in enumerate(rotating["totpDetails"]["parameters"]):
        digest = hmac.new(bytes.fromhex(text(each["key"])), begun.to_bytes(8, "big"), hashlib.sha1).digest()
        start = digest[19] & 15
        number = (int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF) % 10 ** whole(each["valueLength"])
        shown = shown.replace(f"{{totp_value_{place}}}", f"{number:0{whole(each['valueLength'])}}")
    return shown


def _check(kind: str, value: Json, path: str) -> None:
    for name in REQUIRED.get(kind, ()):
        if not value.get(name):
            raise Refused(f"{path}.{name} is missing")
    known = SCHEMAS[kind]["properties"]
    for name, part in value.items():
        if name not in known:
            raise Refused(f"{path}.{name} is unknown")
        _check_part(known[name], part, f"{path}.{name}")


def _check_part(schema: Json, value: Json, path: str) -> None:
    if "$ref" in schema:
        _check(text(schema["$ref"]), value, path)
        return
    if not isinstance(value, TYPES[text(schema["type"])]):
        raise Refused(f"{path} is no {schema['type']}")
    if "enum" in schema and value not in schema["enum"]:
        raise Refused(f"{path} is none of its values")
    for place, item in enumerate(value if schema["type"] == "array" else ()):
        _check_part(schema["items"], item, f"{path}[{place}]")


class GoogleSimulator:
    """An ASGI application: token endpoint and REST interface. Set `answer_with` to have it fail."""

    def __init__(self, public_pem: bytes, account: str, token_url: str) -> None:
        self.public_pem, self.account, self.token_url = public_pem, account, token_url
        self.kept: dict[str, Json] = {}
        self.grants = 0
        self.answer_with: int | None = None
        self.retry_after: str | None = None
        self.keeps_what_is_null = False
        """Whether it takes null in a change for nothing said: its documents do not say."""
        self.calls: list[str] = []
        self.notified: list[str] = []
        self.app = FastAPI()
        self.app.post("/token")(self._token)
        self.app.api_route("/walletobjects/v1/{kind}", methods=["POST"])(self._insert)
        self.app.api_route("/walletobjects/v1/{kind}/{identifier}", methods=["GET", "PUT", "PATCH"])(self._known)
        self.app.post("/walletobjects/v1/genericObject/{identifier}/addMessage")(self._add_message)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        try:
            _, claims = read_jwt(str(form["assertion"]), self.public_pem)
        except Refused:
            return JSONResponse({"error": "invalid_grant"}, 400)
        wanted = [self.account, self.token_url, SCOPE]
        if [text(claims[name]) for name in ("iss", "aud", "scope")] != wanted or not 0 < whole(claims["exp"]) - whole(
            claims["iat"]
        ) <= 3600:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.grants += 1
        return JSONResponse({"access_token": f"token-{self.grants}", "expires_in": 3599, "token_type": "Bearer"})

    async def _insert(self, kind: str, request: Request) -> Response:
        document = await request.json()
        return self._answer(request, kind, document, present=False)

    async def _known(self, kind: str, identifier: str, request: Request) -> Response:
        if request.method == "GET":
            refusal = self._refusal(request)
            if refusal is not None:
                return refusal
            found = self.kept.get(identifier)
            return JSONResponse(found) if found else JSONResponse({"error": {"code": 404}}, 404)
        document = await request.json()
        if document["id"] != identifier:
            return JSONResponse({"error": {"code": 400}}, 400)
        if request.method == "PATCH" and identifier in self.kept:
            # a change leaves alone what it does not mention, and takes away what is null
            left = {name for name, part in document.items() if part is None and self.keeps_what_is_null}
            changed = {name: part for name, part in document.items() if name not in left}
            document = {**self.kept[identifier], **changed}
        document = {name: part for name, part in document.items() if part is not None}
        return self._answer(request, kind, walked(document), present=True)

    async def _add_message(self, identifier: str, request: Request) -> Response:
        """Takes one on an object that is there; no more than three a day make a phone speak."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if identifier not in self.kept:
            return JSONResponse({"error": {"code": 404}}, 404)
        message = (await request.json())["message"]
        try:
            _check("Message", message, "message")
        except Refused as error:
            return JSONResponse({"error": {"code": 400, "message": str(error)}}, 400)
        if message.get("messageType") == "TEXT_AND_NOTIFY":
            self.notified.append(text(message["body"]))
        return JSONResponse({"resource": self.kept[identifier]})

    def _refusal(self, request: Request) -> Response | None:
        self.calls.append(f"{request.method} {request.url.path.split('/')[3]}")
        if self.answer_with is not None:
            headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
            return Response(status_code=self.answer_with, headers=headers)
        if request.headers.get("authorization") != f"Bearer token-{self.grants}":
            return Response(status_code=401)
        return None

    def _answer(self, request: Request, kind: str, document: Json, *, present: bool) -> Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            check({"genericClass": "GenericClass", "genericObject": "GenericObject"}[kind], document)
        except Refused as error:
            return JSONResponse({"error": {"code": 400, "message": str(error)}}, 400)
        if (document["id"] in self.kept) is not present:
            return Response(status_code=404 if present else 409)
        if kind == "genericObject" and document["classId"] not in self.kept:
            return JSONResponse({"error": {"code": 404, "message": "class"}}, 404)
        self.kept[text(document["id"])] = document
        return JSONResponse(document)


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
