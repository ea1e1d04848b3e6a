"""The demo authority, as each service is told of it. Other demo data are in town/plan.py."""

from local.journey.region import read_region
from local.system.inputs import Inputs
from local.system.plan import Plan


def authority_number(inputs: Inputs) -> str:
    """The authority of the demo: the one that bears most of the region's schools."""
    return read_region(inputs.streets, inputs.schools).authority


def write_authority_files(plan: Plan) -> None:
    """One file for each service that keeps something of an authority."""
    folder = plan.folder / "authority"
    folder.mkdir(exist_ok=True)
