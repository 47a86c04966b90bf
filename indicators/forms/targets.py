"""Forms of the catalogue and of the targets."""

from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet

from common.editing import RevisionFormMixin
from common.forms import DateInput, DsfrFormHelper, Section
from common.search import holding
from common.typography import french_spaces
from indicators import limits
from indicators.amounts import AmountError, read_amount, typed_amount
from indicators.enums import Direction, Level, Periodicity, TargetKind
from indicators.models import Indicator, Target
from indicators.models.catalogue import SEARCHED
from modules.enums import Certainty
from modules.models import Referential


class DefinitionFilterForm(forms.Form):
    """Search among the definitions."""

    show_optional = False

    q = forms.CharField(label="Mot ou code", required=False, max_length=100)
    periodicity = forms.ChoiceField(
        label="Périodicité", required=False, choices=[("", "Toutes"), *Periodicity.choices]
    )
    level = forms.ChoiceField(
        label="Niveau", required=False, choices=[("", "Tous"), *Level.choices]
    )
    certainty = forms.ChoiceField(
        label="Certitude", required=False, choices=[("", "Toutes"), *Certainty.choices]
    )
    referential = forms.ModelChoiceField(
        label="Engagements de",
        required=False,
        queryset=Referential.objects.order_by("-published_on", "pk"),
        to_field_name="slug",
        empty_label=None,
    )

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the definitions that answer; a filter that makes no sense is ignored."""
        self.is_valid()
        query = self.cleaned_data.get("q", "")
        rows = rows.filter(holding(query, *SEARCHED))
        for name in ("periodicity", "level", "certainty"):
            if self.cleaned_data.get(name):
                rows = rows.filter(**{name: self.cleaned_data[name]})
        return rows


class AmountField(forms.Field):
    """A figure typed the French way, kept in the unit of the indicator (a rate from 0 to 1)."""

    widget = forms.TextInput

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return read_amount(value or "", self.unit)
        except AmountError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return typed_amount(value, self.unit) if isinstance(value, Decimal) else value


class TargetForm(RevisionFormMixin, forms.ModelForm):
    """A dated target or alert threshold; its values go to a service."""

    class Meta:
        model = Target
        fields = ("kind", "value", "is_strict", "starts_on", "ends_on", "source", "certainty")
        widgets: ClassVar = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "source": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "ends_on": "Le dernier jour où elle vaut. Vide : elle vaut toujours.",
        }
        error_messages: ClassVar = {
            "kind": {"required": "Choisissez une cible ou un seuil d’alerte."},
            "starts_on": {"required": "Indiquez le premier jour où elle vaut."},
            "source": {"required": "Dites d’où vient cette valeur."},
        }

    def __init__(
        self, *args: Any, indicator: Indicator, is_national: bool, cancel_url: str, **kwargs: Any
    ) -> None:
        self._stored: dict[str, Any] = {}
        super().__init__(*args, **kwargs)
        unit = indicator.current_unit
        self.fields["value"] = AmountField(
            label=f"Valeur ({unit.label})",
            unit=unit,
            error_messages={"required": "Indiquez la valeur à atteindre, ou le seuil."},
        )
        self.initial["value"] = self.instance.value
        self.fields["is_strict"].label = french_spaces(
            "Cible stricte : « plus de », et non « au moins »"
            if indicator.direction == Direction.UP
            else "Cible stricte : « moins de », et non « au plus »"
        )
        self.fields["is_strict"].help_text = "La valeur elle-même ne l’atteint pas."
        self.fields["source"].max_length = limits.LONG_TEXT
        self.fields["source"].help_text = (
            "Le texte qui la fixe : titre, date, adresse."
            if is_national
            else "Par exemple : décision du comité de pilotage du 13 juillet 2022."
        )
        names = ["source", "certainty"]
        if not is_national:
            # Somebody of the préfecture decides it: there is nothing to confirm.
            del self.fields["certainty"]
            self._stored.pop("certainty", None)
            names.remove("certainty")
        submit = "Enregistrer la cible" if self.instance.pk else "Ajouter la cible"
        self.helper = DsfrFormHelper(submit, cancel_url=cancel_url)
        self.helper.layout = Layout(
            Section("Valeur", "kind", "value", "is_strict"),
            Section(
                "Dates",
                "starts_on",
                "ends_on",
                help_text="Deux cibles du même indicateur ne valent jamais le même jour.",
            ),
            Section("Source", *names),
        )
        self.helper.render_hidden_fields = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_strict") and cleaned.get("kind") == TargetKind.ALERT:
            self.add_error(
                "is_strict",
                "Un seuil d’alerte comprend toujours sa valeur : seule une cible peut être stricte.",
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the valid values for the service."""
        return {
            "certainty": Certainty.SOURCED,
            **{name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields},
        }
