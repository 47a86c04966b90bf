"""Decisions about procedure sheets. Pure: plain values in and out."""

import re
from collections.abc import Iterable
from datetime import date, timedelta


REVIEW_SOON = timedelta(days=60)
_REFERENCE = re.compile(r"^FP-(\d{1,6})$", re.IGNORECASE)


def next_reference(taken: Iterable[str]) -> str:
    """Return the reference that follows the highest one of the form « FP-… ».

    >>> next_reference(["FP-01", "FP-07", "NOTE-12"])
    'FP-08'
    """
    numbers = [int(found.group(1)) for text in taken if (found := _REFERENCE.match(text))]
    return f"FP-{max(numbers, default=0) + 1:02}"


def is_review_due(review_on: date | None, today: date) -> bool:
    """Whether the day of the review has come."""
    return review_on is not None and review_on <= today


def is_review_soon(review_on: date | None, today: date) -> bool:
    """Whether the day of the review is near, and has not come."""
    return review_on is not None and today < review_on <= today + REVIEW_SOON
