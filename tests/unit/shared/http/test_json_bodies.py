"""JSON as people's tools write it: a mark before it is no fault; what stands in it twice is asked about, not guessed."""

import json

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from shared.http import problems
from shared.http.edge import Edge
from shared.http.json_bodies import JsonBodies, fault_of, said_twice

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def house() -> TestClient:
    app = FastAPI()
    problems.install(app)

    @app.post("/as-bytes")
    async def as_bytes(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @app.post("/as-model")
    async def as_model(body: dict[str, object]) -> dict[str, object]:
        return body

    app.add_middleware(JsonBodies)
    app.add_middleware(Edge, maximum_body_bytes=1000)
    return TestClient(app)


def test_a_byte_order_mark_is_taken_off() -> None:
    http, json_type = house(), {"Content-Type": "application/json"}
    assert http.post("/as-model", content=b'\xef\xbb\xbf{"a": 1}', headers=json_type).json() == {"a": 1}
    assert http.post("/as-bytes", content=b"\xef\xbb\xbf{}").json() == {"length": 2}


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_a_name_that_stands_twice_is_asked_about_in_both_languages(kind: str) -> None:
    body = b'{"pupil": {"grade": "08", "x": [{"grade": "05"}], "grade": "05"}}'
    for language, word in (("de", "zweimal"), ("en", "twice")):
        headers = {"Content-Type": kind, "Accept-Language": language}
        answer = house().post("/as-bytes", content=body, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        (problem,) = answer.json()["problems"]
        assert problem["field"] == "grade" and word in problem["detail"]


@given(VALUES)
def test_what_is_written_by_a_program_has_nothing_twice(value: object) -> None:
    assert said_twice(json.dumps(value).encode()) is None


@pytest.mark.parametrize("body", [b"", b"a=1&a=2", b"secret", b"\x89PNG", b'"{"'])
def test_what_does_not_begin_like_json_passes_by_untouched(body: bytes) -> None:
    assert said_twice(body) is None
    assert house().post("/as-bytes", content=body).json() == {"length": len(body)}


def test_what_is_nested_too_deep_has_nothing_twice() -> None:
    assert said_twice(b"[" * 100_000) is None


def test_a_number_of_more_digits_than_are_read_is_left_to_the_reader() -> None:
    """Python's json raises a plain ValueError for it, and an answer of 500 was nobody's fault but ours."""
    assert fault_of(b'{"a": ' + b"9" * 5000 + b"}") is None


@pytest.mark.parametrize(
    ("body", "german", "english"),
    [
        (b"{", "Zeile 1, Zeichen 2", "line 1, character 2"),
        (b'{"a": 1,\n "b": "secret" "c": 2}', "Zeile 2, Zeichen 16", "line 2, character 16"),
        (b'{"a":1}\n{"a":1}', "Zeile 2, Zeichen 1", "line 2, character 1"),
        (b'{"a":1}\0', "Zeile 1, Zeichen 8", "line 1, character 8"),
        ("{“a”: 1}".encode(), "Zeile 1, Zeichen 2", "line 1, character 2"),
        ('{"a": "ü"}'.encode("latin-1"), "UTF-8", "UTF-8"),
        ('{"a": "ü"}'.encode("utf-16"), "UTF-8", "UTF-8"),
        ('{"a": "ü"}'.encode("utf-16-le"), "UTF-8", "UTF-8"),
        ('[{"a": "ü"}]'.encode("utf-16-be"), "UTF-8", "UTF-8"),
        ('{"a": "ü"}'.encode("utf-32"), "UTF-8", "UTF-8"),
    ],
)
def test_what_is_no_json_is_told_where_or_why_and_nothing_of_it_is_repeated(
    body: bytes, german: str, english: str
) -> None:
    for language, words in (("de", german), ("en", english)):
        answer = house().post("/as-bytes", content=body, headers={"Accept-Language": language})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert words in answer.json()["detail"] and "secret" not in answer.text


def test_a_body_that_is_too_large_is_told_so_and_one_in_pieces_is_read_whole() -> None:
    assert house().post("/as-bytes", content=b"{" + b" " * 1000).status_code == 413
    assert house().post("/as-bytes", content=iter([b'{"a"', b": ", b"1}"])).json() == {"length": 8}


def test_more_values_than_any_form_has_are_refused_before_each_is_found_fault_with() -> None:
    for body in (b'{"a":[' + b"1," * 3000 + b"1]}", b"[" * 3000, b'{"siblings":[' + b'{"a":1},' * 2000 + b"1]}"):
        problem = fault_of(body)
        assert problem is not None and problem.status == 422
    text = json.dumps({"answer": "a, [b], {c}, " * 1000, "more": ['"', "\\", '\\"'] * 800}).encode()
    assert fault_of(text) is None  # commas within a text are none


@given(VALUES)
def test_no_text_makes_a_small_body_a_large_one(value: object) -> None:
    body = json.dumps({"a": value, "text": '"[{,' * 2000}, ensure_ascii=False).encode()
    assert fault_of(body) is None


@pytest.mark.parametrize("kind", ["", "application/json; charset=utf-8", "application/merge-patch+json", "text/plain"])
def test_json_that_is_called_json_or_nothing_is_read(kind: str) -> None:
    assert fault_of(b"{}", kind) is None


@pytest.mark.parametrize("kind", ["application/xml", "image/png", "application/octet-stream", "json", "x" * 5000])
def test_json_that_is_called_something_else_is_refused_in_words(kind: str) -> None:
    answer = house().post("/as-bytes", content=b'{"a": 1}', headers={"Content-Type": kind, "Accept-Language": "en"})
    assert (answer.status_code, "application/json" in answer.json()["problems"][0]["detail"]) == (415, True)
