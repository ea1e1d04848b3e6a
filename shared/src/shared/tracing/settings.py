"""The variables of OpenTelemetry, by which an operator turns tracing on. All others of them are read by its own SDK:
OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_HEADERS, …_TIMEOUT, …_COMPRESSION."""

from typing import Literal

from pydantic import Field, FilePath
from pydantic_settings import BaseSettings, SettingsConfigDict

URL = r"^https?://[^/\s]+(/\S*)?$"


class TracingSettings(BaseSettings):
    """What of them is looked at before the SDK is loaded. A wrong value is named, and nothing starts."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", env_ignore_empty=True, extra="ignore")

    exporter_otlp_endpoint: str | None = Field(default=None, pattern=URL)
    """Of the collector, without /v1/traces. Without it nothing is traced."""
    exporter_otlp_traces_endpoint: str | None = Field(default=None, pattern=URL)
    """In its stead, with the whole path."""
    exporter_otlp_protocol: Literal["http/protobuf"] = "http/protobuf"
    exporter_otlp_traces_protocol: Literal["http/protobuf"] = "http/protobuf"
    exporter_otlp_certificate: FilePath | None = None
    """Whose certificates the collector may show, at https://…; without it those that this machine trusts."""
    sdk_disabled: bool = False
    traces_exporter: Literal["otlp", "none"] = "otlp"
    bsp_schedule_delay: int = Field(default=5000, ge=1)
    """Milliseconds that a span waits at most before it is told."""
    bsp_max_queue_size: int = Field(default=2048, ge=1)
    """Spans that wait at most. What comes when so many wait is dropped, and counted."""
    bsp_max_export_batch_size: int = Field(default=512, ge=1)

    @property
    def is_on(self) -> bool:
        """Whether anything is traced."""
        told = self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return told is not None and not self.sdk_disabled and self.traces_exporter != "none"
