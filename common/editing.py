"""Two people on the same form: the second is told who changed what, and chooses."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from common.form_tools import keep_to_one_line
from common.models import Revised
from common.typography import NBSP, date_in_words, time_in_words


REVISION_FIELD = "revision"


def is_stale(row: Revised) -> bool:
    """Tell whether somebody changed ``row`` since it was read; locks it until the transaction ends.

    Services call it first, inside their transaction: what the form compared may have changed since.
    """
    stored = (
        type(row)
        ._base_manager.select_for_update()
        .filter(pk=row.pk)
        .order_by("pk")  # the order of a model may join what PostgreSQL does not lock
        .values_list(REVISION_FIELD, flat=True)
        .first()
    )
    return stored != row.revision


class RevisionFormMixin(forms.BaseModelForm):
    """A ``ModelForm`` of a ``Revised`` row that refuses to overwrite a newer version in silence.

    Put it first: ``class MeetingForm(RevisionFormMixin, forms.ModelForm)``. It carries the revision
    that was read in a hidden field. When it is older than the stored one, the form is not valid: an
    error names who changed which fields, when, and their present values; what was typed stays, and
    sending the form again keeps it. Changes of fields that the form does not show are no conflict.
    Its one-line fields keep to one line (``keep_to_one_line``).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        if self.instance.pk is None:
            return
        self.fields[REVISION_FIELD] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=self.instance.revision
        )
        # Read now: cleaning the form writes what was typed into the instance.
        self._stored = {name: self._stored_value(name) for name in self._compared_names()}

    def _compared_names(self) -> list[str]:
        names = {field.name for field in self.instance._meta.concrete_fields}
        return [name for name in self.fields if name in names and name != REVISION_FIELD]

    def _stored_value(self, name: str) -> Any:
        return getattr(self.instance, self.instance._meta.get_field(name).attname)

    def clean(self) -> dict[str, Any]:
        """Add the error of a stale revision; see the class."""
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if self.instance.pk is None:
            return cleaned
        read = cleaned.get(REVISION_FIELD)
        if read != self.instance.revision:
            changed = self._changed_since(read)
            if changed:
                self.add_error(None, self._stale_message(changed))
                self._carry_present_revision()
        return cleaned

    def _changed_since(self, read: int | None) -> list[str]:
        """Return the fields of this form changed since that revision; all when it is not known."""
        base = self.instance.history.filter(revision=read).first() if read is not None else None
        return [
            name
            for name, value in self._stored.items()
            if base is None or getattr(base, self._attname(name)) != value
        ]

    def _carry_present_revision(self) -> None:
        """Make the next sending knowing: it is compared with what the error has just shown."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix(REVISION_FIELD)] = str(self.instance.revision)
        self.data = data

    def _stale_message(self, changed: list[str]) -> str:
        history = self.instance.history.order_by("-history_date", "-history_id")
        latest = history.select_related("history_user").first()
        who = str(latest.history_user) if latest and latest.history_user else "Quelqu’un"
        when = f" le {_in_words(latest.history_date)}" if latest else ""
        present = " ; ".join(
            f"{self._label(name)}{NBSP}: {self._shown(name, self._stored[name])}"
            for name in changed
        )
        return (
            f"{who} a modifié cette page{when}, pendant que vous écriviez. Valeurs actuelles{NBSP}: "
            f"{present}. Votre saisie est conservée ci-dessous : reprenez-la si nécessaire, puis "
            "enregistrez de nouveau."
        )

    def _attname(self, name: str) -> str:
        return str(self.instance._meta.get_field(name).attname)

    def _label(self, name: str) -> str:
        return str(self.fields[name].label or name).lower()

    def _shown(self, name: str, value: Any) -> str:
        field = self.instance._meta.get_field(name)
        if value in (None, ""):
            return "(vide)"
        if isinstance(field, models.ForeignKey):
            related = field.remote_field.model._base_manager.filter(pk=value).first()
            return f"«{NBSP}{related}{NBSP}»"
        if field.choices:
            value = dict(field.flatchoices).get(value, value)
        return _in_words(value)


def _in_words(value: Any) -> str:
    """Write a value of a form in a sentence."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{date_in_words(local)} à {time_in_words(local.time())}"
    if isinstance(value, date):
        return date_in_words(value)
    if isinstance(value, time):
        return time_in_words(value)
    text = str(value)
    return f"«{NBSP}{text if len(text) <= 120 else text[:119] + '…'}{NBSP}»"
