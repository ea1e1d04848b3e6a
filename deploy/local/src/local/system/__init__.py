"""The whole system on one machine: set up, started, and stopped again.

with running(folder) as system:
    httpx.post(f"{system.urls['application']}/v1/applications", headers=system.sign_in("parent-1"), …)
    system.process("eligibility").kill()
    system.restart("eligibility")
"""

from local.system.inputs import Inputs
from local.system.running import System, running_system

__all__ = ["Inputs", "System", "running_system"]
