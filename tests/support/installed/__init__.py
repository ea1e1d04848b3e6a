"""What the forms of installation say (systemd, compose, Kubernetes), read for tests."""
