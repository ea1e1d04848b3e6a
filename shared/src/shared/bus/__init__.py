"""The bus: NATS JetStream as transport. SQL is the truth: what the broker loses is driven again from the outboxes.

Nothing is imported here: stores need `outbox` and `inbox`, and do not pay for the client of NATS.
"""
