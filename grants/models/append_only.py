"""Tables that are only ever added to: the database itself refuses to change or delete their rows.

SQL typed by hand is refused like any other. The statements run with `create_all` and in the migrations alike.
"""

from sqlalchemy import DDL, event

from grants.db import Base
from grants.models.application import LateAttempt, Snapshot
from grants.models.evidence import AuditEntry
from grants.models.finance import Posting
from grants.models.review import GivenReview
from grants.models.sitting import SittingEvent
from grants.models.terms import TermsText

GUARDED = (AuditEntry, Snapshot, LateAttempt, Posting, TermsText, SittingEvent, GivenReview)
TABLES = tuple(Base.metadata.tables[model.__tablename__] for model in GUARDED)

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def statements(table: str, dialect: str) -> tuple[str, ...]:
    """The SQL that makes `table` append-only on `dialect`."""
    if dialect == "sqlite":
        return tuple(
            f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON "{table}"
            BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            for verb in ("UPDATE", "DELETE")
        )
    return (
        POSTGRES_FUNCTION,
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}"
        FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON "{table}"
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    )


for _table in TABLES:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in statements(_table.name, _dialect):
            _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
            event.listen(_table, "after_create", _ddl)
