"""`python -m local.cluster.balancer FILE`: listens for each service, until SIGTERM. FILE: see ClusterPlan."""

import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from local.cluster.balancer.copies import Copies, Copy
from local.cluster.balancer.forwarding import Forwarder

ANSWER_SECONDS = 15.0
"""So long a copy may take for an answer: three times what it gives itself for a write."""
CONNECT_SECONDS = 2.0
DRAIN_SECONDS = 5


async def serve(settings: dict[str, Any]) -> None:
    """Until SIGTERM or SIGINT."""
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    limits = httpx.Limits(max_connections=500, max_keepalive_connections=50)
    async with httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False, follow_redirects=False) as http:
        services = {name: Copies([Copy(url) for url in each["copies"]]) for name, each in settings["services"].items()}
        servers = [
            _Server(_config(Forwarder(services[name], http), each["port"]))
            for name, each in settings["services"].items()
        ]
        servers.append(_Server(_config(_health(services), settings["port"])))
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        watching = [asyncio.create_task(each.watch(http)) for each in services.values()]
        serving = [asyncio.create_task(each.serve()) for each in servers]
        await asyncio.wait([asyncio.create_task(stop.wait()), *serving, *watching], return_when=asyncio.FIRST_COMPLETED)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)
        for each in watching:
            each.cancel()


class _Server(uvicorn.Server):
    """One of several in this process: the signals are the process's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None."""
        yield


def _config(app: Any, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _health(services: dict[str, Copies]) -> FastAPI:
    app = FastAPI(title="Balancer", openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> dict[str, dict[str, bool]]:
        """Which copies are ready."""
        return {name: {copy.url: copy.ready for copy in each.copies} for name, each in services.items()}

    return app


def main() -> None:
    """By the file that the first argument names."""
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_bytes())))


if __name__ == "__main__":
    main()
