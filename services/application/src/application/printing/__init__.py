"""Sets what a family takes away on paper."""
