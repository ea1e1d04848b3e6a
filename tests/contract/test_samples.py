"""Every version of every event has one sample, kept for ever, that today's code can read.

Where a version has grown, the first sample stays as it is, and one with the new fields stands beside it:
`SUBJECT~WHAT.json`.
"""

import json
from pathlib import Path

import pytest
from shared.events import ALL, Event

SAMPLES = Path(__file__).parent / "samples"
KINDS = {kind.subject: kind for kind in ALL}
EVERY = sorted(path.stem for path in SAMPLES.glob("*.json"))


def subject_of(stem: str) -> str:
    return stem.partition("~")[0]


def text_of(stem: str) -> str:
    return (SAMPLES / f"{stem}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("stem", EVERY)
def test_each_sample_of_an_event_can_be_read_and_says_the_same_again(stem: str) -> None:
    event = KINDS[subject_of(stem)].model_validate_json(text_of(stem))
    assert json.loads(event.model_dump_json()) == json.loads(text_of(stem))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.subject)
def test_a_field_that_a_newer_sender_adds_is_ignored(kind: type[Event]) -> None:
    sample = json.loads(text_of(kind.subject))
    sample["a_field_of_next_year"] = {"any": ["thing"]}
    assert kind.model_validate_json(json.dumps(sample)) == kind.model_validate_json(text_of(kind.subject))


def test_no_sample_is_without_a_reader_and_no_event_without_a_sample() -> None:
    assert {subject_of(stem) for stem in EVERY} == set(KINDS)
    assert set(KINDS) <= set(EVERY)


def test_every_subject_lies_in_a_stream_and_its_sender_may_say_it() -> None:
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
