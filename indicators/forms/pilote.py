"""Form of an identifier of PILOTE."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper, Section
from indicators.models import PiloteIdentifier


class PiloteIdentifierForm(RevisionFormMixin, forms.ModelForm):
    """Which identifier stands for an indicator; its values go to a service."""

    class Meta:
        model = PiloteIdentifier
        fields = ("identifier", "source", "certainty")
        widgets: ClassVar = {"source": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "identifier": "Tel que la colonne identifiant_indic le porte. Vide : le code de "
            "l’application est écrit à sa place.",
            "source": "D’où vient cet identifiant : fichier, message, date.",
            "certainty": "« Sourcé » demande le document officiel.",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Enregistrer l’identifiant", cancel_url=cancel_url)
        self.helper.layout = Layout(
            Section("Identifiant", "identifier"), Section("Source", "source", "certainty")
        )
        self.helper.render_hidden_fields = True

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}
