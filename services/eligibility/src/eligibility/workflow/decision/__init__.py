"""From an application to a decision and its release, and whatever changes it later."""
