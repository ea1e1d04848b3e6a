"""The bus: NATS JetStream as transport. SQL is the truth: what the broker loses is driven again from the outboxes."""

from shared.bus.connection import BusSettings, Connection, UnsafeBroker, connect
from shared.bus.consumer import Consumer, Handler, Handlers
from shared.bus.relay import Relay

__all__ = ["BusSettings", "Connection", "Consumer", "Handler", "Handlers", "Relay", "UnsafeBroker", "connect"]
