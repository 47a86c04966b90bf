"""Forms of the comparison of démarches and of the adoption of a référentiel."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from common.form_tools import keep_to_one_line
from common.forms import DateInput, DsfrFormHelper
from modules.models import LabelCycle, Referential
from modules.models.cycles import plausible_day


DAYS_TO_HAND_IN = 60


class AdoptionForm(forms.Form):
    """The new démarche: its name, its beginning, when the services hand in what was taken over."""

    name = forms.CharField(label="Nom de la nouvelle démarche", max_length=120)
    started_on = forms.DateField(label="Engagée le", widget=DateInput, validators=[plausible_day])
    due_on = forms.DateField(
        label="Auto-diagnostic à rendre pour le",
        help_text="Les services y relisent ce qui est repris et évaluent ce qui est nouveau.",
        widget=DateInput,
        validators=[plausible_day],
    )

    def __init__(
        self, *args: Any, cycle: LabelCycle, referential: Referential, **kwargs: Any
    ) -> None:
        today = timezone.localdate()
        initial = {
            "name": f"{referential.name[:100]} {today.year}",
            "started_on": today,
            "due_on": today + timedelta(days=DAYS_TO_HAND_IN),
        }
        super().__init__(*args, initial=initial, **kwargs)
        keep_to_one_line(self.fields)
        self.helper = DsfrFormHelper(
            "Créer la nouvelle démarche",
            cancel_url=reverse("modules:cycle_detail", args=[cycle.pk]),
        )


class CompareForm(forms.Form):
    """Two démarches to put side by side; without a choice, the two newest."""

    show_optional = False

    a = forms.ModelChoiceField(LabelCycle.objects.none(), label="Démarche", required=False)
    b = forms.ModelChoiceField(LabelCycle.objects.none(), label="Comparée à", required=False)

    def __init__(
        self, *args: Any, cycles: QuerySet[Any], names_prefecture: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._cycles = list(cycles)
        for name in ("a", "b"):
            field: Any = self.fields[name]
            field.queryset = cycles
            field.empty_label = None
            if names_prefecture:
                field.label_from_instance = lambda cycle: f"{cycle.prefecture.name} – {cycle}"

    def pair(self) -> tuple[LabelCycle, LabelCycle] | None:
        """Return the two démarches, the older first; ``None`` when there are not two."""
        if len(self._cycles) < 2:
            return None
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        second, first = self._cycles[:2]
        pair = [chosen.get("a") or first, chosen.get("b") or second]
        pair.sort(key=lambda cycle: (cycle.started_on, cycle.pk))
        self.initial = {"a": pair[0], "b": pair[1]}
        return pair[0], pair[1]
