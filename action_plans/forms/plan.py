"""Choices of the calendar and of the reviews, beside the filters of the list."""

from typing import Any

from django import forms

from action_plans.selectors.timeline import GROUPINGS


class CalendarForm(forms.Form):
    """Which year, grouped how; nonsense gives the present year, by axis."""

    show_optional = False

    annee = forms.TypedChoiceField(required=False, coerce=int)
    par = forms.ChoiceField(
        required=False, choices=[("axe", "Par axe"), ("service", "Par service")]
    )

    def __init__(self, data: Any, *, years: list[int], present: int) -> None:
        self._present = present
        super().__init__(data)
        fields: Any = self.fields
        fields["annee"].choices = [(year, str(year)) for year in years]
        self.is_valid()

    @property
    def year(self) -> int:
        """The year to draw."""
        return self.cleaned_data.get("annee") or self._present

    @property
    def grouping(self) -> str:
        """A key of ``selectors.timeline.GROUPINGS``."""
        asked = self.cleaned_data.get("par")
        return asked if asked in GROUPINGS else "axe"
