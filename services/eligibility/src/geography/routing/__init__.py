"""The shortest walk between two places, the nearest school, and all homes against all schools."""
