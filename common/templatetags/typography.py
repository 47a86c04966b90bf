"""French typography in templates."""

from datetime import date, datetime, time

from django import template
from django.utils import timezone

from common import typography


register = template.Library()


@register.filter(is_safe=True)
def typo(text: object) -> str:
    """Put non-breaking spaces where French wants them (HTML escaping is untouched)."""
    return typography.french_spaces(str(text))


@register.filter
def words(value: date | time | datetime | None) -> str:
    """Write a date or a time in prose: « 13 juillet 2022 », « 14 h 30 », « … à 14 h 30 »."""
    if value in (None, ""):
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{typography.date_in_words(local)} à {typography.time_in_words(local.time())}"
    if isinstance(value, time):
        return typography.time_in_words(value)
    return typography.date_in_words(value)
