"""What happens, in numbered steps: `tickets` hears, `passes` makes and shows, `ports` says what they need."""

from wallet_pass.workflow.environment import Environment, Tokens
from wallet_pass.workflow.passes import NO_SUCH_PASS, Workflow, workflow_on
from wallet_pass.workflow.ports import GOOGLE, PACKAGES, PUSHES, REMAKES, Parties, Step, StoredPass, Tables

__all__ = [
    "GOOGLE",
    "NO_SUCH_PASS",
    "PACKAGES",
    "PUSHES",
    "REMAKES",
    "Environment",
    "Parties",
    "Step",
    "StoredPass",
    "Tables",
    "Tokens",
    "Workflow",
    "workflow_on",
]
