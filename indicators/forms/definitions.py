"""Form that corrects a definition."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms

from common.editing import RevisionFormMixin
from common.form_tools import one_line
from common.forms import DsfrFormHelper, Section
from indicators import limits
from indicators.models import Indicator
from indicators.services.corrections import CORRECTABLE


class NamesField(forms.CharField):
    """Names, one per line; kept as a list, each once."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> Any:
        names = [one_line(line) for line in str(value or "").splitlines()]
        kept = list({name.casefold(): name for name in reversed(names) if name}.values())[::-1]
        for name in kept:
            if len(name) > limits.LABEL:
                raise forms.ValidationError(
                    f"« {name[:40]}… » compte {len(name)} caractères : {limits.LABEL} au plus par nom."
                )
        return kept

    def validate(self, value: Any) -> None:
        """Nothing more: no name at all is an answer."""

    def run_validators(self, value: Any) -> None:
        """Nothing more: each name was measured."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != list(initial or ()))


class DefinitionCorrectionForm(RevisionFormMixin, forms.ModelForm):
    """Correct a definition « à confirmer », with the reason; of a sourced one, its other names."""

    synonyms = NamesField(
        label="Autres noms",
        required=False,
        help_text="Ceux sous lesquels la valeur se rencontre dans les classeurs, un par ligne.",
    )
    is_confirmed = forms.BooleanField(
        label="Changer quand même le sens ou la périodicité",
        required=False,
        help_text="Utile seulement si des mesures sont déjà connues : elles seront lues autrement.",
    )
    reason = forms.CharField(
        label="Motif de la correction",
        max_length=limits.LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui permet de corriger. Il est conservé avec ce que la définition disait avant.",
        error_messages={"required": "Dites pourquoi vous corrigez."},
    )

    class Meta:
        model = Indicator
        fields = CORRECTABLE
        widgets: ClassVar = {
            "definition": forms.Textarea(attrs={"rows": 3}),
            "counting_rule": forms.Textarea(attrs={"rows": 3}),
            "source": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "unit": "Elle ne change plus dès que des valeurs ou des cibles sont connues.",
            "decimals": "Chiffres montrés après la virgule.",
            "source": "Le document qui donne cette définition : titre, date, page, adresse.",
            "certainty": "« Sourcé » est définitif et demande le document officiel dans la source.",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decimals"].max_value = limits.DECIMALS
        if not self.instance.is_open:
            for name in CORRECTABLE[:-1]:
                self.fields[name].disabled = True
            del self.fields["is_confirmed"]
        self.helper = DsfrFormHelper("Enregistrer la correction", cancel_url=cancel_url)
        reading = ("unit", "direction", "periodicity", "decimals", "is_confirmed")
        self.helper.layout = Layout(
            Section("Ce que c’est", "label", "definition", "numerator_label", "denominator_label"),
            Section("Comment il se lit", *(name for name in reading if name in self.fields)),
            Section("Comment il se compte", "counting_rule", "source_system", "synonyms"),
            Section("D’où vient cette définition", "source", "certainty"),
            Section("Motif", "reason"),
        )
        self.helper.render_hidden_fields = True

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return {
            "values": {name: self.cleaned_data[name] for name in CORRECTABLE},
            "reason": self.cleaned_data["reason"],
            "is_confirmed": self.cleaned_data.get("is_confirmed", False),
        }
