"""Every version of every event has one sample, kept for ever, that today's code can read."""

import json
from pathlib import Path

import pytest
from shared.events import ALL, Event

SAMPLES = Path(__file__).parent / "samples"


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.subject)
def test_the_sample_of_each_event_can_be_read_and_says_the_same_again(kind: type[Event]):
    text = (SAMPLES / f"{kind.subject}.json").read_text(encoding="utf-8")
    event = kind.model_validate_json(text)
    assert json.loads(event.model_dump_json()) == json.loads(text)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.subject)
def test_a_field_that_a_newer_sender_adds_is_ignored(kind: type[Event]):
    sample = json.loads((SAMPLES / f"{kind.subject}.json").read_text(encoding="utf-8"))
    sample["a_field_of_next_year"] = {"any": ["thing"]}
    assert kind.model_validate_json(json.dumps(sample)) == kind.model_validate_json(
        (SAMPLES / f"{kind.subject}.json").read_text(encoding="utf-8")
    )


def test_no_sample_is_without_a_reader():
    assert {path.stem for path in SAMPLES.glob("*.json")} == {kind.subject for kind in ALL}


def test_every_subject_lies_in_a_stream_and_its_sender_may_say_it():
    from nats.js.api import StreamConfig  # noqa: F401  # the topology must load beside the client
    from shared.bus.topology import PUBLISHES, stream_of

    for kind in ALL:
        stream_of(kind.subject)
        senders = [
            service
            for service, subjects in PUBLISHES.items()
            if any(_matches(kind.subject, pattern) for pattern in subjects)
        ]
        assert len(senders) == 1, f"{kind.subject} is said by {senders}"


def _matches(subject: str, pattern: str) -> bool:
    subject_parts, pattern_parts = subject.split("."), pattern.split(".")
    for index, part in enumerate(pattern_parts):
        if part == ">":
            return len(subject_parts) > index
        if index >= len(subject_parts) or part not in ("*", subject_parts[index]):
            return False
    return len(subject_parts) == len(pattern_parts)
