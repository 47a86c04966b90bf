"""The letter that calls for deliverables. Text in templates/emails/modules."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from modules.models import Deliverable
from modules.selectors.deliverables import Recipient


def reminder_letter(
    recipient: Recipient, deliverables: Sequence[Deliverable], today: date
) -> EmailMessage:
    """Return the letter to one person about deliverables of one préfecture, at least one."""
    prefecture = deliverables[0].cycle.prefecture
    context = {
        "recipient": recipient,
        "prefecture": prefecture,
        # The address comes from the settings: a request's host must not reach a letter.
        "items": [
            {
                "deliverable": item,
                "is_late": item.due_on < today,
                "link": settings.PUBLIC_URL + reverse("modules:deliverable_detail", args=[item.pk]),
            }
            for item in deliverables
        ],
    }
    subject = render_to_string("emails/modules/deliverable_reminder_subject.txt", context).strip()
    return EmailMessage(
        subject=settings.EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=render_to_string("emails/modules/deliverable_reminder.txt", context),
        to=[recipient.email],
        reply_to=[prefecture.email] if prefecture.email else None,
    )
