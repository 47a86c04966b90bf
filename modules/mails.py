"""Letters about the auto-diagnostic, to correspondants. Texts in templates/emails/modules."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from modules.models import AssessmentSheet
from modules.rules.assessments import Progress


def sheet_reminder(sheet: AssessmentSheet, to: list[str], today: date) -> EmailMessage:
    """Return the reminder of a grid still owed: how far it is, when it is or was due."""
    results = sheet.rows.order_by("pk").values_list("result", flat=True)
    return _letter(
        sheet,
        to,
        "emails/modules/assessment_reminder_subject.txt",
        "emails/modules/assessment_reminder.txt",
        {"progress": Progress.of(results), "is_late": sheet.due_on < today},
    )


def sheet_sent_back(sheet: AssessmentSheet, to: list[str]) -> EmailMessage:
    """Return the letter that sends a grid back, with the reason."""
    return _letter(
        sheet,
        to,
        "emails/modules/assessment_sent_back_subject.txt",
        "emails/modules/assessment_sent_back.txt",
        {},
    )


def _letter(
    sheet: AssessmentSheet,
    to: list[str],
    subject_name: str,
    body_name: str,
    context: dict[str, object],
) -> EmailMessage:
    prefecture = sheet.assessment.cycle.prefecture
    context = {
        **context,
        "sheet": sheet,
        "assessment": sheet.assessment,
        "prefecture": prefecture,
        # The address comes from the settings: a request's host must not reach a letter.
        "link": settings.PUBLIC_URL + reverse("modules:sheet_detail", args=[sheet.pk]),
    }
    subject = " ".join(render_to_string(subject_name, context).split())
    return EmailMessage(
        subject=settings.EMAIL_SUBJECT_PREFIX + subject,
        body=render_to_string(body_name, context),
        to=to,
        reply_to=[prefecture.email] if prefecture.email else None,
    )
