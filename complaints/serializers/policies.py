"""What the API answers of deadline policies."""

from typing import Any

from rest_framework import serializers

from sla.models import UNIT_NAMES, Policy, Term
from sla.proposals import CONDITIONS
from sla.targets import Reopening, Start, Stop, Target


class TermAnswer(serializers.Serializer[Term]):
    """One promise of a policy."""

    target = serializers.ChoiceField(Target.choices)
    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(list(UNIT_NAMES.items()))
    starts = serializers.ChoiceField(Start.choices)
    stops = serializers.ChoiceField(Stop.choices)
    statutory = serializers.BooleanField()
    extendable_to = serializers.IntegerField(allow_null=True)
    pausable_days = serializers.IntegerField(allow_null=True)
    reopening = serializers.ChoiceField(Reopening.choices)

    def to_representation(self, term: Term) -> dict[str, Any]:
        given = ("target", "amount", "unit", "starts", "stops", "extendable_to", "pausable_days", "reopening")
        return {name: getattr(term, name) for name in given} | {"statutory": term.is_statutory}


class PolicyAnswer(serializers.Serializer[Policy]):
    """A policy in force. Of several that promise one target the strictest counts; an empty list names no condition."""

    code = serializers.CharField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    from_on = serializers.DateField()
    until_on = serializers.DateField(allow_null=True)
    channels = serializers.ListField(child=serializers.CharField())
    severities = serializers.ListField(child=serializers.CharField())
    units = serializers.ListField(child=serializers.CharField())
    causes = serializers.ListField(child=serializers.CharField())
    products = serializers.ListField(child=serializers.CharField())
    referrers = serializers.ListField(child=serializers.CharField())
    only_violations = serializers.BooleanField()
    terms = TermAnswer(many=True)

    def to_representation(self, policy: Policy) -> dict[str, Any]:
        shape = TermAnswer()
        return {
            "code": policy.code,
            "number": policy.number,
            "name": policy.name,
            "source": policy.source,
            "from_on": policy.from_on.isoformat(),
            "until_on": policy.until_on.isoformat() if policy.until_on else None,
            **{name: getattr(policy, name) for name in CONDITIONS},
            "only_violations": policy.only_violations,
            "terms": [shape.to_representation(term) for term in policy.terms.all()],
        }
