"""Filters of the pieces of evidence."""

from django import template
from django.utils import timezone

from modules.enums import EvidenceState
from modules.models import Evidence


register = template.Library()


@register.filter
def state_now(piece: Evidence) -> EvidenceState:
    """Return the state of a piece today, for its badge."""
    return piece.state_on(timezone.localdate())
