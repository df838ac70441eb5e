"""The tables of a complaint. Imports run one way: catalogue → complainant → reading → complaint → what hangs on it."""

from complaints.models.aftercare import CallBack
from complaints.models.catalogue import Cause, Product
from complaints.models.complainant import Complainant
from complaints.models.complaint import Complaint
from complaints.models.correspondence import Message, Note
from complaints.models.drafts import Draft, SavedView
from complaints.models.event import CaseEvent
from complaints.models.evidence import Evidence
from complaints.models.extension import Extension
from complaints.models.investigation import Finding, Outcome
from complaints.models.ownership import Escalation, Handover
from complaints.models.pause import Pause
from complaints.models.reading import ComplaintQuerySet

__all__ = [
    "CallBack",
    "CaseEvent",
    "Cause",
    "Complainant",
    "Complaint",
    "ComplaintQuerySet",
    "Draft",
    "Escalation",
    "Evidence",
    "Extension",
    "Finding",
    "Handover",
    "Message",
    "Note",
    "Outcome",
    "Pause",
    "Product",
    "SavedView",
]
