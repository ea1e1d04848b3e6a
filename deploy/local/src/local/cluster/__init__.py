"""The whole system as a cluster on one machine, without containers: three servers of the bus, one PostgreSQL, and two
copies of each service behind a balancer.

with running_cluster(folder) as cluster:
    cluster.process("eligibility-2").kill()
"""

from local.cluster.running import Cluster, running_cluster

__all__ = ["Cluster", "running_cluster"]
