"""Filters of the list of indicators, choice of a place, comment on a weak point."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from common.editing import RevisionFormMixin
from common.forms import DsfrFormHelper
from common.search import holding
from indicators.enums import Standing
from indicators.models import Commentary, Indicator
from indicators.models.catalogue import SEARCHED
from indicators.reading.definitions import WHOLE_LABEL
from indicators.reading.periods import Kind, Period
from indicators.selectors.catalogue import Asking
from indicators.selectors.figures import FigureLine
from indicators.series import WHOLE, last_ended, moved


_LATE, _SIGNAL = "late", "signal"
_QUARTERS = 12
# The choice that keeps indicators of modules left out of the démarche.
EVERY_MODULE = "tous"
_STATES = [
    ("", "Tous"),
    (Standing.BELOW, Standing.BELOW.label),
    (Standing.WATCH, Standing.WATCH.label),
    (Standing.MET, Standing.MET.label),
    (Standing.NO_TARGET, Standing.NO_TARGET.label),
    (_LATE, "Chiffre attendu manquant"),
    (_SIGNAL, "Mouvement inhabituel"),
]


class FigureFilterForm(forms.Form):
    """Filters of the list; one that makes no sense is ignored."""

    show_optional = False

    q = forms.CharField(label="Mot ou code", required=False, max_length=100)
    module = forms.ChoiceField(label="Module", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    state = forms.ChoiceField(label="État", required=False, choices=_STATES)
    period = forms.ChoiceField(label="Situation à la fin de", required=False)

    def __init__(
        self,
        data: Any,
        *,
        asking: Asking,
        services: Iterable[Any],
        latest: date,
    ) -> None:
        super().__init__(data)
        self.asking = asking
        modules = sorted({module for module, _ in asking.headings.values()})
        whole = (
            [("", "Ceux de la démarche"), (EVERY_MODULE, "Tous les modules")]
            if asking.outside
            else [("", "Tous les modules")]
        )
        choices: dict[str, list[tuple[str, str]]] = {
            "module": [*whole, *((item, item) for item in modules)],
            "service": [("", WHOLE_LABEL)] + [(str(item.pk), str(item)) for item in services],
            "period": [("", "dernière connue"), *_quarters_before(latest)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields)

    @property
    def day(self) -> date | None:
        """Read the figures as they stood then; ``None``: as they stand."""
        code = self.cleaned_data.get("period")
        return Period.from_code(code).end if code else None

    @property
    def place(self) -> str:
        service = self.cleaned_data.get("service")
        return f"service:{service}" if service else WHOLE

    def concerns(self, code: str) -> bool:
        """Tell whether an indicator is of the modules wanted; without a choice, those retained."""
        module = self.cleaned_data.get("module")
        if not module:
            return code not in self.asking.outside
        return module == EVERY_MODULE or self.asking.headings.get(code, ("",))[0] == module

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the definitions that hold every word."""
        query = self.cleaned_data.get("q", "")
        return rows.filter(holding(query, *SEARCHED))

    def keeps(self, line: FigureLine) -> bool:
        """Tell whether a line answers the filter of state."""
        match self.cleaned_data.get("state"):
            case "" | None:
                return True
            case "late":
                return line.reading.is_late
            case "signal":
                return line.reading.is_bad_signal or line.reading.is_good_signal
            case state:
                return line.reading.standing == state


class PrefectureFilterForm(forms.Form):
    """Choice of what is read in every préfecture. Never bound: a choice that is gone falls back."""

    show_optional = False

    indicator = forms.ChoiceField(label="Indicateur", required=False)
    period = forms.ChoiceField(label="Période", required=False)

    def __init__(
        self,
        *,
        measured: Iterable[Indicator],
        national: Iterable[Indicator],
        periods: Iterable[Period],
        shown: Indicator,
        period: Period | None,
    ) -> None:
        super().__init__(initial={"indicator": shown.code, "period": period.code if period else ""})
        groups = [
            (name, [(item.code, item.label) for item in rows])
            for name, rows in (
                ("Chiffres de préfectures", measured),
                ("Valeurs nationales seulement", national),
            )
        ]
        choices: dict[str, list[tuple[str, Any]]] = {
            "indicator": [group for group in groups if group[1]],
            "period": [
                ("", "Dernière connue de chacune"),
                *((item.code, item.label) for item in periods),
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if len(choices["period"]) == 1:
            # Without a figure of a préfecture, there is no period to choose.
            del self.fields["period"]


def _quarters_before(latest: date) -> list[tuple[str, str]]:
    last = last_ended(latest, Kind.QUARTER)
    periods = [moved(last, -steps) for steps in range(_QUARTERS)]
    return [(period.code, period.label) for period in periods]


class CommentaryForm(RevisionFormMixin, forms.ModelForm):
    """What is observed of a weak point, and the answer given to it; its values go to a service."""

    class Meta:
        model = Commentary
        fields = ("comment", "answer")
        widgets: ClassVar = {
            "comment": forms.Textarea(attrs={"rows": 5}),
            "answer": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts: ClassVar = {
            "comment": "Ce qui s’est passé, et pourquoi, si vous le savez.",
            "answer": "Ce qui est fait ou décidé : le comité le lira.",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = DsfrFormHelper("Enregistrer le commentaire", cancel_url=cancel_url)
        self.helper.render_hidden_fields = True

    def values(self) -> dict[str, Any]:
        """Return the valid texts, for the service."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("comment") and not cleaned.get("answer") and not self.errors:
            self.add_error("comment", "Écrivez ce que vous constatez, ou la réponse apportée.")
        return cleaned
