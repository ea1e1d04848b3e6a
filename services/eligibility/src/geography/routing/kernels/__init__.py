"""The inner loops, compiled by numba: numbers in, numbers out."""
