"""What one writes in an hour: Flask, one connection a thread, one commit a request. Durable, and nothing else.

It checks less than ours (no commitment, no strict JSON, no triggers), so the comparison is kind to it.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing

from flask import Flask, Response, jsonify, request

app = Flask(__name__)
mine = threading.local()
QUESTIONS = 9


def connection() -> sqlite3.Connection:
    """Return this thread's connection."""
    found: sqlite3.Connection | None = getattr(mine, "connection", None)
    if found is None:
        found = mine.connection = sqlite3.connect(os.environ["NAIVE_DB"], timeout=30)
        found.execute("PRAGMA synchronous=FULL")
    return found


def create() -> None:
    """Make the file; once, before the processes part."""
    columns = ", ".join(f"u{number} INTEGER" for number in range(1, QUESTIONS + 1))
    with closing(sqlite3.connect(os.environ["NAIVE_DB"])) as new:
        new.execute("PRAGMA journal_mode=WAL")
        new.execute(f"CREATE TABLE response (id TEXT PRIMARY KEY, layanan TEXT, {columns}, saran TEXT)")


create()


@app.post("/v1/jawaban")
def take() -> tuple[Response, int]:
    """Store one answer and commit."""
    body = request.get_json()
    answers = body["a"]
    if len(answers) != QUESTIONS or any(not 1 <= value <= 4 for value in answers):
        return jsonify(error="invalid"), 422
    marks = ", ".join("?" * (QUESTIONS + 3))
    store = connection()
    store.execute(
        f"INSERT OR IGNORE INTO response VALUES ({marks})",
        (body["id"], body["s"], *answers, body["saran"]),
    )
    store.commit()
    return jsonify(ok=True), 201
