"""The whole system through real processes, for the tests of this folder."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from local.report import Report
from local.system import System, running


@pytest.fixture(scope="session")
def independent() -> ModuleType:
    """The readers of independent.py."""
    path = Path(__file__).with_name("independent.py")
    spec = importlib.util.spec_from_file_location("independent", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["independent"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("system"), report=Report()) as system:
        yield system
