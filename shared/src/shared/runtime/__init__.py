"""How a service runs: start, health, readiness, metrics, logs without personal data, drain on SIGTERM."""

from shared.runtime.service import Service, Worker, run, until
from shared.runtime.settings import ServiceSettings

__all__ = ["Service", "ServiceSettings", "Worker", "run", "until"]
