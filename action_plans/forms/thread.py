"""Filters of the « fil rouge »."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.access import Scope
from accounts.selectors import services_to_choose
from action_plans.enums import ActionState
from action_plans.models import BY_HAND
from action_plans.registry import origin_sources
from action_plans.selectors.conditions import with_effect, with_origin, without_measure
from action_plans.selectors.thread import has_piece
from common.form_tools import keep_to_one_line
from common.search import holding


class ThreadFilterForm(forms.Form):
    """What is shown; a filter that makes no sense is ignored."""

    show_optional = False

    q = forms.CharField(label="Mots cherchés", required=False, max_length=120)
    service = forms.ModelChoiceField(
        label="Service", required=False, queryset=None, empty_label="Tous"
    )
    source = forms.ChoiceField(label="Signal", required=False)
    state = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *ActionState.choices]
    )
    missing = forms.ChoiceField(
        label="Ce qui manque",
        required=False,
        choices=[
            ("", "Tout voir"),
            ("origin", "L’origine"),
            ("cause", "L’analyse des causes"),
            ("piece", "La preuve"),
            ("measure", "La mesure"),
            ("effect", "L’effet"),
        ],
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self._scope = scope
        fields: Any = self.fields
        fields["service"].queryset = services_to_choose(scope.prefecture)
        fields["source"].choices = [
            ("", "Tous"),
            *((source.code, source.label) for source in origin_sources(scope)),
            (BY_HAND, "Saisi à la main"),
        ]

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the actions that answer."""
        self.is_valid()
        given = self.cleaned_data
        rows = rows.filter(holding(given.get("q", ""), "title", "problem", "cause"))
        for name in ("service", "state"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        if source := given.get("source"):
            rows = rows.filter(origins__source=source).distinct()
        return self._lacking(rows, given.get("missing", ""))

    def _lacking(self, rows: QuerySet[Any], missing: str) -> QuerySet[Any]:
        match missing:
            case "origin":
                return rows.filter(~with_origin())
            case "cause":
                return rows.filter(cause="")
            case "piece":
                return rows.filter(~has_piece(self._scope))
            case "measure":
                return rows.filter(without_measure())
            case "effect":
                return rows.filter(~with_effect())
        return rows
