"""An application on a real port, for a browser."""

import asyncio
import socket
import threading
import time

import uvicorn
from fastapi import FastAPI
from support.standing_app import AppOfWorld


class Served:
    """The port is taken at once, since others must know the address before the application is made."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def start(self, app: FastAPI | AppOfWorld) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve([self._socket])), daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
