"""What the signer does: issue, renew, revoke, publish."""
