"""One link for several passes: their ids in one token, as many as fit."""

from collections.abc import Sequence
from datetime import datetime

from wallet_pass.domain.passes import Pass
from wallet_pass.google.wallet import LONGEST_TOKEN, GoogleWallet


def save_tokens(google: GoogleWallet, passes: Sequence[Pass], now: datetime) -> list[str]:
    """Tokens of save links, in this order; a second one where the first would be longer than browsers carry.

    Args:
        passes: that Google knows.
    """
    tokens: list[str] = []
    group: list[Pass] = []
    for each in passes:
        longer = _token(google, [*group, each], now)
        if group and len(longer) > LONGEST_TOKEN:
            group, longer = [each], _token(google, [each], now)
            tokens.append(longer)
        else:
            group.append(each)
            tokens[-1:] = [longer]
    return tokens


def _token(google: GoogleWallet, passes: Sequence[Pass], now: datetime) -> str:
    references = [{"id": google.object_id(each), "classId": google.class_id(each)} for each in passes]
    return google.account.sign(
        {
            "iss": google.account.email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(now.timestamp()),
            "origins": [google.public_url],
            "payload": {"genericObjects": references},
        }
    )
