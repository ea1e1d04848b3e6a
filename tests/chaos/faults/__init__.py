"""What is done to the system, each fault by a seed's luck. A fault ends with nothing broken that it does not mend, but
does not wait until all is well again: the next one may come before."""

from collections.abc import Callable
from random import Random

from chaos.faults import broker, cluster, failover, messages, power, processes, storage, versions
from chaos.world import World

Fault = Callable[[World, Random], None]

FAULTS: dict[str, Fault] = {
    "kill": processes.kill,
    "pause": processes.pause,
    "storm": processes.storm,
    "sigterm": processes.sigterm,
    "broker-down": broker.down,
    "store-deleted": broker.store_deleted,
    "stream-lost": broker.stream_lost,
    "stream-emptied": broker.stream_emptied,
    "consumers-deleted": broker.consumers_deleted,
    "poison": messages.poison,
    "replay": messages.replay,
    "redrive": messages.redrive,
    "twin": messages.twin,
    "locked": storage.locked,
    "triggers": storage.triggers,
    "disk-full": storage.disk_full,
    "restore": storage.restore,
}

CLUSTER_FAULTS: dict[str, Fault] = {
    "any-killed": processes.kill,
    "third-killed": cluster.third,
    "copy-paused": cluster.copy_paused,
    "quorum-lost": cluster.quorum_lost,
    "disk-wiped": cluster.disk_wiped,
    "bit-flipped": cluster.bit_flipped,
    "server-away": cluster.server_away,
    "service-away": cluster.service_away,
    "postgresql-paused": cluster.database_paused,
    "postgresql-killed": cluster.database_killed,
    "postgresql-failed-over": failover.failed_over,
    "partition": cluster.partition,
    "postgresql-partition": cluster.database_partition,
    "latency": cluster.latency,
    "mixed-versions": versions.mixed_versions,
    "power-cut": power.power_cut,
    "power-cut-of-all": power.power_cut_of_all,
}
"""Of a cluster alone (`--faults cluster`: all of them)."""
POWER = "power-cut", "power-cut-of-all"
"""These need root, and disks of their own: only where it was asked for."""

EVERY_FAULT = FAULTS | CLUSTER_FAULTS
