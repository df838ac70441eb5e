"""What events tell of files, notes and clocks, beside the rows themselves: queries that find where the two differ.

Each answers row id (text), event id, reference and seq. The event is missing where nothing tells of the row, the row where
what is told of is not there. Facts that are not what a verb writes break no query: their event is found by its hash.
"""

# An `attach` tells of one file; a `register` of those that came with its draft.
FILES = """
WITH told AS (
    SELECT e.complaint_id, e.id AS event, e.seq,
        file ->> 'evidence' AS id, file ->> 'sha256' AS sha256, file ->> 'size' AS size
    FROM complaints_caseevent e
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN e.verb = 'attach' THEN jsonb_build_array(e.facts)
             WHEN jsonb_typeof(e.facts -> 'files') = 'array' THEN e.facts -> 'files' END
    ) AS file
)
SELECT r.id::text, t.event, c.reference, t.seq
FROM told t FULL JOIN (SELECT * FROM complaints_evidence WHERE complaint_id IS NOT NULL) r
    ON r.id::text = t.id AND r.complaint_id = t.complaint_id
JOIN complaints_complaint c ON c.id = coalesce(t.complaint_id, r.complaint_id)
WHERE t.event IS NULL OR r.id IS NULL OR (r.sha256, r.size::text) IS DISTINCT FROM (t.sha256, t.size)
"""

# A note's event keeps the hash of its body (events of before it did are left alone; that each note has its event is shown
# elsewhere).
NOTES = """
SELECT r.id::text, e.id, c.reference, e.seq FROM complaints_caseevent e
JOIN complaints_note r ON r.complaint_id = e.complaint_id AND r.id::text = e.facts ->> 'note'
JOIN complaints_complaint c ON c.id = e.complaint_id
WHERE e.facts ->> 'sha256' <> encode(sha256(convert_to(r.body, 'UTF8')), 'hex')
"""

# The clocks of one target run one after another: the first promise is the first clock's, and so is the first stop.
_TOLD = """
WITH told AS (
    SELECT e.complaint_id, e.id AS event, e.seq, clock ->> 'target' AS target, clock ->> 'kept' AS kept,
        CASE WHEN pg_input_is_valid(clock ->> 'due_at', 'timestamptz')
            THEN (clock ->> 'due_at')::timestamptz END AS due_at,
        CASE WHEN pg_input_is_valid(clock ->> 'stopped_at', 'timestamptz')
            THEN (clock ->> 'stopped_at')::timestamptz END AS stopped_at,
        row_number() OVER (PARTITION BY e.complaint_id, clock ->> 'target' ORDER BY e.seq, place) AS turn
    FROM complaints_caseevent e
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(e.facts -> 'clocks') = 'array' THEN e.facts -> 'clocks' END
    ) WITH ORDINALITY AS listed (clock, place)
    WHERE NOT clock ? 'from' AND (clock ? 'kept') <> {promises}
), moves AS (
    -- a promise that was moved: each move begins where the one before ended
    SELECT e.complaint_id, clock ->> 'clock' AS clock, e.seq,
        CASE WHEN pg_input_is_valid(clock ->> 'from', 'timestamptz') THEN (clock ->> 'from')::timestamptz END AS was,
        CASE WHEN pg_input_is_valid(clock ->> 'due_at', 'timestamptz') THEN (clock ->> 'due_at')::timestamptz END AS due_at
    FROM complaints_caseevent e
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(e.facts -> 'clocks') = 'array' THEN e.facts -> 'clocks' END
    ) AS clock
    WHERE clock ? 'from'
), chained AS (
    SELECT *, lag(due_at) OVER one AS before, row_number() OVER one AS turn FROM moves
    WINDOW one AS (PARTITION BY clock ORDER BY seq)
), moved AS (
    SELECT clock, (array_agg(due_at ORDER BY seq DESC))[1] AS due_at, (array_agg(was ORDER BY seq))[1] AS first_from,
        bool_or(turn > 1 AND was IS DISTINCT FROM before) AS torn
    FROM chained GROUP BY clock
), ran AS (
    SELECT *, row_number() OVER (PARTITION BY complaint_id, target ORDER BY id) AS turn FROM sla_clock
)
SELECT r.id::text, t.event, c.reference, t.seq
FROM told t FULL JOIN (SELECT * FROM ran WHERE {promises} OR stopped_at IS NOT NULL) r
    ON r.complaint_id = t.complaint_id AND r.target = t.target AND r.turn = t.turn
JOIN complaints_complaint c ON c.id = coalesce(t.complaint_id, r.complaint_id)
LEFT JOIN moved m ON m.clock = r.id::text AND {promises}
WHERE t.event IS NULL OR r.id IS NULL OR r.due_at IS DISTINCT FROM coalesce(m.due_at, t.due_at)
    OR m.first_from IS DISTINCT FROM CASE WHEN m.clock IS NOT NULL THEN t.due_at END OR m.torn
"""
PROMISES = _TOLD.format(promises="true")
STOPS = (
    _TOLD.format(promises="false")
    + "OR r.stopped_at IS DISTINCT FROM t.stopped_at OR (r.breached_at IS NULL)::text IS DISTINCT FROM t.kept"
)

# Table and query.
TOLD = (("complaints_evidence", FILES), ("complaints_note", NOTES), ("sla_clock", PROMISES), ("sla_clock", STOPS))
