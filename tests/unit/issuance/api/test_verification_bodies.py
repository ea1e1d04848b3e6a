"""What is sent to be verified: a code or a picture, read within bounds, and beside the event loop where it is long."""

import base64

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from issuance.api import verifications
from shared.http import problems

LONG = base64.b64encode(bytes(300_000)).decode()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (f'{{"image": "{LONG}"}}', 200),
        (f'\ufeff {{ "image" :\n"{LONG}" }}\n', 200),
        (f'{{"image": "{LONG.replace("A", chr(92) + "/", 8)}"}}', 200),  # as PHP writes a slash
        (f'{{"image": "{LONG}", "qr": "S1:"}}', 422),
        (f'{{"image": "{LONG}", "image": "{LONG}"}}', 422),
        (f'{{"image": "{LONG[:-1]}"}}', 422),
        (f'{{"image": "{LONG}"', 422),
        (f'{{"image": "{LONG}', 422),
        (f'{{"qr": "{LONG}"}}', 422),
        ('{"image": ' + "[" * 200_000, 422),
        ("[" * 200_000, 422),
        ('{"a":' * 200_000, 422),
        ('{"image": "' + "\\u0041" * 20_000 + '"}', 422),
        ('{"qr": "a", "qr": "b"}', 422),
        ("{", 400),
        ('{"image": "A"}', 422),
        ('{"vdv": "\\ud800"}', 400),
        ("[" * 60_000, 422),
        ('{"qr":' * 10_000, 422),
    ],
)
def test_a_body_is_a_picture_a_code_or_refused_in_words(body: str, status: int) -> None:
    app = FastAPI()
    problems.install(app)

    @app.post("/")
    async def read(request: Request) -> str:
        return (await verifications.read(await request.body()))[0]

    answer = TestClient(app).post("/", content=body.encode())
    assert answer.status_code == status, answer.text
    assert answer.json() == "image" if status == 200 else answer.json()["detail"]
