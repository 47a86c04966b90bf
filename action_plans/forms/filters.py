"""Filters of the list of actions, shared by every view of the plan and by the exports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.access import Scope
from accounts.selectors import services_to_choose
from action_plans.enums import OPEN_STATES, ActionKind, ActionState, Priority
from action_plans.models import BY_HAND, Action, Origin
from action_plans.registry import origin_sources
from action_plans.selectors.actions import (
    ORDERS,
    due_years,
    matching,
    modules_in_use,
    owners_in_use,
)
from action_plans.selectors.axes import axes_of
from action_plans.selectors.conditions import late, with_measure, with_origin, without_measure
from common.form_tools import keep_to_one_line


NOBODY = "personne"
_DAYS = {"7": 7, "30": 30, "90": 90}


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter in words, and the address without it."""

    label: str
    url: str


class ActionFilterForm(forms.Form):
    """``ActionFilterForm(request.GET, scope=…, today=…).apply(rows)``; nonsense is ignored."""

    show_optional = False
    MORE = ("axis", "module", "kind", "priority", "owner", "origin", "measure", "highlighted")

    q = forms.CharField(label="Chercher", required=False, max_length=100)
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[
            ("", "Tous"),
            ("open", "À faire"),
            ("late", "En retard"),
            *ActionState.choices,
        ],
    )
    service = forms.ModelChoiceField(
        label="Service", required=False, queryset=None, empty_label="Tous"
    )
    due = forms.ChoiceField(label="Échéance", required=False)
    axis = forms.ModelChoiceField(label="Axe", required=False, queryset=None, empty_label="Tous")
    module = forms.ModelChoiceField(
        label="Module", required=False, queryset=None, empty_label="Tous"
    )
    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Toutes"), *ActionKind.choices]
    )
    priority = forms.ChoiceField(
        label="Priorité", required=False, choices=[("", "Toutes"), *Priority.choices]
    )
    owner = forms.ChoiceField(label="Responsable", required=False)
    origin = forms.ChoiceField(label="Origine", required=False)
    measure = forms.ChoiceField(
        label="Mesure de l’effet",
        required=False,
        choices=[("", "Toutes"), ("with", "Avec une mesure"), ("without", "Sans mesure")],
    )
    highlighted = forms.ChoiceField(
        label="Comité",
        required=False,
        choices=[("", "Toutes"), ("yes", "À présenter au comité")],
    )

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_to_one_line(self.fields)
        self._today = today
        fields: Any = self.fields
        fields["q"].widget.input_type = "search"
        fields["service"].queryset = services_to_choose(scope.prefecture)
        fields["axis"].queryset = axes_of(scope)
        fields["module"].queryset = modules_in_use(scope)
        fields["owner"].choices = [
            ("", "Tous"),
            (NOBODY, "Personne"),
            *owners_in_use(scope),
        ]
        fields["origin"].choices = [
            ("", "Toutes"),
            *((source.code, source.label) for source in origin_sources(scope)),
            (BY_HAND, "Saisie à la main"),
            ("none", "Sans origine"),
        ]
        fields["due"].choices = [
            ("", "Toutes"),
            ("7", "Dans les 7 jours"),
            ("30", "Dans les 30 jours"),
            ("90", "Dans les 90 jours"),
            *((f"y{year}", str(year)) for year in due_years(scope)),
            ("none", "Sans échéance"),
        ]
        self.is_valid()

    @property
    def is_more_used(self) -> bool:
        """Whether one of the folded filters is set."""
        return any(self.cleaned_data.get(name) for name in self.MORE)

    @property
    def is_used(self) -> bool:
        """Whether one filter is set."""
        return any(self.cleaned_data.get(name) for name in self.fields)

    def apply(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        """Return the actions that answer; a filter that makes no sense is ignored."""
        given = self.cleaned_data
        rows = matching(rows, given.get("q", ""))
        for name in ("service", "axis", "kind", "priority"):
            if value := given.get(name):
                rows = rows.filter(**{name: value})
        for name, condition in _CONDITIONS.items():
            if value := given.get(name):
                rows = rows.filter(condition(value, self._today))
        return rows

    def ordered(self, rows: QuerySet[Action]) -> QuerySet[Action]:
        """Return the actions that answer in the order that the address asks for."""
        asked = self.data.get("sort", "")
        return self.apply(rows).order_by(*ORDERS.get(asked, ORDERS[""]))

    def chips(self, query: QueryDict) -> list[Chip]:
        """Return the filters set, each with the address that takes it off."""
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value:
                continue
            choices = {str(key): words for key, words in getattr(field, "choices", ())}
            words = choices.get(str(value), value)
            left = query.copy()
            for gone in (name, "page"):
                left.pop(gone, None)
            found.append(Chip(f"{field.label} : {words}", f"?{left.urlencode()}"))
        return found


def _due(value: str, today: date) -> Q:
    if value == "none":
        return Q(due_on__isnull=True)
    if value.startswith("y"):
        return Q(due_on__year=int(value[1:]))
    return Q(due_on__range=(today, today + timedelta(days=_DAYS[value])))


def _state(value: str, today: date) -> Q:
    match value:
        case "open":
            return Q(state__in=OPEN_STATES)
        case "late":
            return late(today)
    return Q(state=value)


def _owner(value: str, today: date) -> Q:
    if value == NOBODY:
        return Q(owner__isnull=True, owner_name="")
    if value.startswith("nom:"):
        return Q(owner__isnull=True, owner_name=value.removeprefix("nom:"))
    return Q(owner=int(value))


def _origin(value: str, today: date) -> Q:
    if value == "none":
        return ~Q(with_origin())
    return Q(Exists(Origin.objects.filter(action=OuterRef("pk"), source=value)))


def _measure(value: str, today: date) -> Q:
    return Q(with_measure()) if value == "with" else without_measure()


def _module(value: Any, today: date) -> Q:
    of_module = Action.modules.through.objects.filter(action=OuterRef("pk"), module=value)
    return Q(Exists(of_module))


_CONDITIONS: dict[str, Callable[[Any, date], Q]] = {
    "state": _state,
    "due": _due,
    "owner": _owner,
    "module": _module,
    "origin": _origin,
    "measure": _measure,
    "highlighted": lambda value, today: Q(is_highlighted=True),
}
