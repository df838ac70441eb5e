"""What the sign-in page says about failed tries, counted by django-axes for the pair of user name and address."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_failure_limit
from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def attempts_left(context: template.Context) -> int:
    """How many more wrong passwords this account bears from this address, one at the least; one query."""
    request = context["request"]
    credentials = {"username": request.POST.get("login", "")}
    failures: int = AxesProxyHandler.get_failures(request, credentials)
    limit: int = get_failure_limit(request, credentials)
    return max(1, limit - failures)
