"""The weekly letter to the owners of actions. Texts in templates/emails/action_plans."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import Prefecture
from action_plans.follow_up_links import LIFE, Owner
from action_plans.rules.follow_up import Owed


def digest_letter(
    *, owner: Owner, prefecture: Prefecture, items: Sequence[Owed], today: date
) -> EmailMultiAlternatives:
    """Return the letter to one person about their open actions of one préfecture, at least one."""
    lines = [
        {"item": item, "is_late": item.is_late(today), "days_late": item.days_late(today)}
        for item in items
    ]
    context = {
        "owner": owner,
        "prefecture": prefecture,
        "lines": lines,
        "late_count": sum(1 for line in lines if line["is_late"]),
        "days": LIFE.days,
    }
    subject = render_to_string("emails/action_plans/digest_subject.txt", context)
    letter = EmailMultiAlternatives(
        subject=settings.EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=render_to_string("emails/action_plans/digest.txt", context),
        to=[owner.email],
        reply_to=[prefecture.email] if prefecture.email else None,
    )
    letter.attach_alternative(
        render_to_string("emails/action_plans/digest.html", context), "text/html"
    )
    return letter
