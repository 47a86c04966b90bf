"""Why a validated figure is reopened."""

from typing import Any

from django import forms

from common.forms import DsfrFormHelper


class ReopenForm(forms.Form):
    """The reason, kept with what the figure was."""

    reason = forms.CharField(
        label="Pourquoi la rouvrir",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : le standard a corrigé ses chiffres de décembre.",
        error_messages={"required": "Dites pourquoi cette mesure est rouverte."},
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Rouvrir la mesure", cancel_url=cancel_url)
