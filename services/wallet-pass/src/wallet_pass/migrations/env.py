from shared.database.migration import run
from wallet_pass.store import Row
from wallet_pass.store.row_security import ROW_SECURITY

run(Row.metadata, ROW_SECURITY)
