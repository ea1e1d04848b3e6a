"""Files of pages: read once, each coding with its own tag, and nothing else of the folder is ever served."""

import base64
import gzip
import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.testclient import TestClient
from shared.errors import Text
from shared.http import problems
from shared.http.assets import Assets, asset, files_of

SHEET = b"body { margin: 0 }\n" * 200
PICTURE = b"\x89PNG\r\n" + bytes(range(256))
MISSING = Text("Diese Datei gibt es nicht.", "There is no such file.")
HEADERS = {"Cache-Control": "public, max-age=3600", "Content-Security-Policy": "default-src 'none'"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package with pages; its name is new each time, because files are read once."""
    name = f"pages_{tmp_path.name}"
    static = tmp_path / name / "static"
    for path, content in {
        "page.css": SHEET,
        "icon.png": PICTURE,
        "page/app.js": b"export {};\n",
        "vendor/.made-from": b"digest",
        "vendor/.kern.4711/half.css": b"half",
        "vendor/notes.txt": b"notes",
        "page.py": b"secret",
    }.items():
        (static / path).parent.mkdir(parents=True, exist_ok=True)
        (static / path).write_bytes(content)
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "secret.css").write_text("outside")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


def serve(package: str) -> TestClient:
    app, routes = FastAPI(), APIRouter()
    files = Assets(package, HEADERS, missing=MISSING)

    @routes.head("/static/{path:path}")
    @routes.get("/static/{path:path}")
    async def static(path: str, request: Request) -> Response:
        return files.answer(request, path)

    app.include_router(routes)
    problems.install(app)
    return TestClient(app, headers={"accept-encoding": ""})


def raw(http: TestClient, path: str, method: str = "GET", **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer and its octets as they were sent."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with http.stream(method, f"/static/{path}", headers=sent) as answer:
        return answer, b"".join(answer.iter_raw())


def test_a_file_is_sent_with_its_type_its_digest_and_the_services_headers(package: str) -> None:
    answer, content = raw(serve(package), "page.css")
    assert (answer.status_code, content) == (200, SHEET)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-length"] == str(len(SHEET))
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    digest = base64.b64encode(hashlib.sha256(SHEET).digest()).decode()
    assert answer.headers["etag"] == f'"sha256-{digest}"'


@pytest.mark.parametrize(("coding", "plain"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_sheet_comes_shorter_to_who_takes_it(package: str, coding: str, plain: Callable[[bytes], bytes]) -> None:
    answer, content = raw(serve(package), "page.css", accept_encoding=coding)
    assert answer.headers["content-encoding"] == coding
    assert plain(content) == SHEET
    assert int(answer.headers["content-length"]) == len(content) < len(SHEET) / 10


def test_a_picture_is_sent_as_it_is(package: str) -> None:
    answer, content = raw(serve(package), "icon.png", accept_encoding="br, gzip")
    assert content == PICTURE
    assert "content-encoding" not in answer.headers


def test_each_coding_has_a_tag_of_its_own(package: str) -> None:
    http = serve(package)
    tags = {raw(http, "page.css", accept_encoding=wish)[0].headers["etag"] for wish in ("", "gzip", "br")}
    assert len(tags) == 3


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other",W/{} ', "*"])
def test_who_has_the_file_already_is_told_so_without_it(package: str, form: str) -> None:
    http = serve(package)
    tag = raw(http, "page.css", accept_encoding="br")[0].headers["etag"]
    answer, content = raw(http, "page.css", accept_encoding="br", if_none_match=form.format(tag))
    assert (answer.status_code, content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == HEADERS["Cache-Control"]


@pytest.mark.parametrize("known", ['"sha256-x"', "", "sha256", '""'])
def test_who_has_another_file_gets_this_one(package: str, known: str) -> None:
    answer, content = raw(serve(package), "page.css", if_none_match=known)
    assert (answer.status_code, content) == (200, SHEET)


def test_the_tag_of_another_coding_is_not_this_ones(package: str) -> None:
    http = serve(package)
    plain = raw(http, "page.css")[0].headers["etag"]
    assert raw(http, "page.css", accept_encoding="br", if_none_match=plain)[0].status_code == 200


def test_head_says_what_get_would_and_sends_nothing(package: str) -> None:
    http = serve(package)
    for wish in ("", "br"):
        got, _ = raw(http, "page.css", accept_encoding=wish)
        answer, content = raw(http, "page.css", "HEAD", accept_encoding=wish)
        assert (answer.status_code, content) == (200, b"")
        assert answer.headers == got.headers


@pytest.mark.parametrize(
    "path",
    [
        "nothing.css",
        "",
        "page",
        "page/",
        "../secret.css",
        "..%2Fsecret.css",
        "%2e%2e/secret.css",
        "page/..%2Fpage.css",
        "/page.css",
        "//etc/passwd",
        "page.css/",
        "PAGE.CSS",
        "page.css%00.png",
        "page.py",
        "vendor/.made-from",
        "vendor/.kern.4711/half.css",
        "vendor/notes.txt",
        "page.css.br",
    ],
)
def test_nothing_else_is_served_and_the_answer_is_a_problem_in_the_readers_language(package: str, path: str) -> None:
    answer = serve(package).get(f"http://testserver/static/{path}", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["detail"] in (MISSING.en, "Please check the address.")


def test_what_comes_after_the_start_is_not_served(package: str, tmp_path: Path) -> None:
    http = serve(package)
    (tmp_path / package / "static" / "late.css").write_text("late")
    (tmp_path / package / "static" / "page.css").write_text("changed")
    assert raw(http, "late.css")[0].status_code == 404
    assert raw(http, "page.css")[1] == SHEET
    assert "late.css" not in files_of(package)


def test_a_file_that_was_compressed_at_the_build_is_sent_as_it_lies_there(package: str, tmp_path: Path) -> None:
    smallest = brotli.compress(SHEET, quality=11, lgwin=16)
    (tmp_path / package / "static" / "page.css.br").write_bytes(smallest)
    assert raw(serve(package), "page.css", accept_encoding="br")[1] == smallest


@pytest.mark.parametrize("stale", [brotli.compress(b"an older sheet"), b"no brotli", b""])
def test_what_was_compressed_from_another_content_is_not_sent(package: str, tmp_path: Path, stale: bytes) -> None:
    (tmp_path / package / "static" / "page.css.br").write_bytes(stale)
    (tmp_path / package / "static" / "page.css.gz").write_bytes(stale)
    for wish, plain in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer, content = raw(serve(package), "page.css", accept_encoding=wish)
        assert answer.headers["content-encoding"] == wish
        assert plain(content) == SHEET


def test_a_file_that_is_made_and_not_read_is_an_asset_too() -> None:
    made = asset("worker.js", b"self.files = {};\n" * 50)
    assert made.media_type == "text/javascript; charset=utf-8"
    assert made.plain == b"self.files = {};\n" * 50
    assert made.integrity == "sha256-" + base64.b64encode(hashlib.sha256(made.plain).digest()).decode()
