"""Large contents lie beside the rows that name them, and go with the last of them."""

from pathlib import Path

import sqlalchemy as sa
from shared.database import contents
from shared.database.engine import open_engine
from sqlalchemy.orm import Session

METADATA = sa.MetaData()
ROWS = sa.Table(
    "row",
    METADATA,
    sa.Column("key", sa.String(8), primary_key=True),
    sa.Column("content", sa.LargeBinary),
    sa.Column("digest", sa.String(64)),
)
CONTENTS = contents.contents_table("content", METADATA)


def open_session(folder: Path) -> Session:
    engine = open_engine(f"sqlite:///{folder / 'contents.db'}", connections=1)
    METADATA.create_all(engine)
    return Session(engine.execution_options(writes=True))


def test_what_two_rows_name_stays_until_neither_does(tmp_path: Path) -> None:
    with open_session(tmp_path) as session:
        digest = contents.put(session, CONTENTS, b"a notice")
        assert contents.put(session, CONTENTS, b"a notice") == digest
        for key in ("one", "other"):
            session.execute(ROWS.insert().values(key=key, digest=digest))
        for key, left in (("one", b"a notice"), ("other", None)):
            session.execute(ROWS.delete().where(ROWS.c.key == key))
            contents.drop_unused(session, CONTENTS, ROWS.c.digest, [digest, None])
            assert contents.get(session, CONTENTS, digest) == left


def test_a_content_that_is_not_what_its_digest_names_is_not_there(tmp_path: Path) -> None:
    with open_session(tmp_path) as session:
        digest = contents.put(session, CONTENTS, b"a notice")
        session.execute(CONTENTS.update().values(content=b"another"))
        assert contents.get(session, CONTENTS, digest) is None
        assert contents.get(session, CONTENTS, None) is None


def test_contents_move_in_small_steps_and_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    with open_session(tmp_path) as session:
        rows = [{"key": f"{number:03}", "content": b"%d" % number} for number in range(120)]
        session.execute(ROWS.insert(), rows)
        sizes = []

        def step(after: str, limit: int) -> str | None:
            chosen = sa.select(ROWS).where(ROWS.c.content.is_not(None), ROWS.c.key > after).order_by(ROWS.c.key)
            found = session.execute(chosen.limit(limit)).all()
            sizes.append(len(found))
            for row in found:
                digest = contents.put(session, CONTENTS, row.content)
                session.execute(ROWS.update().where(ROWS.c.key == row.key).values(content=None, digest=digest))
            return found[-1].key if found else None

        step("", 10)  # and was killed
        contents.move_all(step)
        assert sizes == [10, 50, 50, 10, 0]
        kept = session.execute(sa.select(ROWS.c.key, ROWS.c.digest)).all()
        assert all(contents.get(session, CONTENTS, digest) == b"%d" % int(key) for key, digest in kept)
