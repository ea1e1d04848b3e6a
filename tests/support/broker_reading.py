"""All messages that a broker keeps, read from a copy of its store by a server in which one user may: at the real one
nobody does.
"""

import asyncio
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import nats
import nats.errors
from local.broker import CONFIGURATION, MONITOR, Broker
from local.system.plan import BIN
from nats.js.errors import NotFoundError
from shared.bus import admin
from shared.bus.rights import ADMIN, BUS, SYSTEM
from shared.bus.topology import STREAMS
from support.broker import free_port
from support.processes import wait_for

WORD = "reads-everything"
A_MOMENT = timedelta(seconds=1)


def messages_of(broker: Broker, folder: Path) -> list[bytes]:
    """What the streams hold, headers and all. `folder`: a new one, for the copy."""
    shutil.copytree(broker.folder, folder)
    users = f"{{ user: {WORD}, password: {WORD} }}"
    accounts = f"accounts {{ {BUS} {{ jetstream: enabled, users: [ {users} ] }}\n {SYSTEM} {{}} }}\n"
    (folder / "users.conf").write_text(f"system_account: {SYSTEM}\n{accounts}")
    (folder / "nats.conf").write_text(CONFIGURATION.read_text().replace(MONITOR, f"127.0.0.1:{free_port()}"))
    port = free_port()
    settings = {"NATS_HOST": "127.0.0.1", "NATS_PORT": str(port), "NATS_STORE": f'"{folder / "store"}"'}
    with subprocess.Popen(
        [str(BIN / "nats-server"), "-c", str(folder / "nats.conf")], env=settings, stderr=subprocess.DEVNULL
    ) as server:
        try:
            return wait_for(lambda: asyncio.run(_read(port)))
        finally:
            server.kill()


async def _read(port: int) -> list[bytes]:
    try:
        client = await nats.connect(f"nats://127.0.0.1:{port}", user=WORD, password=WORD, max_reconnect_attempts=0)
    except (OSError, nats.errors.Error):
        return []
    found = [b"the server answers"]
    jetstream = client.jetstream()
    for stream in STREAMS:
        state = (await jetstream.stream_info(stream.name)).state
        for number in range(state.first_seq, state.last_seq + 1):
            try:
                message = await jetstream.get_msg(stream.name, number)
            except NotFoundError:
                continue
            found += [message.data or b"", str(message.headers).encode()]
    await client.close()
    return found


def let_expire(broker: Broker) -> None:
    """As after 14 days: the admin declares that the streams forget after a moment. With no service running, which would
    take it for a loss."""

    async def declare() -> None:
        client = await nats.connect(broker.url, nkeys_seed=str(broker.seed_file(ADMIN)))
        jetstream = client.jetstream()
        for stream in STREAMS:
            config = admin.stream_config(stream)
            config.max_age = config.duplicate_window = A_MOMENT.total_seconds()
            await jetstream.update_stream(config)
        while any([(await jetstream.stream_info(stream.name)).state.messages for stream in STREAMS]):
            await asyncio.sleep(0.2)
        await client.close()

    asyncio.run(asyncio.wait_for(declare(), 60))
