"""What became of spans, and of parents that came with events."""

from prometheus_client import Counter

spans_total = Counter(
    "trace_spans",
    "Spans: told; refused by the collector; dropped, as too many wait",
    ["outcome"],
)
for _outcome in ("told", "refused", "dropped"):
    spans_total.labels(_outcome)  # shown as 0 before the first
unreadable_parents = Counter("trace_parents_unreadable", "Events whose traceparent is none: they begin a trace")
