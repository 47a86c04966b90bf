"""Forms of origins and measures: what is searched, typed by hand, measured."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.access import Scope
from action_plans import limits
from action_plans.enums import MeasureUnit
from action_plans.forms.parts import action_url
from action_plans.models import Action, SuccessMeasure
from action_plans.registry import MeasureFact, measure_sources, origin_sources
from action_plans.rules.effects import value_in_words
from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper, Section
from modules.forms.groups import RowForm


# The greatest value of a measure on its scale, where it has one.
_SCALES = {MeasureUnit.PERCENT: Decimal(100), MeasureUnit.MARK10: Decimal(10)}
_FIXED = ("label", "unit", "direction")


def typed_value(value: Decimal | None, unit: str) -> Decimal | None:
    """Return a stored value as people type it: a rate in percent, no zeros to no purpose."""
    if value is None:
        return None
    shown = value * 100 if unit == MeasureUnit.PERCENT else value
    whole = shown.to_integral_value()
    return whole if shown == whole else shown.normalize()


def stored_value(value: Decimal, unit: str) -> Decimal:
    """Return a typed value as it is kept; ``ValidationError`` out of the scale of its unit."""
    most = _SCALES.get(MeasureUnit(unit))
    if most is not None and not 0 <= value <= most:
        raise ValidationError(f"Cette valeur doit être comprise entre 0 et {most}.")
    return value / 100 if unit == MeasureUnit.PERCENT else value


class _SearchForm(forms.Form):
    """Where to look, and for what."""

    show_optional = False

    nature = forms.ChoiceField(label="Où chercher", required=False)
    q = forms.CharField(label="Mots cherchés", required=False, max_length=120)

    def __init__(self, *args: Any, sources: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources = {source.code: source for source in sources}
        nature: Any = self.fields["nature"]
        nature.choices = [(source.code, source.label) for source in sources]

    def results(self, scope: Scope, limit: int = 20) -> tuple[Any, list[Any]]:
        """Return the source asked (the first by default) and what it finds."""
        self.is_valid()
        asked = self._sources.get(self.cleaned_data.get("nature", ""))
        source = asked or next(iter(self._sources.values()), None)
        if source is None:
            return None, []
        return source, source.search(scope, self.cleaned_data.get("q", "").strip(), limit)


class OriginSearchForm(_SearchForm):
    """Search what can give rise to an action."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, sources=origin_sources(scope), **kwargs)


class MeasureSearchForm(_SearchForm):
    """Search what can measure an effect."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, sources=measure_sources(scope), **kwargs)


class TypedOriginForm(forms.Form):
    """An origin that the application does not hold."""

    label = forms.CharField(
        label="D’où vient l’action",
        max_length=300,
        help_text="Par exemple : courrier de l’association des maires du 3 mars 2022",
        error_messages={"required": "Dites d’où vient l’action."},
    )
    detail = forms.CharField(label="Précision", max_length=300, required=False)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self.helper = DsfrFormHelper(
            "Ajouter cette origine", cancel_url=action_url(action, "origines")
        )


class MeasureForm(RowForm):
    """How one will know that the action worked. What a source measures keeps the source's words."""

    class Meta:
        model = SuccessMeasure
        fields = (
            "label",
            "unit",
            "direction",
            "baseline",
            "baseline_on",
            "baseline_size",
            "baseline_source",
            "target",
            "measure_on",
        )
        localized_fields = ("baseline", "target")
        widgets: ClassVar = {"baseline_on": DateInput, "measure_on": DateInput}
        labels: ClassVar = {
            "label": "Ce qui est mesuré",
            "direction": "Ce qui serait mieux",
            "baseline": "Valeur avant l’action",
            "baseline_on": "De quand date-t-elle",
            "baseline_size": "Nombre de réponses",
            "baseline_source": "D’où vient-elle",
            "target": "Valeur visée",
            "measure_on": "À mesurer de nouveau le",
        }
        help_texts: ClassVar = {
            "label": "Par exemple : usagers satisfaits du délai d’obtention d’un rendez-vous",
            "baseline": "Un taux s’écrit en pour cent : 52 ou 52,5.",
            "baseline_source": "Par exemple : enquête de satisfaction de décembre 2021",
        }
        error_messages: ClassVar = {"label": {"required": "Dites ce qui est mesuré."}}

    def __init__(self, *args: Any, fact: MeasureFact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.instance
        self._unit = fact.unit if fact else measure.unit if not measure.is_typed else ""
        for name in ("baseline", "target"):
            self.initial[name] = typed_value(getattr(measure, name), measure.unit)
        if self._unit:
            for name in _FIXED:
                del self.fields[name]
        if fact is not None and fact.latest is not None:
            point = fact.latest
            before = {
                "baseline": typed_value(point.value, fact.unit),
                "baseline_on": point.measured_on,
                "baseline_size": point.size,
                "baseline_source": point.source_note,
            }
            self.initial.update(before)
        self.lay_out(
            "Enregistrer la mesure" if measure.pk else "Ajouter la mesure",
            action_url(measure.action, "mesures"),
            *self._parts(),
        )

    def _parts(self) -> list[Section]:
        before = Section(
            "Avant l’action",
            "baseline",
            "baseline_on",
            "baseline_size",
            "baseline_source",
            help_text="Sans valeur de départ, on ne pourra pas dire ce que l’action a changé.",
        )
        after = Section("Après", "target", "measure_on")
        fixed = [name for name in _FIXED if name in self.fields]
        return [Section("Mesure", *fixed), before, after] if fixed else [before, after]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        unit = self._unit or cleaned.get("unit")
        for name in ("baseline", "target"):
            if unit and cleaned.get(name) is not None:
                try:
                    cleaned[name] = stored_value(cleaned[name], unit)
                except ValidationError as refusal:
                    self.add_error(name, refusal)
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the valid values of the fields shown, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}

    def _shown(self, name: str, value: Any) -> str:
        if name in {"baseline", "target"} and value is not None:
            return value_in_words(value, MeasureUnit(self.instance.unit))
        return super()._shown(name, value)


class ValueForm(forms.Form):
    """A value after the action, typed with where it comes from."""

    value = forms.DecimalField(
        label="Valeur",
        max_digits=18,
        decimal_places=6,
        localize=True,
        error_messages={"required": "Indiquez la valeur.", "invalid": "Écrivez un nombre."},
    )
    measured_on = forms.DateField(
        label="Mesurée le",
        widget=DateInput,
        error_messages={"required": "Dites de quand date cette valeur."},
    )
    size = forms.IntegerField(
        label="Nombre de réponses",
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        help_text="Sans lui, aucun progrès ne peut être dit établi.",
    )
    source_note = forms.CharField(
        label="D’où vient-elle",
        max_length=limits.SOURCE,
        help_text="Par exemple : enquête de satisfaction de novembre 2022",
        error_messages={"required": "Dites d’où vient cette valeur."},
    )

    def __init__(self, *args: Any, measure: SuccessMeasure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self._unit = MeasureUnit(measure.unit)
        if self._unit == MeasureUnit.PERCENT:
            self.fields["value"].help_text = "En pour cent : 63 ou 63,5."
        else:
            del self.fields["size"]
            self.fields["value"].help_text = f"Unité : {self._unit.label}."
        self.helper = DsfrFormHelper(
            "Enregistrer la valeur", cancel_url=action_url(measure.action, "mesures")
        )

    def clean_value(self) -> Decimal:
        return stored_value(self.cleaned_data["value"], self._unit)
