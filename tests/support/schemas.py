"""The schema of each process that has a database of its own."""

import application.main
import eligibility.main
import issuance.main
import wallet_pass.main

SCHEMAS = {
    "application": application.main.SCHEMA,
    "eligibility": eligibility.main.SCHEMA,
    "signer": issuance.main.SIGNER_SCHEMA,
    "issuance": issuance.main.API_SCHEMA,
    "wallet-pass": wallet_pass.main.SCHEMA,
}
