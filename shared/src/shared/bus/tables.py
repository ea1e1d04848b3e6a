"""The tables that every service's database has: what goes out, what has come in, what could not be read or done.

Core tables with metadata of their own: several services may be imported by one process (a test), each with its tables.
"""

import sqlalchemy as sa

from shared.database.types import UtcDateTime

metadata = sa.MetaData()

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(36), nullable=False, unique=True),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("ordering_key", sa.String(64), nullable=False),
    sa.Column("payload", sa.LargeBinary),  # empty in rows of before, which now go wholly after the retention time
    sa.Column("emitted_at", UtcDateTime, nullable=False),
    sa.Column("published_at", UtcDateTime),
    sa.Column("sequence", sa.BigInteger),  # where the stream keeps it, as the broker acknowledged
    sa.Column("driven", sa.Integer, nullable=False, server_default="0"),  # how often it was driven again
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # that the broker did not take
    sa.Column("next_try_at", UtcDateTime),
    sa.Column("failure", sa.String(120)),  # the last one's kind, which says nothing of a person
    sa.Column("epoch", sa.BigInteger, nullable=False, server_default="1"),  # of the database when it was told
    sa.Column("traceparent", sa.String(55)),  # of the span in which it was written; none without tracing
    sa.Index(
        "outbox_waiting",
        "position",
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    ),
    sa.Index(
        "outbox_failed",
        "ordering_key",
        "position",
        sqlite_where=sa.text("published_at IS NULL AND attempts > 0"),
        postgresql_where=sa.text("published_at IS NULL AND attempts > 0"),
    ),
    sa.Index("outbox_emitted_at", "emitted_at"),
    sa.Index("outbox_published_at", "published_at"),
    sa.Index("outbox_sequence", "sequence"),
    sa.Index("outbox_ordering_key", "ordering_key"),
    sqlite_autoincrement=True,
)

stream_state = sa.Table(
    "stream_state",
    metadata,
    sa.Column("stream", sa.String(40), primary_key=True),
    sa.Column("created_at", sa.String(40), nullable=False),  # as the broker writes it: only compared
    sa.Column("last_sequence", sa.BigInteger, nullable=False),
    sa.Column("holes", sa.BigInteger, nullable=False, server_default="0"),
)
"""What a sender has seen of the streams that keep its events. A stream that is another one, or has become shorter, has
lost some."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("message_id", sa.String(120), primary_key=True),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("sender", sa.String(20)),
    sa.Column("epoch", sa.BigInteger),
    sa.Column("position", sa.BigInteger),
    sa.Index("inbox_received_at", "received_at"),
    sa.Index(
        "inbox_place",
        "sender",
        "epoch",
        "position",
        sqlite_where=sa.text("sender IS NOT NULL"),
        postgresql_where=sa.text("sender IS NOT NULL"),
    ),
)
"""With the place of each event in its sender's outbox: who uses a place twice has gone back (`shared.bus.epochs`)."""

database_state = sa.Table(
    "database_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # one row, 1; none: as it was first made
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("is_behind", sa.Boolean, nullable=False),  # put back, and not yet caught up with what others know
    sa.Column("raised_at", UtcDateTime, nullable=False),
)
"""Which state of this database it is: the epoch rises whenever an older copy is put in its place."""

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # one row, 1; none: nobody has said so yet
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("bound_at", UtcDateTime, nullable=False),
)
"""Whose database this is, and every copy of it (`shared.database.installation`)."""

sender_state = sa.Table(
    "sender_state",
    metadata,
    sa.Column("sender", sa.String(20), primary_key=True),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("refused_at", UtcDateTime),
)
"""The highest epoch that was heard of each sender, and since when nothing more of it is taken."""

dead_letter = sa.Table(
    "dead_letter",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("stream", sa.String(40), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("stored_at", UtcDateTime),  # when the stream took it: a stream made anew counts from 1 again
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("message_id", sa.String(120)),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("content", sa.LargeBinary),  # for as long as the stream keeps it too; shown to nobody
    sa.UniqueConstraint("stream", "sequence", "stored_at", name="dead_letter_place"),
    sa.Index(
        "dead_letter_open",
        "id",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
)
"""Where the message lies and why it was put aside. What it says may hold personal data: it is kept to be handled after
all (`dead-letters redrive`), is told to nobody, and is emptied with its closing, after 14 days at the latest.
"""

failed_work = sa.Table(
    "failed_work",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("worker", sa.String(40), nullable=False),
    sa.Column("row_key", sa.String(64), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.String(120), nullable=False),
    sa.Column("first_failed_at", UtcDateTime, nullable=False),
    sa.Column("failed_at", UtcDateTime, nullable=False),
    sa.Column("next_try_at", UtcDateTime),  # empty: put aside
    sa.UniqueConstraint("worker", "row_key"),
)
"""Rows of work lists that failed: which, how often, and the last error's kind, which says nothing of a person."""

erased_application = sa.Table(
    "erased_application",
    metadata,
    sa.Column("application_id", sa.String(36), primary_key=True),
    sa.Column("authority_id", sa.String(32), nullable=False),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)
"""Applications whose families were erased. The id was drawn at random and says nothing of anybody; it is kept so that
an event that comes late does not write the family's data once more."""

erasure_due = sa.Table(
    "erasure_due",
    metadata,
    sa.Column("application_id", sa.String(36), primary_key=True),
    sa.Column("authority_id", sa.String(32), nullable=False),
    sa.Column("erased_at", UtcDateTime, nullable=False),
)
"""Applications that were erased and are here once more, as an older copy of this database was put back: they go when
the service starts."""

application_trace = sa.Table(
    "application_trace",
    metadata,
    sa.Column("application_id", sa.String(36), primary_key=True),
    sa.Column("traceparent", sa.String(55), nullable=False),
    sa.Column("noted_at", UtcDateTime, nullable=False),
    sa.Index("application_trace_noted_at", "noted_at"),
)
"""Within which span an application was last heard of, for an hour and only while tracing is on: what a worker does for
it then belongs there (`shared.bus.traces`)."""

probe = sa.Table(
    "probe",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("written_at", UtcDateTime, nullable=False),
)
"""One row, written where nothing else was for some seconds: whether the database takes a write is seen by a write."""

worker_turn = sa.Table(
    "worker_turn",
    metadata,
    sa.Column("worker", sa.String(40), primary_key=True),
    sa.Column("holder", sa.Uuid, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
)
"""Of a process with several copies: whose turn a worker's work is, until when, and when a round of it last began, by
the database's clock."""

shared_limit = sa.Table(
    "shared_limit",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("client", sa.String(64), primary_key=True),
    sa.Column("left_over", sa.Float, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)
"""Of who has asked lately: what is left in the bucket that all copies share. `client` is a digest; it goes as soon as
the bucket is full again, after a day at most."""
