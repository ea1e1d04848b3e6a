"""HTTP: what every service says and refuses alike at its edge."""
