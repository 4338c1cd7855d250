"""The floor: what the same stack does with nothing in it. A bare Flask application served beside Palabre.

Served with the address of its database in BENCH_FLOOR_URL: `gunicorn tests.bench.floor:app`.
"""

import os

import psycopg
from flask import Flask, render_template
from jinja2 import DictLoader

ROWS = 10_000
SHOWN = 50

TABLES = """
CREATE TABLE floor_call (id bigint PRIMARY KEY);
CREATE TABLE floor_file (
  id bigserial PRIMARY KEY, call_id bigint NOT NULL, number text NOT NULL, title text NOT NULL, holder text NOT NULL,
  state text NOT NULL, amount bigint NOT NULL, submitted_at timestamptz NOT NULL
);
INSERT INTO floor_file (call_id, number, title, holder, state, amount, submitted_at)
  SELECT 1, '2027-' || lpad(n::text, 5, '0'), 'Eau potable et jardins partagés, tranche ' || n, 'Organisation ' || n,
         'submitted', 1000000 + n, now() - n * interval '1 minute'
  FROM generate_series(1, %(rows)s) AS n;
CREATE INDEX ON floor_file (call_id, id);
CREATE TABLE floor_insert (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), what text NOT NULL);
"""

PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Dossiers</title></head><body><h1>Dossiers</h1>
<table><thead><tr><th>Numéro</th><th>Projet</th><th>Organisation</th><th>État</th><th>Demande</th><th>Déposé</th></tr></thead>
<tbody>
{% for row in rows %}<tr><td><a href="/dossiers/{{ row[0] }}">{{ row[0] }}</a></td><td>{{ row[1] }}</td><td>{{ row[2] }}</td>
<td>{{ row[3] }}</td><td class="num">{{ row[4] }}</td><td>{{ row[5] }}</td></tr>
{% endfor %}</tbody></table></body></html>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"list50.html": PAGE})  # type: ignore[misc]  # Flask's own name for it


class _Line:
    """The one connection of this process, opened at its first request, as a pool would keep it."""

    connection: psycopg.Connection | None = None


def fill(address: str) -> None:
    """Make the tables of the floor in the database at `address` (a psycopg address)."""
    with psycopg.connect(address, autocommit=True) as line:
        for statement in TABLES.replace("%(rows)s", str(ROWS)).split(";"):
            if statement.strip():
                line.execute(statement)
        line.execute("ANALYZE")


def _line() -> psycopg.Connection:
    if _Line.connection is None:
        _Line.connection = psycopg.connect(os.environ["BENCH_FLOOR_URL"], autocommit=True)
    return _Line.connection


@app.get("/hello")
def hello() -> str:
    """Plain text."""
    return "bonjour"


@app.get("/list50")
def list50() -> str:
    """One indexed query, one template, ten kilobytes."""
    rows = _line().execute(
        "SELECT number, title, holder, state, amount, submitted_at FROM floor_file WHERE call_id = %s ORDER BY id LIMIT %s",
        (1, SHOWN),
    )
    return render_template("list50.html", rows=rows.fetchall())


@app.post("/insert")
def insert() -> tuple[str, int]:
    """One row, committed."""
    with _line().transaction():
        _line().execute("INSERT INTO floor_insert (what) VALUES (%s)", ("une ligne",))
    return "", 204
