"""Passes for Google Wallet: a generic class per authority and product, an object per ticket, the link that saves it.

Fields and limits: walletobjects.v1 (revision 20260806), as told in docs/sources/wallets.md, 2. The link holds ids only:
class and object go to Google over REST (`rest`) before, so that no browser cuts the link and no name stands in it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import RSAKey
from shared.calendar import in_berlin
from shared.errors import Text

from wallet_pass import wording
from wallet_pass.domain.designs import Design
from wallet_pass.domain.passes import WITH_BARCODE, Pass, State
from wallet_pass.domain.rotation import Rotation, rotation_secret

Document = dict[str, Any]
LONGEST_TOKEN = 1800
"""Characters: some browsers cut longer links (developers.google.com/wallet/generic/web)."""
REST_SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
GRANT_LIFE_SECONDS = 3600
"""The longest that Google's token endpoint allows."""
STATES = {
    State.VALID: "ACTIVE",
    State.NOT_YET_VALID: "ACTIVE",
    State.EXPIRED: "EXPIRED",
    State.SUSPENDED: "INACTIVE",
    State.REVOKED: "EXPIRED",
}
"""Google's words. What is not active lies among expired passes, so a ticket before its first day is."""
INSTEAD = {State.EXPIRED: "EXPIRED", State.SUSPENDED: "SUSPENDED", State.REVOKED: "VOID"}
"""Stands where the barcode stood."""
FRONT_ROWS = (("valid_from", "valid_until"), ("ticket", "birth_date"), ("document", "number"))


@dataclass(frozen=True)
class ServiceAccount:
    """Who we are towards Google: the file that its console gives out, loaded once."""

    email: str
    key: RSAKey = field(repr=False)
    key_id: str
    token_url: str

    @classmethod
    def load(cls, path: Path, token_url: str | None = None) -> "ServiceAccount":
        """Args:
            token_url: in place of the file's.

        Raises:
            ValueError: where the file is not a service account's.
        """
        document = json.loads(path.read_bytes())
        try:
            key = RSAKey.import_key(document["private_key"])
            return cls(document["client_email"], key, document["private_key_id"], token_url or document["token_uri"])
        except KeyError as error:
            raise ValueError(f"{path} is not the key file of a Google service account: {error} is missing") from error

    def sign(self, claims: Document) -> str:
        """A compact JWT (RS256) of these claims; the header names the key's id."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        return jwt.encode(header, claims, self.key, algorithms=["RS256"])

    def grant(self, now: datetime) -> str:
        """The assertion for which Google's token endpoint gives an access token (RFC 7523)."""
        issued = int(now.timestamp())
        return self.sign(
            {
                "iss": self.email,
                "scope": REST_SCOPE,
                "aud": self.token_url,
                "iat": issued,
                "exp": issued + GRANT_LIFE_SECONDS,
            }
        )


