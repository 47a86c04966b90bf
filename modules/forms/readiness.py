"""Filters of the matrix."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Service
from modules.models import Module
from modules.selectors.matrix import ALL, MatrixFilter


class MatrixFilterForm(forms.Form):
    """Choose a module, a service, and whether to see only what asks for work."""

    show_optional = False

    module = forms.ChoiceField(label="Module", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    ecarts = forms.BooleanField(
        label="Seulement ce qui reste à faire (fragile, écart, manquant)", required=False
    )

    def __init__(
        self, *args: Any, modules: Sequence[Module], services: Sequence[Service], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].choices = [
            *((str(module.number), str(module)) for module in modules),
            (ALL, "Tous les modules (long, pour imprimer)"),
        ]
        self.fields["service"].choices = [
            ("", "Tous les services"),
            *((str(service.pk), str(service)) for service in services),
        ]

    def chosen(self) -> MatrixFilter:
        """Return what is asked for; a value that makes no sense is ignored."""
        self.is_valid()
        module = self.cleaned_data.get("module", "")
        service = self.cleaned_data.get("service", "")
        return MatrixFilter(
            module=module if module in {"", ALL} else int(module),
            service=int(service) if service else None,
            only_open=self.cleaned_data.get("ecarts", False),
        )
