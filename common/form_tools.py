"""Between a form and a service: what the service refuses becomes errors of the form."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


T = TypeVar("T")


def attempt(form: forms.BaseForm, write: Callable[[], T]) -> T | None:
    """Call a service; return its object, or ``None`` when it refused (see ``report``)."""
    try:
        return write()
    except ValidationError as error:
        report(form, error)
        return None


def report(form: forms.BaseForm, error: ValidationError) -> None:
    """Add the messages of ``error`` to the form: beside their field when the form shows it."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: [error]}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)
