"""Planted defects: each can be put into the services, and a service without its defect does not run."""

import os
import subprocess
import sys

import pytest
from chaos.faults import EVERY_FAULT
from chaos.planted.defects import EVERY_DEFECT
from chaos.prove import environment_of

SERVE = [sys.executable, "-c", "print('serves')", "serve"]


def _run(defect: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | environment_of(defect)
    return subprocess.run(SERVE, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", EVERY_DEFECT)
def test_a_defect_is_put_into_a_service_before_it_runs(name: str) -> None:
    done = _run(name)

    assert (done.returncode, done.stdout, done.stderr) == (0, "serves\n", "")


def test_a_service_into_which_its_defect_cannot_be_put_does_not_run() -> None:
    done = _run("no-such-defect")

    assert done.returncode != 0
    assert "serves" not in done.stdout


@pytest.mark.parametrize("name", EVERY_DEFECT)
def test_the_faults_that_bring_a_defect_to_light_are_there(name: str) -> None:
    assert set(EVERY_DEFECT[name].faults) <= set(EVERY_FAULT)
