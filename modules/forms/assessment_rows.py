"""The answer of one row, alone (``row_save``) or among those sent with the page (``sheet_save``)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from modules import limits
from modules.enums import AssessmentResult, Maturity


class RowForm(forms.Form):
    """Result, maturity, comment, private remark, and the revision that was read."""

    result = forms.ChoiceField(
        label="Résultat",
        choices=AssessmentResult.choices,
        error_messages={"required": "Choisissez un résultat."},
    )
    maturity = forms.TypedChoiceField(
        label="Maturité",
        choices=[("", "Non cotée"), *Maturity.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    comment = forms.CharField(
        label="Commentaire", required=False, max_length=limits.LONG_TEXT, strip=True
    )
    private_note = forms.CharField(
        label="Remarque interne", required=False, max_length=limits.LONG_TEXT, strip=True
    )
    revision = forms.IntegerField(required=False)
    reviewed = forms.BooleanField(required=False)

    def clean_comment(self) -> str:
        return _with_plain_breaks(self.cleaned_data["comment"])

    def clean_private_note(self) -> str:
        return _with_plain_breaks(self.cleaned_data["private_note"])

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return dict(self.cleaned_data)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, to be shown back when it is refused."""
        return {name: self[name].value() or "" for name in self.fields}

    @property
    def first_error(self) -> str:
        """« Commentaire : … », empty when the form is valid."""
        for name, errors in self.errors.items():
            label = self.fields[name].label if name in self.fields else ""
            return f"{label} : {errors[0]}" if label else str(errors[0])
        return ""


def _with_plain_breaks(text: str) -> str:
    """Browsers send CRLF: kept as it is, a text sent back untouched would look changed."""
    return text.replace("\r\n", "\n")


def row_forms(data: QueryDict, row_ids: Iterable[int]) -> Mapping[int, RowForm]:
    """Return a form for each row that the page sent (key: id of the row)."""
    return {pk: RowForm(data, prefix=f"row-{pk}") for pk in row_ids if f"row-{pk}-revision" in data}
