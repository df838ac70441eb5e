"""Addresses of the queue that somebody keeps under a name of their own."""

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints.models import SavedView

MOST = 12  # a person keeps so many; more would be a menu, not tabs
LONGEST_NAME = 40
LONGEST_QUERY = 1000


def keep(name: str, query: str, *, actor: User) -> SavedView:
    """Keep `query` under `name`; the same name again takes the new address. Raises `Invalid`."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(_("Please check the marked fields."), {"name": [_("Give it a name of 40 characters at most.")]})
    if len(query) > LONGEST_QUERY or "\0" in name + query:
        raise Invalid(_("Please check the marked fields."), {"name": [_("These filters are too long to be kept.")]})
    others = SavedView.objects.filter(user=actor).exclude(name=name)
    if others.count() >= MOST:
        raise Invalid(
            _("Please check the marked fields."),
            {"name": [_("You keep %(count)s views already. Delete one first.") % {"count": MOST}]},
        )
    view, _new = SavedView.objects.update_or_create(user=actor, name=name, defaults={"query": query})
    return view


def discard(key: int, *, actor: User) -> None:
    """Forget a saved view. Raises `SavedView.DoesNotExist` for one that is not the actor's."""
    SavedView.objects.get(pk=key, user=actor).delete()
