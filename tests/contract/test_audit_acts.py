"""What is noted in an audit trail is an act of an enumeration, with both texts, as it has been stored ever since."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from application.domain.acts import CodeAct, DocumentAct, OwnerAct
from issuance.domain.acts import LONGEST, RequestAct, TicketAct, UnknownRequestMark, outcome_of
from issuance.domain.request import RENEW, REPLACE, RESTORE, REVOKE, SUSPEND
from issuance.domain.ticket import TicketState
from issuance.store.signer.tables import AuditRow
from shared.audit.acts import AuditAct, TrailAct, TrailMark, text_of
from shared.errors import Text
from wallet_pass.domain.acts import PassAct

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / each
    for each in (
        "shared/src",
        *(f"services/{one}/src" for one in ("application", "eligibility", "issuance", "wallet-pass")),
    )
]
STORED: dict[type[AuditAct], str] = {
    TrailAct: "kept|erased|taken over|erased despite a hold",
    TrailMark: "began: |left: ",
    TicketAct: "issued|held|suspended|restored|expired|revoked|dropped|kept|signed_anew|revoke|suspend|restore|replace|"
    "renew|no revoke|no suspend|no restore|no replace|no renew",
    UnknownRequestMark: "no ",
    RequestAct: "asked: revoke|asked: suspend|asked: restore|asked: replace|asked: renew",
    DocumentAct: "document opened|openings forgotten",
    OwnerAct: "owner changed",
    CodeAct: "codes made|codes revoked|code letter printed",
    PassAct: ("made|changed|suspended|void|design set|certificate in use|printed|link renewed|link ended|rotation set"),
}
"""Chains are hashed over these strings: a new one is put behind, none is ever changed or taken away."""
KINDS = [REVOKE, SUSPEND, RESTORE, REPLACE, RENEW]


@pytest.mark.parametrize("acts", STORED)
def test_what_was_ever_stored_is_read_for_ever(acts: type[AuditAct]) -> None:
    assert "|".join(acts) == STORED[acts]


@pytest.mark.parametrize("act", [act for acts in STORED for act in acts])
def test_every_act_says_in_both_languages_what_was_done(act: AuditAct) -> None:
    assert act.text.de and act.text.en and act.text.de != act.text.en
    assert act.text.de[0].isupper() and act.text.en[0].isupper()


def test_a_step_fits_into_its_column() -> None:
    assert max(map(len, TicketAct)) <= LONGEST == AuditRow.model_fields["step"].metadata[0].max_length


def test_every_state_that_a_ticket_comes_to_has_an_act_of_its_own() -> None:
    assert {str(state) for state in TicketState} - {"approved"} <= {str(act) for act in TicketAct}


@pytest.mark.parametrize(("kind", "is_done"), list(product([*KINDS, "to the moon"], [True, False])))
def test_what_came_of_a_request_is_stored_as_before(kind: str, is_done: bool) -> None:
    is_known = kind in KINDS
    act = outcome_of(kind, is_done=is_done)
    assert str(act) == (kind if is_known and is_done else f"no {kind}")
    assert isinstance(act, TicketAct) is is_known


def test_a_refused_request_that_nobody_knows_is_read_with_its_name() -> None:
    assert text_of(outcome_of("nonsense", is_done=False), TicketAct, UnknownRequestMark) == Text(
        "Unbekannter Auftrag abgelehnt: nonsense", "Unknown request refused: nonsense"
    )
    assert len(outcome_of("n" * 40, is_done=False)) == LONGEST


def noted(source: str) -> Iterator[ast.expr]:
    """What is noted as an act, wherever `trail.note` is called."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="trail"), attr="note"), keywords=keywords):
                yield next(each.value for each in keywords if each.arg == "act")


def test_no_act_is_noted_as_free_text() -> None:
    calls = {
        f"{path.relative_to(ROOT)}: {ast.unparse(act)}": act
        for folder in SOURCES
        for path in folder.rglob("*.py")
        for act in noted(path.read_text(encoding="utf-8"))
    }
    assert len(calls) > 8
    assert not [place for place, act in calls.items() if isinstance(act, ast.Constant | ast.JoinedStr)]


@pytest.mark.parametrize("written", ["'void'", "f'asked: {change}'"])
def test_an_act_of_free_text_is_found(written: str) -> None:
    (act,) = noted(f"trail.note(session, chain='a', by='b', act={written}, at=now)")
    assert isinstance(act, ast.Constant | ast.JoinedStr)
