"""How the scanner page knows that the device's clock is wrong: never by a slow answer, always by more than minutes."""

import json
import random
import subprocess
from email.utils import formatdate
from pathlib import Path

from support.issuance.example import node
from support.json import whole

CLOCK = Path(__file__).resolve().parents[4] / "services/issuance/src/issuance/web/static/page/clock.js"
MINUTE = 60_000
NOW = 1_800_000_000_000


def measured(refreshes: list[list[dict[str, object]]]) -> list[int]:
    """What each refresh finds, of its answers {date, age, asked, there}."""
    program = (
        f"const {{ Clock }} = await import({json.dumps(CLOCK.as_uri())});"
        f"const found = {json.dumps(refreshes)}.map((answers) => {{ const clock = new Clock(); clock.begin();"
        "for (const { date, age, asked, there } of answers) "
        "clock.hear(new Headers({ ...(date && { date }), ...(age && { age }) }), asked, there);"
        "clock.settle(); return clock.aheadAt(Math.max(0, ...answers.map((one) => one.there))); });"
        "process.stdout.write(JSON.stringify(found));"
    )
    done = subprocess.run([node(), "--input-type=module", "-e", program], capture_output=True, text=True, check=True)
    found: list[int] = json.loads(done.stdout)
    return found


def test_whatever_the_delay_a_right_clock_is_never_wrong_and_one_of_ten_minutes_always() -> None:
    chance = random.Random(11)
    right, wrong = [], []
    for _ in range(200):
        answers: list[dict[str, object]] = []
        for _ in range(chance.randrange(1, 5)):
            asked = NOW + chance.randrange(5000)
            served = asked + chance.randrange(15_000)
            there = served + chance.randrange(15_000)
            kept = chance.choice((0, 0, 3600))  # a network between has it from an hour ago, and says so
            answers.append(
                {
                    "date": formatdate(served / 1000 - kept, usegmt=True),
                    "age": str(kept) if kept else "",
                    "asked": asked,
                    "there": there,
                }
            )
        off = chance.choice((-1, 1)) * chance.randrange(10 * MINUTE, 1000 * 24 * 60 * MINUTE)
        right.append(answers)
        wrong.append(
            [one | {"asked": whole(one["asked"]) + off, "there": whole(one["there"]) + off} for one in answers]
        )
    assert set(measured(right)) == {0}
    assert all(measured(wrong))


def test_an_answer_that_a_network_kept_in_silence_or_one_without_a_time_accuses_no_clock() -> None:
    fresh = {"date": formatdate(NOW / 1000, usegmt=True), "age": "", "asked": NOW, "there": NOW + 900}
    old = fresh | {"date": formatdate(NOW / 1000 - 7200, usegmt=True)}
    assert measured([[old, fresh], [fresh, old], [fresh | {"date": ""}], [fresh | {"date": "nonsense"}], []]) == [0] * 5
