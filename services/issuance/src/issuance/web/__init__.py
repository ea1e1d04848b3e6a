"""The pages of issuance's users: the scanner page, which verifies by itself in the browser."""
