"""What happens, in numbered steps: issue, revoke and publish (signer), inspect (API)."""
