"""The variables of OpenTelemetry, by which an operator turns tracing on. Most are taken by its own SDK, which says
nothing of a wrong one or ends with its value: so they are looked at here. OTEL_RESOURCE_ATTRIBUTES and
OTEL_EXPORTER_OTLP_HEADERS it reads alone."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FilePath
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = re.compile(r"https?://[^/\s]+(/\S*)?")
Compression = Literal["none", "gzip", "deflate"]
Sampler = Literal[
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
]


LONGEST_SECONDS = 3600
"""For one answer of the collector: of `inf` the SDK would tell nothing, and not say why."""
Limit = Annotated[int | None, Field(ge=0)]


def _read(value: str) -> str:
    if _ADDRESS.fullmatch(value) is None:
        raise ValueError("this is no address of a collector: write http://HOST:4318 or https://HOST:4318")
    return value


Address = Annotated[str, AfterValidator(_read)]


class TracingSettings(BaseSettings):
    """What of them is looked at before the SDK is loaded. A wrong value is named, and nothing starts."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", env_ignore_empty=True, extra="ignore")

    exporter_otlp_endpoint: Address | None = None
    """Of the collector, without /v1/traces. Without it nothing is traced."""
    exporter_otlp_traces_endpoint: Address | None = None
    """In its stead, with the whole path."""
    exporter_otlp_protocol: Literal["http/protobuf"] = "http/protobuf"
    exporter_otlp_traces_protocol: Literal["http/protobuf"] = "http/protobuf"
    exporter_otlp_timeout: float | None = Field(default=None, gt=0, le=LONGEST_SECONDS)
    exporter_otlp_traces_timeout: float | None = Field(default=None, gt=0, le=LONGEST_SECONDS)
    exporter_otlp_compression: Compression = "none"
    exporter_otlp_traces_compression: Compression = "none"
    exporter_otlp_certificate: FilePath | None = None
    """Whose certificates the collector may show, at https://…; without it those that this machine trusts."""
    sdk_disabled: bool = False
    traces_exporter: Literal["otlp", "none"] = "otlp"
    traces_sampler: Sampler = "parentbased_always_on"
    """Of a word that it does not know the SDK would take this one, and record everything."""
    traces_sampler_arg: float | None = Field(default=None, ge=0, le=1)
    bsp_schedule_delay: int = Field(default=5000, ge=1)
    """Milliseconds that a span waits at most before it is told."""
    bsp_max_queue_size: int = Field(default=2048, ge=1)
    """Spans that wait at most. What comes when so many wait is dropped, and counted."""
    bsp_max_export_batch_size: int = Field(default=512, ge=1)
    attribute_count_limit: Limit = None
    attribute_value_length_limit: Limit = None
    span_attribute_count_limit: Limit = None
    span_attribute_value_length_limit: Limit = None
    span_event_count_limit: Limit = None
    span_link_count_limit: Limit = None
    event_attribute_count_limit: Limit = None
    link_attribute_count_limit: Limit = None

    @property
    def is_on(self) -> bool:
        """Whether anything is traced."""
        told = self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return told is not None and not self.sdk_disabled and self.traces_exporter != "none"
