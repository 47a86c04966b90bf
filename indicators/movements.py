"""Is this move a signal or noise? The latest value against the limits of its stretch, in words. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from common.numbers import quantity, usual_range
from indicators.control import MIN_POINTS, RUN, ControlLimits, Signal, signal_at
from indicators.statistics import better
from indicators.stretches import Cause, Stretch, Values, stretches_of


class Verdict(StrEnum):
    SIGNAL = "signal"
    NOISE = "noise"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Movement:
    """What the latest value means. ``is_better``: which way a signal goes, when somebody judges it.

    ``stretches``: those of the values before it; the last one holds for it too.
    """

    verdict: Verdict
    signal: Signal | None
    is_better: bool | None
    stretches: tuple[Stretch, ...]
    sentence: str

    @property
    def limits(self) -> ControlLimits | None:
        """The limits that hold now; ``None`` while the stretch has too few values."""
        return self.stretches[-1].limits


def signal_or_noise(
    history: Values,
    latest: Decimal | None,
    *,
    unit: str,
    direction: str,
    decimals: int = 0,
    rules: Collection[int] = (),
) -> Movement:
    """Say in words whether ``latest`` differs from what ``history`` (oldest first) makes usual.

    The limits come from the last stretch of the history alone, so that a signal does not widen them.
    ``rules``: ranks from which another counting rule is followed, that of ``latest`` included.
    """
    stretches = stretches_of(history, unit=unit, rules=rules)
    own = history[stretches[-1].start :]
    return _movement(stretches, own, [*own, latest], unit, direction, decimals)


def effect_of(
    history: Values,
    after: Values,
    *,
    unit: str,
    direction: str,
    decimals: int = 0,
    rules: Collection[int] = (),
) -> Movement:
    """Say whether the last value of ``after`` differs from the last stretch of ``history``.

    Values since an action are read in a row, against what was usual before it, even when they made a
    new level since. ``rules``: see ``signal_or_noise``, ranks in ``history`` followed by ``after``.
    """
    stretches = stretches_of(history, unit=unit, rules=[n for n in rules if n < len(history)])
    if any(len(history) <= rank < len(history) + len(after) for rank in rules):
        text = (
            "La règle de comptage a changé depuis le départ : les chiffres d’avant et d’après ne se "
            "comparent pas."
        )
        return Movement(Verdict.UNKNOWN, None, None, stretches, text)
    own = history[stretches[-1].start :]
    return _movement(stretches, own, after, unit, direction, decimals)


def _movement(
    stretches: tuple[Stretch, ...],
    own: Values,
    row: Values,
    unit: str,
    direction: str,
    decimals: int,
) -> Movement:
    """Judge the last value of a row; ``own``: the values that the limits rest on."""
    current, latest = stretches[-1], row[-1]
    limits = current.limits
    if latest is None:
        text = "Pas de valeur pour cette période : rien à comparer."
        return Movement(Verdict.UNKNOWN, None, None, stretches, text)
    if limits is None:
        n = sum(value is not None for value in own)
        return Movement(Verdict.UNKNOWN, None, None, stretches, _too_short(n, current.cause))
    signal = signal_at(row, len(row) - 1, limits)
    doubt = (
        f" Limites provisoires, calculées sur {limits.n} valeurs." if limits.is_provisional else ""
    )
    if signal is None:
        usual = _usual(limits, unit, decimals)
        text = f"Ce mouvement reste dans la variation habituelle ({usual})."
        return Movement(Verdict.NOISE, None, None, stretches, text + doubt)
    is_better = better(latest - limits.mean, direction)
    why = _reason(signal, latest, limits, unit, decimals)
    judged = {True: " C’est une amélioration.", False: " C’est une dégradation.", None: ""}[
        is_better
    ]
    text = f"Ce mouvement est un signal : {why}.{judged}{doubt}"
    return Movement(Verdict.SIGNAL, signal, is_better, stretches, text)


def _too_short(n: int, cause: Cause) -> str:
    have = "aucune n’est connue" if n == 0 else f"{n} sont connues" if n > 1 else "une est connue"
    since = " depuis le changement de la règle de comptage" if cause == Cause.RULE else ""
    return (
        f"Trop tôt pour le dire : il faut {MIN_POINTS} valeurs avant celle-ci pour connaître la "
        f"variation habituelle, {have}{since}."
    )


def _usual(limits: ControlLimits, unit: str, decimals: int) -> str:
    words = usual_range(limits.lower, limits.upper, unit, decimals)
    return words or "toutes les valeurs possibles"


def _reason(
    signal: Signal, latest: Decimal, limits: ControlLimits, unit: str, decimals: int
) -> str:
    above = latest > limits.mean
    side = "au-dessus" if above else "en dessous"
    if signal == Signal.RUN:
        mean = quantity(limits.mean, unit, max(1, decimals))
        return f"{RUN} valeurs de suite sont {side} de la moyenne ({mean})"
    if signal == Signal.NEAR_LIMIT:
        limit = "haute" if above else "basse"
        return f"3 des 4 dernières valeurs sont plus proches de la limite {limit} que de la moyenne"
    if limits.moving_range == 0:
        return f"la valeur n’avait jamais varié ({quantity(limits.mean, unit, least=decimals)})"
    shown = quantity(latest, unit, least=decimals)
    usual = _usual(limits, unit, decimals)
    return f"{shown}, c’est {side} de la variation habituelle ({usual})"
