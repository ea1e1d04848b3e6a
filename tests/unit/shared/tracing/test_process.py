"""Tracing is off unless it is asked for: then nothing of OpenTelemetry's SDK is loaded. A wrong variable is named."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from opentelemetry.sdk import environment_variables
from shared.tracing.settings import TracingSettings

AT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
LOADED = """
import sys
import shared.runtime.service
from shared.tracing import spans
from shared.tracing.process import trace_process

with trace_process("application"):
    print(spans.is_on(), any(name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "google.protobuf"))
                             for name in sys.modules))
"""

FORKED = """
import gc, json, os, sys
import shared.runtime.service
from shared.tracing import spans
from shared.tracing.process import trace_process

program, environments, folder = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
gc.freeze()
for number, environment in enumerate(environments):
    if os.fork() == 0:
        for descriptor, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{folder}/{number}.{name}", os.O_WRONLY | os.O_CREAT), descriptor)
        os.environ.update(environment)
        code = 0
        try:
            exec(program)
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        os._exit(code)  # without taking apart all that was imported
    print(os.waitstatus_to_exitcode(os.wait()[1]))
    sys.stdout.flush()
"""
"""Each environment has a process of its own, in which `LOADED` runs: forked from one that has imported what it imports,
which takes a second of CPU, and has loaded nothing of the SDK."""

LIMITS = sorted(
    value for name, value in vars(environment_variables).items() if name.endswith("_LIMIT") and "LOGRECORD" not in name
)
"""All of the SDK that concern spans."""


WRONG = [
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://secret@collector:4317"),
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "4318"),
    ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ("OTEL_TRACES_EXPORTER", "jaeger"),
    ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
    ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
    ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/not/there.pem"),
    ("OTEL_EXPORTER_OTLP_TIMEOUT", "secret"),
    ("OTEL_EXPORTER_OTLP_COMPRESSION", "secret"),
    ("OTEL_TRACES_SAMPLER", "parentbased_traceidratios"),
    ("OTEL_TRACES_SAMPLER_ARG", "7"),
    ("OTEL_EXPORTER_OTLP_TIMEOUT", "inf"),
    ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "1e300"),
    *((name, "secret") for name in LIMITS),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", "-5"),
]


def without_tracing() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}


def run(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**without_tracing(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def run_forked(environments: list[dict[str, str]], folder: Path) -> list[subprocess.CompletedProcess[str]]:
    command = [sys.executable, "-c", FORKED, LOADED, json.dumps(environments), str(folder)]
    codes = subprocess.run(command, env=without_tracing(), stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    assert len(codes) == len(environments)
    return [
        subprocess.CompletedProcess(
            LOADED, int(code), (folder / f"{number}.out").read_text(), (folder / f"{number}.err").read_text()
        )
        for number, code in enumerate(codes)
    ]


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], subprocess.CompletedProcess[str]]:
    """What each wrong variable leads to; under an empty name, that of a right one."""
    environments = [AT, *(AT | {name: value} for name, value in WRONG)]
    return dict(zip([("", ""), *WRONG], run_forked(environments, tmp_path_factory.mktemp("starts")), strict=True))


@pytest.mark.parametrize(
    ("environment", "is_on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_SERVICE_NAME": "antrag", "OTEL_TRACES_SAMPLER": "always_on"}, False),
        (AT | {"OTEL_SDK_DISABLED": "true"}, False),
        (AT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (AT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:9/v1/traces"}, True),
    ],
)
def test_the_sdk_is_loaded_only_where_it_is_asked_for(environment: Mapping[str, str], is_on: bool) -> None:
    done = run(environment)
    assert done.stdout.endswith(f"{is_on} {is_on}\n"), done.stderr


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_variable_is_named_without_its_value_and_nothing_starts(
    starts: Mapping[tuple[str, str], subprocess.CompletedProcess[str]], name: str, value: str
) -> None:
    assert starts["", ""].returncode == 0 and starts["", ""].stdout.endswith("True True\n"), starts["", ""].stderr
    done = starts[name, value]
    assert done.returncode == 2
    assert f"application: setting {name}: " in done.stderr
    assert "secret" not in done.stderr and done.stdout == ""


@pytest.mark.parametrize("name", ["OTEL_PYTHON_EXPORTER_OTLP_HTTP_TRACES_CREDENTIAL_PROVIDER"])
def test_a_variable_that_the_sdk_reads_alone_is_among_those_that_are_named(name: str) -> None:
    done = run(AT | {name: "secret"})
    assert done.returncode == 2
    assert done.stderr.startswith("application: OpenTelemetry does not start (") and name in done.stderr
    assert "secret" not in done.stderr and "Traceback" not in done.stderr and done.stdout == ""


def test_it_waits_as_long_and_keeps_as_much_as_the_standard_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)
    settings = TracingSettings()
    kept = settings.bsp_schedule_delay, settings.bsp_max_queue_size, settings.bsp_max_export_batch_size
    assert kept == (5000, 2048, 512)
