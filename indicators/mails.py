"""The letter that calls for figures. Text in templates/emails/indicators."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from indicators.models import EntryReminder
from indicators.reading.periods import Period
from indicators.selectors.entry import Slot


def entry_reminder(
    reminder: EntryReminder, period: Period, slots: Sequence[Slot], to: list[str]
) -> EmailMessage:
    """Return the letter about the figures that are missing, at least one."""
    prefecture = reminder.prefecture
    context = {
        "prefecture": prefecture,
        "service": reminder.service,
        "period": period,
        "slots": slots,
        # The address comes from the settings: a request's host must not reach a letter.
        "link": settings.PUBLIC_URL + reverse("indicators:entry_grid", args=[period.code]),
    }
    subject = render_to_string("emails/indicators/entry_reminder_subject.txt", context)
    return EmailMessage(
        subject=settings.EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=render_to_string("emails/indicators/entry_reminder.txt", context),
        to=to,
        reply_to=[prefecture.email] if prefecture.email else None,
    )
