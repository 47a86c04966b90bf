"""The table of the identifiers of PILOTE: what the ministry says, what a préfecture says for itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.access import Scope
from accounts.models import Prefecture
from indicators.models import Indicator, PiloteIdentifier


@dataclass(frozen=True, slots=True)
class IdentifierLine:
    """One indicator of the table; ``used`` is the identifier in force, ``None`` when nobody knows it."""

    indicator: Indicator
    used: PiloteIdentifier | None
    is_own: bool
    is_sent: bool

    @property
    def written(self) -> str:
        """What stands for the indicator in a file."""
        return self.used.identifier if self.used else self.indicator.code


@dataclass(frozen=True, slots=True)
class IdentifierTable:
    """The indicators that are sent or known of PILOTE, then the others."""

    main: list[IdentifierLine]
    others: list[IdentifierLine]


def identifiers_in_force(prefecture: Prefecture | None) -> dict[int, PiloteIdentifier]:
    """Return the identifier of each indicator that has one, by its key (1 query).

    What a préfecture says goes before what the ministry says; an identifier stands for one indicator.
    """
    owners = Q(prefecture__isnull=True)
    if prefecture is not None:
        owners |= Q(prefecture=prefecture)
    rows = list(PiloteIdentifier.objects.filter(owners).exclude(identifier="").order_by("pk"))
    own = {row.indicator_id: row for row in rows if row.prefecture_id is not None}
    taken = {row.identifier.casefold() for row in own.values()}
    national = {
        row.indicator_id: row
        for row in rows
        if row.prefecture_id is None and row.identifier.casefold() not in taken
    }
    return {**national, **own}


def identifier_table(scope: Scope, sent: Iterable[str] = ()) -> IdentifierTable:
    """Return every indicator with its identifier; ``sent``: codes of those in the file (2 queries)."""
    known = identifiers_in_force(scope.prefecture)
    codes = frozenset(sent)
    lines = [
        IdentifierLine(
            indicator,
            known.get(indicator.pk),
            indicator.pk in known and known[indicator.pk].prefecture_id == scope.prefecture_id,
            indicator.code in codes,
        )
        for indicator in Indicator.objects.visible_to(scope).order_by("position", "code")
    ]
    is_main = {line.indicator.pk: line.is_sent or line.used is not None for line in lines}
    return IdentifierTable(
        [line for line in lines if is_main[line.indicator.pk]],
        [line for line in lines if not is_main[line.indicator.pk]],
    )


def own_identifier(scope: Scope, indicator: Indicator) -> PiloteIdentifier:
    """Return the row that this scope writes: of its préfecture, or the national one; new if need be."""
    rows = PiloteIdentifier.objects.visible_to(scope).filter(
        indicator=indicator, prefecture=scope.prefecture
    )
    return rows.first() or PiloteIdentifier(indicator=indicator, prefecture=scope.prefecture)
