"""Searching files by words: indexes of three-letter pieces, where PostgreSQL has them, so that no search reads every row.

The extension `pg_trgm` comes with PostgreSQL and may be made by the owner of a database. Where it is missing or
forbidden, and in SQLite, a search gives the same answer and takes longer. The statement runs with `create_all` and in
the migrations alike.
"""

from sqlalchemy import DDL, event

from grants.models.application import Application

STATEMENT = """DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_application_title_words ON application USING gin (lower(title) gin_trgm_ops);
    CREATE INDEX ix_application_number_words ON application USING gin (lower(number) gin_trgm_ops);
    CREATE INDEX ix_organisation_name_words ON organisation USING gin (lower(name) gin_trgm_ops);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$"""

_ddl = DDL(STATEMENT).execute_if(dialect="postgresql")  # type: ignore[no-untyped-call]
event.listen(Application.__table__, "after_create", _ddl)  # its organisations' table is made before it
