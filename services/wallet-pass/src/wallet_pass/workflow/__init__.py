"""What happens, in numbered steps: `tickets` hears, `passes` makes and shows, `ports` says what they need."""

from wallet_pass.workflow.passes import NO_SUCH_PASS, Workflow
from wallet_pass.workflow.ports import Kept, Step, Tables, Tokens

__all__ = ["NO_SUCH_PASS", "Kept", "Step", "Tables", "Tokens", "Workflow"]
