#!/bin/sh
# A machine of its own, as far as containers see: mounts, network and processes, all of which end with the command. Images
# stay in WORK. Root; nothing of the real machine's network or cgroups is touched.
#
#   tests/containers/machine.sh WORK COMMAND …
set -eu
work=$1
shift
cat > "$work/containers.conf" <<END
[containers]
cgroups = "disabled"
default_ulimits = ["nofile=16384:16384", "nproc=8192:8192"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
[network]
network_backend = "netavark"
network_config_dir = "/run/networks"
END
cat > "$work/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "/run/containers/storage"
END
export CONTAINERS_CONF="$work/containers.conf" CONTAINERS_STORAGE_CONF="$work/storage.conf"
# shellcheck disable=SC2016
exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private sh -c '
    umount /sys/fs/cgroup/* 2> /dev/null || true
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    mount -t tmpfs tmpfs /dev/shm
    mount -t tmpfs tmpfs /run
    mkdir -p /run/lock
    ip link set lo up
    exec "$@"' sh "$@"
