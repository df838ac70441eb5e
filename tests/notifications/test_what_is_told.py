"""The index of what is to be told, and the deeds that are told of, are one list written twice."""

from complaints.models import CaseEvent
from notifications.delivery import TOLD


def test_the_index_of_what_is_to_be_told_covers_every_deed_that_is() -> None:
    (index,) = [index for index in CaseEvent._meta.indexes if index.name == "event_to_tell"]
    ((_lookup, verbs),) = index.condition.children  # type: ignore[union-attr]
    assert len(verbs) == len(set(verbs))
    assert set(verbs) == {verb.value for verb in TOLD}
