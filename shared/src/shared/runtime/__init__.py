"""How a service runs: start, health, readiness, metrics, logs without personal data, drain on SIGTERM."""

from shared.http.edge import LargerBody
from shared.runtime.service import Service, Worker, run
from shared.runtime.settings import ServiceSettings
from shared.wake import until

__all__ = ["LargerBody", "Service", "ServiceSettings", "Worker", "run", "until"]
