"""Where the sources read bytes that may be foreign: found by the calls that such readers are made of."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("shared/src", "services/application/src", "services/eligibility/src", "services/issuance/src",
           "services/wallet-pass/src", "deploy/local/src")  # fmt: skip
CALLS = frozenset(
    (
        # text formats
        "json.loads", "json.load", "yaml.load", "yaml.safe_load", "yaml.parse", "yaml.compose", "get_single_node",
        "yaml.safe_load_all", "model_validate_json", "validate_json", "csv.reader", "csv.DictReader", "tomllib.loads",
        "tomllib.load", "parse_qsl", "parse_qs", "ast.literal_eval", "ElementTree.parse", "ElementTree.fromstring",
        "ET.parse", "ET.fromstring", "iterparse", "etree.parse", "etree.fromstring", "minidom.parseString",
        # forms and headers
        "MultipartParser", "FormParser", "parse_options_header", "parsedate_to_datetime", "form", "message_from_bytes",
        # packed and binary
        "zlib.decompress", "zlib.decompressobj", "gzip.decompress", "gzip.open", "brotli.decompress", "bz2.decompress",
        "lzma.decompress", "zipfile.ZipFile", "ZipFile", "zipfile.is_zipfile", "tarfile.open", "cbor2.loads",
        "cbor2.load", "cbor2.CBORDecoder", "CBORDecoder", "pickle.loads", "pickle.load", "marshal.loads",
        "parser.parse", "unpack_from", "struct.unpack", "unpack", "np.frombuffer", "np.memmap", "np.load",
        # pictures, maps, documents
        "Image.open", "zxingcpp.read_barcodes", "osmium.io.Reader", "osmium.FileProcessor", "osmium.apply",
        "pikepdf.open", "PdfReader",
        # keys, tokens, encodings
        "jwt.decode", "jwe.decrypt_compact", "jwe.decrypt_json", "jws.deserialize_compact", "KeySet.import_key_set",
        "ECKey.import_key", "RSAKey.import_key", "OctKey.import_key", "load_pem_private_key", "load_pem_public_key",
        "load_der_private_key", "load_der_public_key", "load_pem_x509_certificate", "load_der_x509_certificate",
        "base64.b64decode", "b64decode", "base64.urlsafe_b64decode", "binascii.a2b_base64", "bytes.fromhex", "fromhex",
        "unhexlify", "from_seed",
        # dates
        "fromisoformat", "strptime", "date.fromisoformat", "datetime.fromisoformat",
        # conditions
        "NewEnv", "compile_condition",
    )
)  # fmt: skip
"""A call counts by its whole name or its last part."""
NUMBERS = frozenset(("int", "float", "UUID", "Decimal", "Fraction"))
"""Of these only where requests are answered: elsewhere they are made of what was looked at before."""
WHERE_NUMBERS = ("/api/", "/http/", "/sign_in/", "shared/identity/")


def readers() -> dict[str, set[str]]:
    """`file::function` → the calls by which it reads."""
    found: dict[str, set[str]] = {}
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            for function, call in calls(path, any(each in name for each in WHERE_NUMBERS)):
                found.setdefault(f"{name}::{function}", set()).add(call)
    return found


def calls(path: Path, with_numbers: bool) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, ast.AST]] = [("", ast.parse(path.read_text(encoding="utf-8")))]
    while waiting:
        where, node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}".lstrip(".")
        if isinstance(node, ast.Call):
            call = _name(node.func)
            if call in CALLS or call.rpartition(".")[2] in CALLS or (with_numbers and call in NUMBERS):
                yield where, call
            # a reader that is handed on is one too: map(json.loads, lines)
            handed = [_name(each) for each in node.args if isinstance(each, ast.Attribute)]
            yield from ((where, each) for each in handed if each in CALLS)
        waiting += [(where, each) for each in ast.iter_child_nodes(node)]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        before = _name(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""
