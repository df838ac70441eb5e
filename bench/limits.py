"""The bare insert: one complaint-like row and one history row in a transaction, with nothing around it."""

import time
from dataclasses import dataclass
from statistics import median, quantiles

import psycopg2

TABLES = """
DROP TABLE IF EXISTS bare_history, bare_complaint;
CREATE TABLE bare_complaint (
    id bigserial PRIMARY KEY, reference text NOT NULL, body text NOT NULL, submitter bigint NOT NULL,
    status text NOT NULL, due_at timestamptz, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON bare_complaint (created_at);
CREATE INDEX ON bare_complaint (submitter);
CREATE INDEX ON bare_complaint (due_at, id) WHERE status = 'open';
CREATE TABLE bare_history (
    id bigserial PRIMARY KEY, complaint_id bigint NOT NULL REFERENCES bare_complaint, said text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON bare_history (complaint_id);
"""
BODY = "我的信用卡被盗刷两笔，客服让我等了两个小时也没有人回电话。" * 7


@dataclass(frozen=True, slots=True)
class Insert:
    """One client, one transaction after another, synchronous commit as the server has it."""

    median_ms: float
    p95_ms: float
    a_second: float


def bare_inserts(address: str, count: int) -> Insert:
    """Insert `count` pairs of rows and remove the tables again."""
    connection = psycopg2.connect(address)
    taken = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        connection.commit()
        began = time.perf_counter()
        for number in range(count):
            start = time.perf_counter()
            cursor.execute(
                "INSERT INTO bare_complaint (reference, body, submitter, status, due_at)"
                " VALUES (%s, %s, %s, 'open', now() + interval '1 day') RETURNING id",
                [f"TS-{number:06d}", BODY, number % 997],
            )
            (key,) = cursor.fetchone() or (None,)
            cursor.execute("INSERT INTO bare_history (complaint_id, said) VALUES (%s, 'registered')", [key])
            connection.commit()
            taken.append((time.perf_counter() - start) * 1000)
        spent = time.perf_counter() - began
        cursor.execute("DROP TABLE bare_history, bare_complaint")
        connection.commit()
    connection.close()
    return Insert(median(taken), quantiles(taken, n=20)[-1], count / spent)
