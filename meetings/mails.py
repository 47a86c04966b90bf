"""The one letter of the app: the minutes to a member. Texts in templates/emails/meetings."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from meetings.models import Delivery
from meetings.selectors.documents import title_of_minutes


# Relays of the administration refuse heavy messages: beyond this the letter bears the link alone.
MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024


def minutes_letter(delivery: Delivery) -> EmailMultiAlternatives:
    """Return the letter to one member, text and HTML, with the PDF unless it is too heavy."""
    meeting = delivery.minutes.meeting
    prefecture = meeting.committee.prefecture
    document = delivery.document
    attached = document.size <= MAX_ATTACHMENT_BYTES
    context = {
        "delivery": delivery,
        "minutes": delivery.minutes,
        "meeting": meeting,
        "prefecture": prefecture,
        "title": title_of_minutes(meeting),
        "is_attached": attached,
        # The address comes from the settings: a request's host must not reach a letter.
        "link": settings.PUBLIC_URL + reverse("meetings:delivery_receive", args=[delivery.token]),
    }
    letter = EmailMultiAlternatives(
        subject=settings.EMAIL_SUBJECT_PREFIX + _subject(delivery),
        body=render_to_string("emails/meetings/minutes.txt", context),
        to=[delivery.email],
        reply_to=[prefecture.email] if prefecture.email else None,
    )
    letter.attach_alternative(
        render_to_string("emails/meetings/minutes.html", context), "text/html"
    )
    if attached:
        with document.file.open("rb") as file:
            letter.attach(document.file_name, file.read(), "application/pdf")
    return letter


def _subject(delivery: Delivery) -> str:
    """« Compte rendu du CLU du 12 mai 2022 », « … (version 2) »; one line, ordinary spaces."""
    title = title_of_minutes(delivery.minutes.meeting)
    version = delivery.minutes.version
    subject = f"{title} (version {version})" if version > 1 else title
    return " ".join(subject.split())
