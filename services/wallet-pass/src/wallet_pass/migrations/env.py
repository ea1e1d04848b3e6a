from shared.database.migration import run
from wallet_pass.store import Row

run(Row.metadata)
