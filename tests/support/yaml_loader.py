"""YAML read by libyaml where PyYAML was built with it, as its wheels are: in Python a file of 300 sentences takes a
second, which every worker would spend before its first test."""

import yaml

Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""For `yaml.load` and `yaml.load_all`: reads what `yaml.safe_load` reads, and no more."""
