"""The scanner page: its files and headers are strict, its words are whole, its colours are right."""

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from issuance.api import pages
from issuance.domain.verdict import Verdict, VerificationResult
from issuance.web import service_worker
from issuance.workflow.inspection.scan_log import colour_of
from shared.http.assets import MEDIA_TYPES, files_of
from support.issuance.example import node

PROJECT = Path(__file__).resolve().parents[4]
STATIC = PROJECT / "services/issuance/src/issuance/web/static"


def test_the_page_is_served_with_a_strict_policy_and_nothing_from_elsewhere() -> None:
    app = FastAPI()
    app.include_router(pages.router())
    http = TestClient(app)
    page = http.get("/scan")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    assert "unsafe-inline" not in policy and "require-trusted-types-for 'script'" in policy
    assert page.headers["permissions-policy"].startswith("camera=(self)")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=""", page.text)
    again = http.get("/scan", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    for path in re.findall(r"""(?:src|href)="(scan/static/(?!vendor)[^"]+)""", page.text):
        found = http.get(f"/{path}")
        assert found.status_code == 200 and found.headers["content-security-policy"] == policy
    assert http.get("/scan/static/../assets.py").status_code == 404


def test_the_service_worker_names_every_own_file_with_its_digest() -> None:
    text = service_worker.service_worker(files_of("issuance.web")).plain.decode()
    files = json.loads(text[text.index("{") : text.index("};") + 1])
    own = [path for path in STATIC.rglob("*") if path.suffix in MEDIA_TYPES and "vendor" not in path.parts]
    for path in own:
        name = path.relative_to(STATIC).as_posix()
        if name not in (service_worker.PAGE, service_worker.WORKER):
            digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
            assert files[f"static/{name}"] == f"sha256-{digest}"
    assert "" in files and not any(name.endswith((".md", service_worker.WORKER)) for name in files)


def test_own_modules_are_short_and_never_write_markup_or_evaluate_text() -> None:
    for path in STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert len(text.splitlines()) < 300, path
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
            ), path


def test_both_languages_have_the_same_words() -> None:
    program = (
        f"const {{ LANGUAGES: {{ de, en }} }} = await import({json.dumps((STATIC / 'page/words.js').as_uri())});"
        "const keys = (one) => Object.entries(one).flatMap(([key, value]) => value && typeof value === 'object' ? keys(value).map((sub) => `${key}.${sub}`) : [key]);"
        "process.stdout.write(JSON.stringify([keys(de), keys(en)]));"
    )
    done = subprocess.run([node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    german, english = json.loads(done.stdout)
    assert german == english
    page = (STATIC / service_worker.PAGE).read_text(encoding="utf-8")
    assert set(re.findall(r'data-(?:word|label)="(\w+)"', page)) <= set(german)


@pytest.mark.parametrize(
    ("finding", "lists", "colour"),
    [
        ("valid status_checked", {}, "green"),
        ("valid status_unchecked", {}, "amber"),
        ("valid status_checked", {"newestTime": 10 * 60_000}, "amber"),
        ("valid status_checked", {"ahead": 6 * 60_000}, "amber"),
        ("expired validity_over", {"ahead": 25 * 3_600_000}, "amber"),
        ("expired validity_over", {"newestTime": -25 * 3_600_000}, "amber"),
        ("expired validity_over", {"newestTime": -23 * 3_600_000}, "red"),
        ("not_yet_valid validity_not_begun", {"ahead": -6 * 60_000}, "amber"),
        ("not_yet_valid validity_not_begun", {"newestTime": -25 * 3_600_000}, "amber"),
        ("invalid module_certificate_expired", {}, "red"),
        ("invalid module_certificate_expired", {"ahead": 25 * 3_600_000}, "amber"),
        ("invalid module_certificate_expired", {"newestTime": -25 * 3_600_000}, "amber"),
        ("invalid signature_wrong", {"ahead": 25 * 3_600_000}, "red"),
        ("revoked on_status_list", {"ahead": 25 * 3_600_000}, "red"),
        ("unknown_issuer unknown_key", {"ahead": 25 * 3_600_000}, "amber"),
        ("status_stale status_list_old", {}, "amber"),
        ("status_stale issued_list_missing", {}, "amber"),
        ("unknown_issuer unknown_key", {}, "red"),
        ("unknown_issuer module_certificate_not_enclosed", {}, "amber"),
        ("unknown_issuer unknown_key", {"refreshedAt": None}, "amber"),
        ("unknown_issuer unknown_key", {"refreshedAt": -25 * 3_600_000}, "amber"),
        ("unknown_issuer unknown_sub_ca", {}, "amber"),
        ("unknown_issuer unknown_sub_ca certificates_left_out", {}, "red"),
        ("unknown_issuer uic_ticket", {}, "amber"),
        ("status_unchecked status_unchecked", {}, "amber"),
        ("suspended on_status_list", {}, "red"),
        ("revoked on_status_list", {}, "red"),
        ("expired validity_over", {}, "red"),
        ("not_yet_valid validity_not_begun", {}, "red"),
        ("invalid hash_wrong", {}, "red"),
        ("unreadable not_cose", {}, "amber"),
    ],
)
def test_what_is_green_amber_and_red(finding: str, lists: dict[str, object], colour: str) -> None:
    """Times are relative to now."""
    verdict, *reasons = finding.split()
    about = json.dumps({"verdict": verdict, "reasons": reasons})
    known = json.dumps({"refreshedAt": 0, "newestTime": 0, "ahead": 0} | lists)
    program = (
        f"const {{ show }} = await import({json.dumps((STATIC / 'page/verdict.js').as_uri())});"
        f"const known = {known}; known.clockAhead = () => known.ahead;"
        f"process.stdout.write(show({about}, 0, known).colour);"
    )
    done = subprocess.run([node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    assert done.stdout == colour
    if not lists:  # the service counts what it shows to an operator's own readers by the same colours
        assert colour_of(VerificationResult(Verdict(verdict), tuple(reasons))) == colour
