"""One complete body, shown in the OpenAPI document and read by a test."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "guardian": {
        "first_name": "Zoë Marie",
        "last_name": "O’Neill-Łukasiewicz",
        "email": "zoe@example.org",
    },
    "pupil": {
        "first_name": "Jānis",
        "last_name": "Łukasiewicz",
        "birth_date": "2016-02-29",
        "gender": "male",
    },
    "home": {"street": "Am Alten Markt", "house_number": "12a", "postal_code": "33602", "city": "Bielefeld"},
    "school_number": "168890",
    "grade": "05",
    "track": "GY9",
    "school_year": "2026/27",
    "wanted_from": "2026-09-02",
    "claims": {
        "health": {"weeks": 12, "certificate": True},
        "dangerous_route": False,
        "nearest_refused": False,
        "second_home": False,
    },
    "lives_in_nrw": True,
    "special_needs": False,
    "severely_disabled": False,
    "siblings": [{"birth_date": "2013-11-05", "funded": True}],
    "benefits": ["SGB II"],
    "medium": "wallet",
    "consents": [{"text_id": "privacy-notice", "version": "2026-05", "accepted_at": "2026-05-31T18:30:00+02:00"}],
    "language": "de",
}
