"""How many calls a token has: a rate that may be saved up for a minute, and is spent call by call.

The rate is kept in PostgreSQL, so that every web process counts in the same place and a restart or an empty broker frees
nobody. The table is unlogged: a call waits for no disk, and only a crash of the database gives everybody a fresh minute.
"""

from math import ceil

from django.conf import settings
from django.db import connection

from accounts.models import ApiToken

MINUTE = 60.0

# Each call runs one step ahead of the clock, and nobody may run ahead by more than a minute. The row is read as it was before.
SPEND = """
WITH this AS (
    SELECT clock_timestamp() AS call, make_interval(secs => %(step)s) AS step, make_interval(secs => %(room)s) AS room
),
spent AS (
    INSERT INTO accounts_apiuse AS used (token_id, ahead_until) SELECT %(token)s, call + step FROM this
    ON CONFLICT (token_id) DO UPDATE
        SET ahead_until = (SELECT greatest(used.ahead_until, call) + step FROM this)
        WHERE used.ahead_until <= (SELECT call + room FROM this)
    RETURNING 1
)
SELECT EXISTS (SELECT FROM spent), extract(epoch FROM used.ahead_until - this.call - this.room)::float8
FROM this LEFT JOIN accounts_apiuse used ON used.token_id = %(token)s
"""


def spend(token: ApiToken) -> int:
    """Count one call of `token`: 0 when it may be made, else the seconds to wait, at least 1. One query."""
    if not settings.API_CALLS_A_MINUTE:
        return 0
    step = MINUTE / settings.API_CALLS_A_MINUTE
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"token": token.pk, "step": step, "room": MINUTE - step})
        is_spent, wait = cursor.fetchone() or (True, None)
    return 0 if is_spent else max(1, ceil(wait or 0))
