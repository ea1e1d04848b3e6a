"""Planted defects: each can be put into the services, and a service without its defect does not run."""

import os
import subprocess
import sys

import pytest
from chaos.faults import EVERY_FAULT
from chaos.planted.defects import EVERY_DEFECT
from chaos.prove import environment_of

SERVE = [sys.executable, "-c", "print('serves')", "serve"]
EACH_IN_ITS_OWN = """
import os, sys, traceback
import sqlmodel, nats, shared.bus.relay, shared.bus.consumer, shared.copies.keepers
from chaos.planted.defects import plant
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            plant(name)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(name)
"""

NAMES = list(EVERY_DEFECT)
SOME = [NAMES[at : at + 5] for at in range(0, len(NAMES), 5)]


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    given = os.environ | environment
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("names", SOME, ids=" ".join)
def test_each_defect_can_be_put_into_a_service(names: list[str]) -> None:
    path = {"PYTHONPATH": environment_of("any")["PYTHONPATH"]}

    done = _run([sys.executable, "-c", EACH_IN_ITS_OWN, *names], path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_service_has_its_defect_before_it_runs() -> None:
    done = _run(SERVE, environment_of("no-inbox"))

    assert (done.returncode, done.stdout, done.stderr) == (0, "serves\n", "")


def test_a_service_into_which_its_defect_cannot_be_put_does_not_run() -> None:
    done = _run(SERVE, environment_of("no-such-defect"))

    assert done.returncode != 0
    assert "serves" not in done.stdout


@pytest.mark.parametrize("name", EVERY_DEFECT)
def test_the_faults_that_bring_a_defect_to_light_are_there(name: str) -> None:
    assert set(EVERY_DEFECT[name].faults) <= set(EVERY_FAULT)
