"""How states are told apart on sight: tone and icon, always beside the word. No queries here."""

# Tone and icon; the tone follows who must act (ink: the house, amber: a decision, none: nobody).
STATUS_LOOKS = {
    "registered": ("", "inbox"),
    "responded": ("", "message-2"),
    "investigating": ("ink", "progress"),
    "reopened": ("ink", "rotate"),
    "resolved": ("green", "circle-check"),
    "closed": ("", "archive"),
    "withdrawn": ("", "arrow-back-up"),
}
SEVERITY_LOOKS = {"ordinary": ("", "flag"), "larger": ("amber open", "flag-2"), "major": ("red open", "flag-3")}
CLOCK_LOOKS = {
    "running": ("", ""),
    "soon": ("amber", "hourglass-high"),
    "overdue": ("red", "alarm"),
    "extended": ("", "calendar-plus"),
    "paused": ("violet", "player-pause"),
    "provisional": ("", ""),
    "kept": ("green", "circle-check"),
    "late": ("red", "alert-circle"),
}
