"""Around a form: what a service refuses becomes its errors; one line stays one line."""

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

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


def one_line(text: str) -> str:
    """Return the text on one line, without the characters that nobody sees.

    Zero-width characters would make a title that is not empty and shows nothing; direction marks
    would turn what follows around.
    """
    visible = (char for char in text if unicodedata.category(char) != "Cf")
    return " ".join("".join(visible).split())


def keep_to_one_line(fields: dict[str, forms.Field]) -> None:
    """Make the one-line fields of a form read what was typed with ``one_line``, before any check."""
    for field in fields.values():
        if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
            field.to_python = _on_one_line(field.to_python)  # type: ignore[method-assign, assignment]


def _on_one_line(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(one_line(value) if isinstance(value, str) else value)
