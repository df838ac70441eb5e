"""The steps of a ladder in words: when, and who is told."""

from django import template

from sla import sentences
from sla.models import Rung

register = template.Library()


@register.filter
def moment(rung: Rung) -> str:
    return sentences.rung(rung.share, rung.amount, rung.unit)


@register.filter
def whom(rung: Rung) -> str:
    return sentences.whom(rung.whom)
