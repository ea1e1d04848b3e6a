"""Row-level security at PostgreSQL: a second wall behind the filters of the queries. SQLite has nothing of the kind.

Each transaction says for whom it is (`asking`); each table says who sees which of its rows (`access`); the policies of
the database are made of that (`policies`), and hold for a role that owns nothing (`roles`).
"""
