"""What a list shows, as words ready to print.

A clock becomes a `ClockFace` (templates/components/deadline.html shows one), a complaint a `Row`. `rows_of` adds
the same few queries to a page of any size: the running clocks, the names, and where asked for what each was last urged by.
"""

from complaints.rows.clocks import ClockFace, Running, clock_face, face_of, running_clocks
from complaints.rows.listed import Row, last_urged, row_of, rows_of, urged_words

__all__ = [
    "ClockFace",
    "Row",
    "Running",
    "clock_face",
    "face_of",
    "last_urged",
    "row_of",
    "rows_of",
    "running_clocks",
    "urged_words",
]
