"""Setting a copy up."""

from local.system.setup import NETWORK_BUILDER


def test_a_network_in_the_cache_is_known_by_the_program_that_built_it() -> None:
    """By a folder that is not there every program would be the same one."""
    assert {"assembly.py", "builder.py", "walking_rules.py"} <= {file.name for file in NETWORK_BUILDER.rglob("*.py")}
