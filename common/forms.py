"""What forms share: native pickers, the helper of a DSFR form, a section with a line of help."""

from datetime import date, datetime, time
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Submit
from django import forms
from django.conf import settings
from django.forms.widgets import DateTimeBaseInput


class _NativePicker(DateTimeBaseInput):
    """A picker of the browser; it speaks ISO whatever the language of the page.

    A value that is not ISO (typed where the browser has no picker) is shown back in a plain text
    field, because a native picker would hide it: nothing typed is lost.
    """

    iso_format: ClassVar[str]
    iso_type: ClassVar[type[date] | type[time]]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format=self.iso_format)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown:
            try:
                self.iso_type.fromisoformat(shown)
            except ValueError:
                context["widget"]["type"] = "text"
        return context


class DateInput(_NativePicker):
    """``<input type="date">``."""

    input_type = "date"
    iso_format = "%Y-%m-%d"
    iso_type = date


class TimeInput(_NativePicker):
    """``<input type="time">``, to the minute."""

    input_type = "time"
    iso_format = "%H:%M"
    iso_type = time


class DateTimeInput(_NativePicker):
    """``<input type="datetime-local">``, to the minute."""

    input_type = "datetime-local"
    iso_format = "%Y-%m-%dT%H:%M"
    iso_type = datetime


class TableFileField(forms.FileField):
    """A table to import; what it is, is told by its content once read."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ".ods,.xlsx,.csv"}))
        kwargs["error_messages"] = {
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide. Choisissez un fichier qui porte un tableau.",
            "max_length": "Le nom de ce fichier est trop long. Renommez-le.",
        }
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file that is too heavy, before it is read."""
        file = super().clean(data, initial)
        if file and (file.size or 0) > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            raise forms.ValidationError(
                f"Ce fichier pèse plus de {limit} Mo. Retirez-en les images et les autres feuilles, ou "
                "enregistrez-le au format CSV."
            )
        return file


class Section(Fieldset):
    """A fieldset with a heading and one line of help: ``Section("Lieu", "place", help_text="…")``."""

    def __init__(self, legend: str, *fields: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(legend, *fields, **kwargs)
        self.help_text = help_text


class DsfrFormHelper(FormHelper):
    """A POST form with its one button, in the user's words, and « Annuler » when it leads somewhere.

    ``self.helper = DsfrFormHelper("Enregistrer la séance", cancel_url=…)`` in ``Form.__init__``;
    add ``self.helper.layout = Layout(Section(…), …)`` when the form has parts.
    """

    def __init__(self, submit_label: str, cancel_url: str | None = None) -> None:
        super().__init__()
        self.form_method = "post"
        self.cancel_url = cancel_url
        self.add_input(Submit("submit", submit_label))
