"""The figure of one row, alone (``row_save``) or among those sent with the page (``entry_save``)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from indicators import limits
from indicators.enums import MeasureStatus, Unit
from indicators.forms.targets import AmountField
from indicators.selectors.entry import FIELDS, GridRow, Slot, fingerprint
from indicators.services.entry import Typed


_NO_FIGURE = {MeasureStatus.NOT_MEASURED, MeasureStatus.NOT_APPLICABLE}


class RowForm(forms.Form):
    """Numbers, status, comment, reason of a doubtful figure, and the revision that was read."""

    # Nothing is chosen as long as nothing is entered; a number then says « mesuré ».
    status = forms.ChoiceField(label="Mesure", choices=MeasureStatus.choices, required=False)
    comment = forms.CharField(
        label="Commentaire", required=False, max_length=limits.LONG_TEXT, strip=True
    )
    doubt = forms.CharField(
        label="Pourquoi cette valeur est juste", required=False, max_length=300, strip=True
    )
    revision = forms.IntegerField(required=False, min_value=0)

    def __init__(self, *args: Any, slot: Slot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slot = slot
        indicator = slot.indicator
        labels = {
            "numerator": indicator.numerator_label or "Numérateur",
            "denominator": indicator.denominator_label or "Dénominateur",
        }
        for name, label in labels.items():
            self.fields[name] = AmountField(label=label, unit=Unit.COUNT, required=False)
        self.fields["value"] = AmountField(label="Valeur", unit=indicator.unit, required=False)

    def clean_comment(self) -> str:
        # Browsers send CRLF: kept as it is, a text sent back untouched would look changed.
        return str(self.cleaned_data["comment"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Numbers say nothing once « non mesuré » or « sans objet » is chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("status") in _NO_FIGURE:
            for name in ("numerator", "denominator", "value"):
                cleaned[name] = None
                self.errors.pop(name, None)
        return cleaned

    def typed(self) -> Typed:
        """Return the valid values for the service."""
        given = self.cleaned_data
        return Typed(
            revision=given["revision"] or 0,
            status=MeasureStatus(given["status"] or MeasureStatus.MEASURED),
            value=given["value"],
            numerator=given["numerator"],
            denominator=given["denominator"],
            comment=given["comment"],
            doubt=given["doubt"],
        )

    @property
    def as_typed(self) -> dict[str, str]:
        """What was typed, to be shown back when it is refused."""
        return {name: str(self.data.get(self.add_prefix(name), "")) for name in FIELDS}

    @property
    def first_error(self) -> str:
        """« Appels reçus : … », empty when the form is valid."""
        for name, errors in self.errors.items():
            label = self.fields[name].label if name in self.fields else ""
            return f"{label} : {errors[0]}" if label else str(errors[0])
        return ""


def row_forms(data: QueryDict, rows: Iterable[GridRow]) -> Mapping[str, RowForm]:
    """Return a form for each row of the page that was really touched (key: that of its slot).

    The page says what it showed (``read``): a row sent back as it was is left alone, whatever
    somebody else wrote meanwhile.
    """
    found = {}
    for row in rows:
        prefix = f"row-{row.slot.key}"
        if f"{prefix}-revision" not in data:
            continue
        form = RowForm(data, prefix=prefix, slot=row.slot)
        if fingerprint(form.as_typed) != data.get(f"{prefix}-read"):
            found[row.slot.key] = form
    return found
