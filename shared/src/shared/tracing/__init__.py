"""What one application causes in all processes, as one trace: OpenTelemetry, and off unless it is asked for.

This package is the only one that knows OpenTelemetry, and loads it only where OTEL_EXPORTER_OTLP_ENDPOINT is set. All
others begin a span by `shared.tracing.spans`, which costs nothing while tracing is off. A span bears names of our own
(routes, subjects, workers) and the attributes of `Attribute`: nothing that a person wrote, and no id of anybody.
"""
