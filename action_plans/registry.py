"""What other apps bring to the action plan, filled when they start: the ways up without importing up.

- an *origin source* (``@register_origin``): what can give rise to an action, and the weak points that
  still have none (a row of self-assessment, a decision of a committee, an indicator, a complaint…);
- a *measure source* (``@register_measure``): what brings the values by which an effect is read, and
  computes that effect itself;
- an *action card* (``register_action_card``): a part of the page of an action drawn by an app above.

They stand in the ``action_sources.py`` and ``action_cards.py`` of an app, imported when the server
starts. Adding one needs no change here; ``tests/contracts/test_action_sources.py`` runs on every one.
A source of an app below (``modules``) is registered by this app.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ImproperlyConfigured

from accounts.access import Permission, Scope
from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from action_plans.models import BY_HAND, Action


@dataclass(frozen=True, slots=True)
class OriginFact:
    """One thing that can give rise to an action, as this reader may see it.

    ``reference`` is stable and understood by its source only. ``label`` names the thing and tells
    nothing that a reader of the plan may not know: it is kept and printed. ``detail`` is shown to
    whoever the source describes it to, and to nobody else. ``url`` is empty when this reader may not
    open it. ``suggestion`` pre-fills the form: names of fields of an action → values (primary keys
    for ``service``, lists of them for ``modules`` and ``commitments``). ``former``: references of the
    same signal seen before (last year’s row): an action opened from one of them answers this one too.
    ``is_shared``: an auditor may know of it; what is not stays out of the documents made for them.
    """

    reference: str
    label: str
    detail: str = ""
    url: str = ""
    suggestion: dict[str, Any] = field(default_factory=dict)
    former: tuple[str, ...] = ()
    is_shared: bool = True

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference under which this signal was ever known."""
        return (self.reference, *self.former)


def row_keys(references: Iterable[str]) -> list[int]:
    """Return the references that are primary keys as the application writes them, and no other."""
    return [
        int(item)
        for item in references
        if item.isascii() and item.isdecimal() and len(item) < 19 and str(int(item)) == item
    ]


class OriginSource:
    """One kind of origin. Subclasses set the attributes and write the three methods.

    ``permissions``: who may see and choose these origins. ``is_signal``: whether ``weak_points``
    lists signals that call for an action.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    permissions: ClassVar[tuple[Permission, ...]]
    is_signal: ClassVar[bool] = False

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[OriginFact]:
        """Return what can be chosen, the most likely first; constant number of queries."""
        raise NotImplementedError

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        """Return by reference what this reader may see; what is gone or hidden is left out."""
        raise NotImplementedError

    def weak_points(self, scope: Scope) -> list[OriginFact]:
        """Return the weak points of the préfecture, those with an action too; constant queries."""
        return []


@dataclass(frozen=True, slots=True)
class MeasuredPoint:
    """One value of a measure, in its unit: a rate from 0 to 1. ``size``: answers behind a rate."""

    measured_on: date
    value: Decimal
    label: str
    source_note: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """What a source can measure: its words, unit, direction and last known value."""

    reference: str
    label: str
    unit: MeasureUnit
    direction: Direction
    latest: MeasuredPoint | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a source concludes from a change. ``sentence`` carries the caution: an association."""

    outcome: EffectOutcome
    sentence: str
    point: MeasuredPoint


class MeasureSource:
    """One way of measuring effects. ``effect`` is the source's own computation, never ours."""

    code: ClassVar[str]
    label: ClassVar[str]
    permissions: ClassVar[tuple[Permission, ...]]

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[MeasureFact]:
        """Return what can be measured in the préfecture of the scope."""
        raise NotImplementedError

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, MeasureFact]:
        """Return by reference what this reader may see; what is gone is left out."""
        raise NotImplementedError

    def effect(
        self, *, action: Action, reference: str, baseline: Decimal | None, baseline_on: date | None
    ) -> Effect | None:
        """Compare the newest value with the baseline; ``None`` while nothing newer is known."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ActionCard:
    """A part of the page of an action: ``collect`` returns what the template sees as ``card``.

    ``None``: this reader sees no such part.
    """

    template: str
    collect: Callable[[Action, Scope], Any]


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """A card with its data, for ``{% include card.template with card=card.data %}``."""

    template: str
    data: Any


_origins: dict[str, OriginSource] = {}
_measures: dict[str, MeasureSource] = {}
_cards: dict[str, ActionCard] = {}
OriginClass = TypeVar("OriginClass", bound=type[OriginSource])
MeasureClass = TypeVar("MeasureClass", bound=type[MeasureSource])


def register_origin(source: OriginClass) -> OriginClass:
    """Declare a kind of origin (class decorator); two with one code stop the server at start."""
    _refuse_twin(source.code, _origins)
    _origins[source.code] = source()
    return source


def register_measure(source: MeasureClass) -> MeasureClass:
    """Declare a way of measuring (class decorator); two with one code stop the server at start."""
    _refuse_twin(source.code, _measures)
    _measures[source.code] = source()
    return source


def register_action_card(
    template: str,
) -> Callable[[Callable[[Action, Scope], Any]], Callable[[Action, Scope], Any]]:
    """Declare a part of the page of every action; decorates its ``collect``."""

    def declare(collect: Callable[[Action, Scope], Any]) -> Callable[[Action, Scope], Any]:
        _cards[template] = ActionCard(template, collect)
        return collect

    return declare


def _refuse_twin(code: str, known: dict[str, Any]) -> None:
    if code == BY_HAND or code in known:
        raise ImproperlyConfigured(f"two sources of the action plan are called {code}")


def origin_source(code: str) -> OriginSource | None:
    """Return the source; ``None`` when it was typed by hand or its app is gone."""
    return _origins.get(code)


def measure_source(code: str) -> MeasureSource | None:
    """Return the source; ``None`` when it is typed by hand or its app is gone."""
    return _measures.get(code)


def origin_sources(scope: Scope | None = None) -> list[OriginSource]:
    """Return the sources in the order of their labels; those that this scope may see."""
    found = [item for item in _origins.values() if scope is None or scope.may(*item.permissions)]
    return sorted(found, key=lambda item: item.label)


def measure_sources(scope: Scope | None = None) -> list[MeasureSource]:
    """Return the sources in the order of their labels; those that this scope may see."""
    found = [item for item in _measures.values() if scope is None or scope.may(*item.permissions)]
    return sorted(found, key=lambda item: item.label)


def action_cards(action: Action, scope: Scope) -> list[DrawnCard]:
    """Return the declared parts that have something to say to this reader."""
    collected = ((card.template, card.collect(action, scope)) for card in _cards.values())
    return [DrawnCard(template, data) for template, data in collected if data is not None]
