"""People who help with an application, and invitations, over HTTP."""
