"""How a service runs: start, health, readiness, metrics, workers, logs without personal data, drain on SIGTERM.

Nothing is imported here: stores need `backlog`, and do not pay for what serves HTTP.
"""
