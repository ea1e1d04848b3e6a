"""The folder that a scanner takes along: certificates as the KA directory publishes them, trust list, status lists.

<CAR hex>.vdv-cert   the 7F21 TLV
certs.ldif           the same, as the directory exports them; optional when reading
trust-list.cose      the signed trust list
status/<shard>.cwt   the status lists of one bit, for readers from before
status-v2/<shard>.cwt   the status lists of two bits
issued/<shard>-<form>-<part>.cose   the list of issued tickets, in parts; asked only where a key was stolen
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from shared.durable_files import make_folder, write_durably

from issuance.barcode.refusal import Refusal
from issuance.barcode.vdv import certificate
from issuance.barcode.vdv.certificate import AppendixCertificate
from issuance.lists import issued, status_list
from issuance.verification.trust import Trust, Unusable, assemble

SUFFIX = ".vdv-cert"
LDIF, TRUST_LIST, STATUS, STATUS_V2, ISSUED = "certs.ldif", "trust-list.cose", "status", "status-v2", "issued"
_MOST_FILE_BYTES = 8_000_000
_HEX_NAME = re.compile("[0-9a-f]{16}")


def read(folder: Path) -> Trust:
    """Raises Unusable where the folder is missing, empty, contradicts itself, or mixes test and real."""
    if not folder.is_dir():
        raise Unusable("no_such_folder", str(folder))
    files = sorted(folder.glob(f"*{SUFFIX}"))
    certificates = [data for path in files if _is_named_right(path.name, data := _bytes(path))]
    left_out = [path.name for path in files if not _is_named_right(path.name, _bytes(path))]
    if (folder / LDIF).is_file():
        certificates += parse_ldif(_bytes(folder / LDIF))
    trusted = _bytes(folder / TRUST_LIST) if (folder / TRUST_LIST).is_file() else None
    statuses = [_bytes(path) for path in (*sorted((folder / STATUS).glob("*.cwt")), *_of_two_bits(folder))]
    if not certificates and trusted is None and not left_out:
        raise Unusable("empty_folder", str(folder))
    parts = [_bytes(path) for path in sorted((folder / ISSUED).glob("*.cose"))]
    return assemble(certificates, trusted, statuses, left_out, parts)


def _of_two_bits(folder: Path) -> list[Path]:
    return sorted((folder / STATUS_V2).glob("*.cwt"))


def _is_named_right(file_name: str, data: bytes) -> bool:
    """A certificate under another's name is left out: KDE once kept the key of ...0516 under ...0416."""
    try:
        one = certificate.parse(data)
        return (
            not isinstance(one, AppendixCertificate) or one.peek().name.hex() == file_name.removesuffix(SUFFIX).lower()
        )
    except Refusal:
        return False


def write(
    folder: Path,
    certificates: Mapping[str, bytes],
    trusted: bytes,
    statuses: Mapping[str, bytes],
    issued_parts: Iterable[bytes] = (),
    *,
    statuses_v2: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """`certificates` by CAR in hex, `statuses` by shard. Files of an older export that no longer belong are removed."""
    for name in (STATUS, STATUS_V2) if statuses_v2 else (STATUS,):
        make_folder(folder / name)
    lists = *(folder / STATUS).glob("*.cwt"), *_of_two_bits(folder)
    olds = *folder.glob(f"*{SUFFIX}"), *lists, *(folder / ISSUED).glob("*.cose")
    for old in olds:
        old.unlink()
    for name, data in certificates.items():
        write_durably(folder / f"{name}{SUFFIX}", data)
    write_durably(folder / LDIF, ldif(certificates))
    write_durably(folder / TRUST_LIST, trusted)
    for name, lists_of_shards in ((STATUS, statuses), (STATUS_V2, statuses_v2)):
        for shard, data in lists_of_shards.items():
            write_durably(folder / name / f"{status_list.parse_shard(shard)}.cwt", data)
    for data in issued_parts:
        one = issued.parse(issued.unwrap(data).payload)
        write_durably(folder / ISSUED / f"{one.head.shard}-{one.form}-{one.part}.cose", data)


def replace_trust_list(folder: Path, trusted: bytes) -> None:
    """In one step: a signer that runs never reads half of it."""
    write_durably(folder / TRUST_LIST, trusted)


def ldif(certificates: Mapping[str, bytes]) -> str:
    """As the KA directory exports them (RFC 2849), base64 on one line, an empty line after each entry."""
    return "".join(_entry(name.upper(), data) for name, data in certificates.items())


def _entry(name: str, data: bytes) -> str:
    lines = (
        f"dn: cn={name},ou=VDV KA,o=VDV Kernapplikations GmbH,c=de",
        f"cn: {name}",
        f"description: {describe(name)}",
        f"cACertificate:: {base64.b64encode(data).decode()}",
    )
    return "\n".join(lines) + "\n\n"


def describe(name: str) -> str:
    """A CAR in words, such as `EU VDV 10 01 2006`."""
    country, scheme = (bytes.fromhex(name[at:end]).decode("ascii", "replace") for at, end in ((0, 4), (4, 10)))
    return f"{country} {scheme} {name[10:12]} {name[12:14]} 20{name[14:16]}"


def parse_ldif(data: bytes) -> list[bytes]:
    """The certificates of all entries; lines that begin with a space go on the line before (RFC 2849)."""
    return [data for _, data in _entries(data)]


def named_in_ldif(data: bytes) -> dict[str, bytes]:
    """The same by the entries' `cn`: the CAR in hex, small letters."""
    return {name: one for name, one in _entries(data) if name}


def _entries(data: bytes) -> list[tuple[str, bytes]]:
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\n ", "")
        return [(_name(entry), one) for entry in text.split("\n\n") for one in _certificates(entry.split("\n"))]
    except (UnicodeDecodeError, binascii.Error, ValueError) as error:
        raise Unusable("ldif_unreadable") from error


def _name(entry: str) -> str:
    names = [line[3:].strip().lower() for line in entry.split("\n") if line.lower().startswith("cn:")]
    return names[0] if names and _HEX_NAME.fullmatch(names[0]) else ""


def _certificates(lines: Iterable[str]) -> Iterable[bytes]:
    for line in lines:
        attribute, _, value = line.partition("::")
        if attribute.lower() in ("cacertificate", "cacertificate;binary"):
            yield base64.b64decode(value.strip(), validate=True)


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > _MOST_FILE_BYTES:
        raise Unusable("file_too_large", path.name)
    return path.read_bytes()