@dataclass(frozen=True)
class GoogleWallet:
    """Makes the documents for one issuer account. Safe to use from several threads."""

    issuer_id: str
    """The number under which Google knows the issuer."""
    account: ServiceAccount
    public_url: str
    clock: Callable[[], datetime]
    callback_url: str | None = None
    """Where Google says that a pass was saved or deleted; None: it does not."""
    rotation_key: bytes = field(default=b"", repr=False)
    """By which the secrets of rotating codes are made."""

    def class_id(self, wallet_pass: Pass) -> str:
        """One per authority and product."""
        ticket = wallet_pass.ticket
        return f"{self.issuer_id}.schulticket-{ticket.authority_id}-{ticket.product}"

    def object_id(self, wallet_pass: Pass) -> str:
        """By the pass's serial number, which stays when a replacement takes the ticket's place."""
        return f"{self.issuer_id}.{wallet_pass.serial_number}"

    def generic_class(self, wallet_pass: Pass) -> Document:
        """What all passes of an authority and product share: which fields stand on the front, in two rows.

        Several people may hold a pass: a parent tries the link first, the child carries it. Copies are the barcode's
        business, not the wallet's.
        """
        rows = [{"twoItems": {"startItem": _shown(start), "endItem": _shown(end)}} for start, end in FRONT_ROWS]
        document: Document = {
            "id": self.class_id(wallet_pass),
            "classTemplateInfo": {"cardTemplateOverride": {"cardRowTemplateInfos": rows}},
            "multipleDevicesAndHoldersAllowedStatus": "MULTIPLE_HOLDERS",
        }
        return document if self.callback_url is None else document | {"callbackOptions": {"url": self.callback_url}}

    def rotating_barcode(self, wallet_pass: Pass, rotation: Rotation | None) -> Document:
        """What goes into the object where its authority wants a code that changes: the signed QR code's text, and
        behind `#` the time and the number. It bears the pass's secret, so it goes to Google over REST alone.
        """
        if rotation is None or not wallet_pass.shows_barcode(self.clock()):
            return {}
        secret = rotation_secret(self.rotation_key, UUID(wallet_pass.serial_number))
        number = {"key": secret.hex().upper(), "valueLength": rotation.digits}
        rotating = {
            "type": "QR_CODE",
            "valuePattern": f"{wallet_pass.ticket.qr}#{{totp_timestamp_seconds}}.{{totp_value_0}}",
            "totpDetails": {
                "periodMillis": str(rotation.seconds * 1000),
                "algorithm": "TOTP_SHA1",
                "parameters": [number],
            },
            "alternateText": str(wallet_pass.ticket.number),
        }
        return {"rotatingBarcode": rotating}

    def generic_object(self, wallet_pass: Pass, design: Design) -> Document:
        """One ticket as it stands now. Revoked or over: expired; suspended: inactive; all with words in
        the place of the barcode, and the state in the place of the name, which then stands above it. At most ten
        fields, as Google has it.

        The barcode's value is a text whose characters are the ticket's bytes (ISO 8859-1), as Apple's.
        """
        ticket = wallet_pass.ticket
        state = wallet_pass.state(self.clock())
        shown, said = wording.state_wording(state), wording.state_sentence(wallet_pass, state)
        name = {"defaultValue": {"language": "de", "value": ticket.name}}
        document: Document = {
            "id": self.object_id(wallet_pass),
            "classId": self.class_id(wallet_pass),
            "genericType": "GENERIC_SEASON_PASS",
            "state": STATES[state],
            "cardTitle": _localised(design.short_issuer),
            "subheader": _localised(wording.HOLDER) if said is None else name,
            "header": name if said is None else _localised(said),
            "hexBackgroundColor": design.palette(state).background.hex,
            "validTimeInterval": {
                "start": {"date": _iso(ticket.valid_from)},
                "end": {"date": _iso(wallet_pass.good_until)},
            },
            "textModulesData": self._fields(wallet_pass, design, state),
            "barcode": {
                "type": "AZTEC",
                "value": ticket.vdv.decode("iso-8859-1"),
                "alternateText": str(ticket.number),
            },
        }
        if shown.instead is not None:
            document["barcode"] = {"type": "TEXT_ONLY", "value": INSTEAD[state], "alternateText": shown.status.de}
        if self.public_url.startswith("https://"):  # Google fetches pictures and shows links from https only
            document |= self._links(wallet_pass, design)
        return document

    def save_token(self, wallet_pass: Pass, now: datetime) -> str:
        """The signed token for the save link: which object, and who says so."""
        reference = {"id": self.object_id(wallet_pass), "classId": self.class_id(wallet_pass)}
        token = self.account.sign(
            {
                "iss": self.account.email,
                "aud": "google",
                "typ": "savetowallet",
                "iat": int(now.timestamp()),
                "origins": [self.public_url],
                "payload": {"genericObjects": [reference]},
            }
        )
        if len(token) > LONGEST_TOKEN:
            raise ValueError(f"the save link is too long: {len(token)} characters")
        return token

    def _fields(self, wallet_pass: Pass, design: Design, state: State) -> list[Document]:
        """A row of the front whose field is missing is left out."""
        ticket, shown = wallet_pass.ticket, wording.state_wording(state)
        early_end = Text(wording.early_end(wallet_pass, "de"), wording.early_end(wallet_pass, "en"))
        return [
            *(_days(wallet_pass) if shown.instead is None else []),
            _plain("birth_date", wording.BIRTH_DATE, wording.inspectors_date(ticket.birth_date)),
            _translated("ticket", wording.TICKET, wording.product_name(ticket.product)),
            _plain("number", wording.NUMBER, str(ticket.number)),
            _plain("organisation", wording.ORGANISATION, str(ticket.organisation_id)),
            _translated("checking", wording.CHECKING, wording.hint(design, state)),
            *([_translated("early_end", wording.ENDS_EARLY, early_end)] if early_end.de else []),
            *([_translated("document", wording.ONLY_WITH, design.document)] if state in WITH_BARCODE else []),
            *(
                [_translated("help", wording.HELP, wording.all_help(design))]
                if state is State.VALID and design.help
                else []
            ),
        ]

    def _links(self, wallet_pass: Pass, design: Design) -> Document:
        passes = f"{self.public_url.rstrip('/')}/v1/passes"
        ticket = wallet_pass.ticket
        logo = f"{passes}/design/{ticket.authority_id}/logo.png?organisation_id={ticket.organisation_id}"
        logo += f"&of={design.logo_digest}"  # Google keeps what it has fetched from an address
        return {
            "logo": {
                "sourceUri": {"uri": logo},
                "contentDescription": _localised(design.issuer),
            },
            "linksModuleData": {
                "uris": [
                    {
                        "id": "page",
                        "uri": f"{passes}/{wallet_pass.token}",
                        "description": wording.PAGE.de,
                        "localizedDescription": _localised(wording.PAGE),
                    }
                ]
            },
        }


def _days(wallet_pass: Pass) -> list[Document]:
    return [
        _plain("valid_from", wording.VALID_FROM, wording.inspectors_date(wallet_pass.ticket.first_day)),
        _plain("valid_until", wording.VALID_UNTIL, wording.last_day(wallet_pass)),
    ]


def _shown(module: str) -> Document:
    return {"firstValue": {"fields": [{"fieldPath": f"object.textModulesData['{module}']"}]}}


def _plain(identifier: str, label: Text, value: str) -> Document:
    return {"id": identifier, "localizedHeader": _localised(label), "body": value}


def _translated(identifier: str, label: Text, value: Text) -> Document:
    return {"id": identifier, "localizedHeader": _localised(label), "localizedBody": _localised(value)}


def _localised(text: Text) -> Document:
    return {
        "defaultValue": {"language": "de", "value": text.de},
        "translatedValues": [{"language": "en", "value": text.en}],
    }


def _iso(moment: datetime) -> str:
    return in_berlin(moment).isoformat(timespec="seconds")
