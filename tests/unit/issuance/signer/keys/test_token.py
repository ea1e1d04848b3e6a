"""Keys in a PKCS#11 token (SoftHSM): they sign like those of files, stay inside, and come back after an absence."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from issuance.barcode.vdv.iso9796 import PublicKey
from issuance.domain.ticket import Refuse, SignedTicket, Ticket
from issuance.domain.times import end_of, start_of
from issuance.domain.verdict import Verdict
from issuance.signer import ceremony, modules
from issuance.signer.keys import KeyProblem, RsaKey, open_keys, token
from issuance.signer.rotation import Keeper
from issuance.verification.trust import assemble
from issuance.verification.verifier import Verifier
from shared.calendar import day_in_berlin
from shared.errors import Unavailable
from support.independent import vdv_barcode
from support.issuance.soft_token import FORGOTTEN, LIBRARY, NEEDED, TokenCeremony, Tokens, run

pytestmark = NEEDED


def scanner(held: TokenCeremony) -> Verifier:
    published = ceremony.published_trust(held.folder)
    return Verifier(assemble(published.certificates.values(), published.trust_list, ()), status_optional=True)


def test_a_ticket_of_a_token_is_read_by_an_independent_reader_and_by_ours(held: TokenCeremony, ticket: Ticket) -> None:
    signed = ceremony.open_signer(held.folder, None, "", held.uri).sign_ticket(ticket)
    public = ceremony.published_trust(held.folder).certificates
    root, sub_ca = (public[name.hex()] for name in (ceremony.ROOT_NAME, ceremony.SUB_CA_NAME))
    seen = vdv_barcode.read(signed.vdv, root, sub_ca)
    assert (seen["number"], seen["name"]) == (ticket.number, "Jörg#Müßter")
    assert seen["module"] == seen["issue_module"]
    scanner(held).confirm(ticket, signed)
    assert not list((held.folder / "keys").glob("module*")) and not list((held.folder / "keys").glob("ticket*"))


def test_no_private_key_can_be_read_out_or_made_readable(held: TokenCeremony) -> None:
    import pkcs11
    from pkcs11 import Attribute, KeyType, ObjectClass, PrivateKey

    store = open_keys(held.folder, None, held.uri)
    session = pkcs11.lib(str(LIBRARY)).get_token(token_label="issuer").open(rw=True)
    found = [
        key for key in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}) if isinstance(key, PrivateKey)
    ]
    assert {key.label for key in found} >= {"module", "ticket", "status"} and store.is_available()
    for key in found:
        assert key[Attribute.SENSITIVE] and not key[Attribute.EXTRACTABLE]
        assert key[Attribute.NEVER_EXTRACTABLE] and key[Attribute.ALWAYS_SENSITIVE]
        secret = [Attribute.VALUE] if key.key_type == KeyType.EC else [Attribute.PRIVATE_EXPONENT, Attribute.PRIME_1]
        for attribute in secret:
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                key[attribute]
        with pytest.raises(pkcs11.exceptions.AttributeReadOnly):
            key[Attribute.EXTRACTABLE] = True
    session.close()


def test_a_wrong_pin_does_not_start_and_says_what_to_do(held: TokenCeremony, tokens: Tokens, tmp_path: Path) -> None:
    wrong = tmp_path / "pin"
    for pin, remedy in (("9999-9999", "correct the file"), ("", "is empty")):
        wrong.write_text(pin)
        uri = held.uri.partition("pin-source")[0] + f"pin-source=file:{wrong}"
        code = (
            "from issuance.commands import app; "
            f"app(['key', 'next', {str(held.folder)!r}, '--token', {uri!r}, '--person', {str(held.secret)!r}])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and remedy in done.stderr and "Traceback" not in done.stderr
        assert not pin or pin not in done.stderr
    wrong.unlink()
    with pytest.raises(KeyProblem, match="cannot be read"):
        open_keys(held.folder, None, uri)


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("token=x", "does not begin"),
        ("pkcs11:token=x?pin-value=4711", "write the PIN into a file"),
        ("pkcs11:token=x?module-path=/x.so", "lacks pin-source"),
        ("pkcs11:token=x?pin-source=file:/x", "lacks module-path"),
        ("pkcs11:?module-path=/x.so&pin-source=file:/x", "neither token"),
        ("pkcs11:token=x;colour=4711?module-path=/x.so&pin-source=file:/x", "not known"),
        ("pkcs11:token=x;token=y?module-path=/x.so&pin-source=file:/x", "twice"),
    ],
)
def test_a_uri_that_cannot_be_used_is_refused_without_being_repeated(uri: str, why: str) -> None:
    with pytest.raises(KeyProblem, match=why) as problem:
        open_keys(Path(), None, uri)
    assert "4711" not in str(problem.value)


def test_a_token_or_library_that_is_not_there_does_not_start(held: TokenCeremony) -> None:
    with pytest.raises(KeyProblem, match="no such token"):
        open_keys(Path(), None, held.uri.replace("token=issuer", "token=nobody"))
    with pytest.raises(KeyProblem, match="cannot be opened"):
        open_keys(Path(), None, held.uri.replace(str(LIBRARY), __file__))
    with pytest.raises(KeyProblem, match=r"passphrase file .* or a token"):
        open_keys(Path(), None, "")


@pytest.mark.filterwarnings(FORGOTTEN)
def test_while_the_token_is_away_work_waits_and_goes_on_when_it_is_back(
    held: TokenCeremony, tokens: Tokens, ticket: Ticket
) -> None:
    store = open_keys(held.folder, None, held.uri)
    signer = ceremony.signer_of(held.folder, store, "")
    assert store.is_available()
    tokens.take_away()
    try:
        for _ in range(3):
            with pytest.raises(Unavailable):
                signer.sign_ticket(ticket)
        assert not store.is_available()
    finally:
        tokens.bring_back()
    scanner(held).confirm(ticket, signer.sign_ticket(ticket))
    assert store.is_available()


@pytest.mark.filterwarnings(FORGOTTEN)
def test_sessions_that_a_token_has_forgotten_are_opened_anew_without_anybody_noticing(
    held: TokenCeremony, ticket: Ticket
) -> None:
    import pkcs11

    signer = ceremony.open_signer(held.folder, None, "", held.uri)
    pkcs11.lib(str(LIBRARY)).reinitialize()
    scanner(held).confirm(ticket, signer.sign_ticket(ticket))


def test_many_threads_sign_at_once_and_every_signature_is_good(held: TokenCeremony, ticket: Ticket) -> None:
    signer, checker = ceremony.open_signer(held.folder, None, "", held.uri), scanner(held)

    def work(_number: int) -> SignedTicket:
        return signer.sign_ticket(ticket)

    with ThreadPoolExecutor(12) as pool:
        for signed in pool.map(work, range(60)):
            checker.confirm(ticket, signed)


@pytest.mark.filterwarnings(FORGOTTEN)
def test_a_pin_that_becomes_wrong_is_tried_once_only(tokens: Tokens) -> None:
    import pkcs11

    uri = tokens.new_token("careless")
    store = open_keys(Path(), None, uri, may_write=True)
    key = store.make_point("ticket-*")
    (tokens.folder / "careless.pin").write_text("0000-0000")
    pkcs11.lib(str(LIBRARY)).reinitialize()
    for _ in range(20):  # a token locks itself after a few
        with pytest.raises(KeyProblem, match="correct the file"):
            key.sign(b"x")
    (tokens.folder / "careless.pin").write_text("4711-0815")
    assert open_keys(Path(), None, uri).has(f"ticket-{key.key_id.hex()}")


def test_rotation_and_both_thefts_work_with_a_token_by_command(tokens: Tokens, ticket: Ticket, tmp_path: Path) -> None:
    folder, uri = tmp_path / "ca", tokens.new_token("rotating")
    options = [folder, "--token", uri, "--person", tmp_path / "one", "--person", tmp_path / "two"]
    assert run("ceremony", *options).exit_code == 0
    assert run("ceremony", tmp_path / "other", *options[1:]).exit_code == 1  # the token has keys already
    first = ceremony.open_signer(folder, None, "", uri)
    assert run("key", "next", *options).exit_code == 0
    assert run("key", "rotate", *options, "--at-once").exit_code == 0
    second = ceremony.open_signer(folder, None, "", uri)
    assert run("key", "compromise", *options, "--since", "2026-01-01").exit_code == 0
    assert run("key", "compromise", *options, "--since", "2026-01-01", "--module").exit_code == 0
    with pytest.raises(Refuse, match="module_compromised"):
        ceremony.open_signer(folder, None, "", uri).sign_ticket(ticket)
    done = run("key", "module", *options)
    assert done.exit_code == 0, done.output
    third = ceremony.open_signer(folder, None, "", uri)
    assert len({one.ticket_key.key_id for one in (first, second, third)}) == 3
    assert first.module_id != third.module_id
    published = ceremony.published_trust(folder)
    checker = Verifier(assemble(published.certificates.values(), published.trust_list, ()), status_optional=True)
    now = datetime.now(UTC)  # the commands have no other clock
    day = day_in_berlin(now)
    today = replace(ticket, valid_from=start_of(day), valid_until=end_of(day))
    checker.confirm(today, third.sign_ticket(today, now), now)
    signed = [json.loads(line)["signed"] for line in (folder / "ceremony.jsonl").read_text().splitlines()]
    assert signed[:4] == [*(f"certificate {name}" for name in sorted(published.certificates, reverse=True)),
                          "certificate module", "trust list 1"]  # fmt: skip
    assert [one for one in signed if one.startswith("trust list")] == [f"trust list {n}" for n in range(1, 7)]


@pytest.mark.parametrize("half_named", [False, True])
def test_a_key_that_a_crash_left_without_its_name_does_not_stop_the_next_one(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, half_named: bool
) -> None:
    keys = open_keys(Path(), None, tokens.new_token(f"crashed-{half_named}"), may_write=True)
    plain, changed = token._rename, []

    from pkcs11 import Attribute, ObjectClass

    def crash(session: object, label: str, final: str) -> None:
        if half_named:  # the public half bears its name already
            (public,) = token._find(session, label, ObjectClass.PUBLIC_KEY)
            public[Attribute.LABEL] = final
            changed.append(final)
        raise KeyboardInterrupt

    monkeypatch.setattr(token, "_rename", crash)
    with pytest.raises(KeyboardInterrupt):
        keys.make_point("ticket-*")
    monkeypatch.setattr(token, "_rename", plain)
    assert keys.has("ticket-new")
    made = keys.make_point("ticket-*")
    assert not keys.has("ticket-new") and keys.has(f"ticket-{made.key_id.hex()}")
    assert len(made.sign(b"list")) == 64 and len(changed) == half_named
    with pytest.raises(KeyProblem, match="never written over"):  # a name of its own is never taken away
        keys.make_point(f"ticket-{made.key_id.hex()}")


def test_an_operators_key_goes_into_the_token_and_one_made_there_is_certified(
    held: TokenCeremony, tokens: Tokens, ticket: Ticket, tmp_path: Path, now: datetime
) -> None:
    operator = ceremony.make(ceremony.Period.around(now.date()), now, (ticket.terms.organisation_id,))
    assert isinstance(operator.signer.module_key, RsaKey)
    for kind in ("brought", "made"):
        folder, uri = tmp_path / kind, tokens.new_token(kind)
        options = [folder, "--token", uri, "--person", held.secret]
        assert run("ceremony", *options).exit_code == 0
        keeper = Keeper(folder, None, (held.secret,), uri)
        key: RSAPrivateKey | None = operator.signer.module_key.pem_source
        module_certificate = operator.signer.module_certificate
        if kind == "made":
            assert run("key", "module", *options, "--request", tmp_path / "public.pem").exit_code == 0
            public = load_pem_public_key((tmp_path / "public.pem").read_bytes())
            assert isinstance(public, RSAPublicKey)
            numbers = public.public_numbers()
            content = replace(operator.signer.module, key=PublicKey(numbers.n, numbers.e))
            key, module_certificate = None, operator.sub_ca_key.certify(content)
        modules.take(keeper, key, module_certificate.encode(), operator.certificates, now)
        signed = ceremony.open_signer(folder, None, "", uri).sign_ticket(ticket)
        theirs = Verifier(assemble(operator.certificates.values(), None, ()), status_optional=True)
        assert theirs.verify_vdv(signed.vdv, now).verdict is Verdict.VALID
