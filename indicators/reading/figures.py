"""From series of cells to figures: units and scales, parts put together, contradictions refused."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, cast

from common.spreadsheets import UNCOMPUTED
from common.typography import number_in_words
from indicators.reading.cells import Fraction, Missing, Number, Unusable, is_whole
from indicators.reading.definitions import (
    Figure,
    IndicatorDefinition,
    Notice,
    Refusal,
    RefusalKind,
    Status,
    Unit,
)
from indicators.reading.figure_list import PlainRow
from indicators.reading.matching import MARGIN, Role
from indicators.reading.parts import Part, place_of, plain_number, shown
from indicators.reading.periods import Period, plain
from indicators.reading.rivals import rivals
from indicators.reading.scales import LOW_POINTS, scales_of, settle_roles
from indicators.reading.series import Placed, Series, letters
from indicators.reading.totals import Spot, wrong_totals


# Between a rate and its numerator over its denominator: a rate may be written without decimals.
TOLERANCE = Decimal("0.0051")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_PROPORTION = "Lu comme une proportion : {shown} vaut {percent} %."


class Valued(NamedTuple):
    """A part with what it is worth: a number, two of them, a reason of having none, a refusal."""

    part: Part
    value: Decimal | None = None
    missing: Missing | None = None
    refusal: str = ""
    reason: str = ""
    fraction: Fraction | None = None


class Made(NamedTuple):
    """A rate made of two cells; ``is_named`` when a third one gives it as well."""

    numerator: Part
    figure: Figure
    is_named: bool


# Indicator, period, service.
Key = tuple[str, Period, str | None]


@dataclass
class Harvest:
    """The figures of a file, cell after cell."""

    definitions: Mapping[str, IndicatorDefinition]
    service_names: Mapping[str, str]
    figures: list[Figure | PlainRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def gather(self, placed: Placed) -> None:
        """Make the figures of everything that was placed."""
        settle_roles(placed.series)
        self._scales = scales_of(placed.series, self.definitions)
        self._distinct: dict[int, bool] = {}
        self._names: dict[int, list[str]] = {}
        self._refused: dict[Spot, Refusal] = {}
        self._given: set[Spot] = set()
        self._used: set[Spot] = set()
        self._made: dict[tuple[Spot, Spot], list[Made]] = defaultdict(list)
        self._whole: dict[tuple[str, int], list[Sequence[int]]] = defaultdict(list)
        self._wrong, notices = wrong_totals(placed, self.definitions)
        self.notices += notices
        same: dict[tuple[str, str | None], list[Series]] = defaultdict(list)
        for series in placed.series:
            same[series.indicator, series.service].append(series)
        for group in same.values():
            if len(group) > 1 or not self._whole_series(group[0]):
                self._one_by_one(group)
        self._refuse_shared_parts()
        self._refuse_lone_parts(placed.series)
        self.notices += rivals(placed.series, self.figures, self.definitions, self.service_names)
        # « Appels reçus » makes two rates: that one of them is wrong does not take it from the other.
        self.refusals += [r for spot, r in self._refused.items() if spot not in self._given]

    def _one_by_one(self, group: Iterable[Series]) -> None:
        found: dict[Period, list[Part]] = defaultdict(list)
        for series in group:
            for rank, period in enumerate(series.periods):
                found[period].append(Part(series, rank))
        for period, parts in found.items():
            series = parts[0].series
            self._figure((series.indicator, period, series.service), parts)

    def _whole_series(self, series: Series) -> bool:
        """Make at once the figures of a row of plain numbers, each of its own period.

        Tells whether it did: the least doubt is for ``_one_by_one``. Large workbooks are such rows.
        """
        unit = self.definitions[series.indicator].unit
        if (
            not series.is_plain
            or series.role != Role.VALUE
            or series.is_total
            or series.unit in ("secondes", "heures")
            or not self._are_distinct(series.periods)
        ):
            return False
        numbers = cast(Sequence[float], series.cells)
        if unit == Unit.COUNT and not all(map(float.is_integer, numbers)):
            return False
        in_points = False
        if unit == Unit.PERCENT:
            scale = self._scales[series.sheet, series.table, series.indicator]
            if not scale.is_sure or scale.is_in_points and min(numbers) <= 1:
                return False
            in_points = scale.is_in_points
        self._whole[series.sheet, series.row].append(series.columns)
        self.figures.append(
            PlainRow(
                series.sheet, str(series.row + 1), series.indicator, series.service,
                round(series.confidence, 2), series.reason, self._letters(series.columns),
                series.periods, numbers, in_points,
            )
        )  # fmt: skip
        return True

    def _letters(self, columns: Sequence[int]) -> list[str]:
        """Return the letters of columns; the rows of a table share one list."""
        if id(columns) not in self._names:
            self._names[id(columns)] = list(map(letters, columns))
        return self._names[id(columns)]

    def _are_distinct(self, periods: Sequence[Period]) -> bool:
        """Tell whether no period comes twice; the rows of a table share one list."""
        if id(periods) not in self._distinct:
            self._distinct[id(periods)] = len(set(periods)) == len(periods)
        return self._distinct[id(periods)]

    # --- One figure ---------------------------------------------------------------------------

    def _figure(self, key: Key, parts: list[Part]) -> None:
        by_role: dict[Role, Valued] = {}
        for role in Role:
            mine = [part for part in parts if part.series.role == role]
            if mine and (valued := self._one(key, mine)):
                by_role[role] = valued
        value = by_role.get(Role.VALUE)
        if value is not None:
            self._use(value.part)
        numerator, denominator = by_role.get(Role.NUMERATOR), by_role.get(Role.DENOMINATOR)
        if numerator and denominator:
            self._use(numerator.part)
            self._use(denominator.part)
            if self._computed(key, value, numerator, denominator):
                self._given |= {_spot(numerator.part), _spot(denominator.part)}
                self._excuse_uncomputed(parts)
        elif value is not None:
            self._measured(key, value, numerator, denominator)

    def _excuse_uncomputed(self, parts: list[Part]) -> None:
        """Leave out the formula of a rate without its result: the two numbers beside it make that rate."""
        for part in parts:
            if part.series.cells[part.rank] == UNCOMPUTED and part.series.role == Role.VALUE:
                message = "Formule sans résultat dans le fichier : le taux est calculé de ses deux nombres."
                left = Refusal(part.series.sheet, part.cell, message, RefusalKind.LEFT_OUT)
                self._refused[_spot(part)] = left

    def _use(self, part: Part) -> None:
        self._used.add(_spot(part))

    def _one(self, key: Key, parts: list[Part]) -> Valued | None:
        """Return what several cells for one thing are worth together; contradictions are refused."""
        valued = []
        for part in parts:
            found = self._valued(part)
            if found.refusal:
                self._refuse(part, found.refusal)
            else:
                valued.append(found)
        if len(valued) < 2:
            return valued[0] if valued else None
        first, *others = valued
        same = [one for one in others if (one.value, one.missing) == (first.value, first.missing)]
        if len(same) == len(others):
            for other in others:
                message = f"Cette valeur est déjà lue en {place_of(first.part, other.part)}."
                self._refuse(other.part, message, RefusalKind.LEFT_OUT)
            return first
        if named := self._best_named(valued):
            return named
        for one in valued:
            rivals = ", ".join(
                f"{place_of(other.part, one.part)} ({shown(other.part)})"
                for other in valued
                if other is not one
            )
            self._refuse(
                one.part,
                f"Plusieurs cellules donnent « {self.definitions[key[0]].label} » pour {key[1].label}"
                f"{self._for_service(key[2])} avec des valeurs différentes : ici {shown(one.part)}, et "
                f"{rivals}. Gardez la bonne.",
            )
        return None

    def _best_named(self, valued: list[Valued]) -> Valued | None:
        """Return the part in its own words; « Courriels traités » gives way to « … dans les délais »."""
        best, second, *_ = sorted(valued, key=_confidence, reverse=True)
        if best.part.series.role == Role.VALUE or _confidence(best) - _confidence(second) < MARGIN:
            return None
        for one in valued:
            if one is not best:
                message = (
                    f"{place_of(best.part, one.part)} est mieux nommé : c’est lui qui est repris."
                )
                self._refuse(one.part, message, RefusalKind.LEFT_OUT)
        return best

    def _valued(self, part: Part) -> Valued:
        series = part.series
        if (series.sheet, series.row, part.column) in self._wrong:
            return Valued(part, refusal="Ce total contredit ses parties : vérifiez-le.")
        content = part.content
        match content:
            case Missing():
                if self._is_none(part):
                    return Valued(part, Decimal(0), reason=f"Lu comme 0 : « {shown(part)} ».")
                return Valued(part, missing=content)
            case Unusable(message):
                return Valued(part, refusal=message)
            case None:
                return Valued(part, missing=Missing.NOT_MEASURED)
        if refusal := self._no_count(part, content):
            return Valued(part, refusal=refusal)
        if series.role != Role.VALUE:
            if isinstance(content, Number) and not content.unit:
                return Valued(part, content.value)
            return Valued(part, refusal=f"« {shown(part)} » n’est pas un nombre entier de cas.")
        if isinstance(content, Fraction):
            return self._of_fraction(part, content)
        return self._in_unit(part, content)

    def _is_none(self, part: Part) -> bool:
        """Tell whether « néant » says that there were none: of a count, not of a rate nor of a delay."""
        series = part.series
        is_count = self.definitions[series.indicator].unit == Unit.COUNT
        return is_count and series.role == Role.VALUE and plain(shown(part)) == "neant"

    def _no_count(self, part: Part, content: Number | Fraction) -> str:
        """Say why a number counts no cases: « 1,250 », of an English file, may be 1250."""
        unit = self.definitions[part.series.indicator].unit
        is_count = unit == (Unit.COUNT if part.series.role == Role.VALUE else Unit.PERCENT)
        written = part.series.cells[part.rank]
        if is_count and isinstance(written, str) and _THOUSANDS.fullmatch(written.strip()):
            return (
                f"« {shown(part)} » se lit de deux façons : écrivez ce nombre de cas sans virgule."
            )
        if is_count and isinstance(content, Number) and not is_whole(content.value):
            return f"« {shown(part)} » n’est pas un nombre entier de cas."
        return ""

    def _of_fraction(self, part: Part, content: Fraction) -> Valued:
        if self.definitions[part.series.indicator].unit != Unit.PERCENT:
            return Valued(
                part, refusal=f"« {shown(part)} » est une fraction ; un nombre est attendu."
            )
        if not content.denominator:
            return Valued(part, missing=Missing.NOT_APPLICABLE, reason="Aucun cas dans la période.")
        return Valued(part, _divided(content.numerator, content.denominator), fraction=content)

    def _in_unit(self, part: Part, content: Number) -> Valued:
        series = part.series
        unit = self.definitions[series.indicator].unit
        said, value = content.unit, content.value
        if unit == Unit.PERCENT:
            return self._rate(part, content)
        allowed = {"", "/10" if unit == Unit.MARK else unit.value}
        if said not in allowed:
            return Valued(
                part,
                refusal=f"« {shown(part)} » est en « {said} » ; l’indicateur compte en « {unit.value} ».",
            )
        if unit == Unit.MINUTES and not said and series.unit in ("secondes", "heures"):
            minutes = value / 60 if series.unit == "secondes" else value * 60
            return Valued(part, round(minutes, 4), reason=f"Converti de {series.unit} en minutes.")
        return Valued(part, value)

    def _rate(self, part: Part, content: Number) -> Valued:
        value, series = content.value, part.series
        if content.unit == "%":
            return Valued(part, value.scaleb(-2))
        if content.unit:
            return Valued(part, refusal=f"« {shown(part)} » n’est pas un pourcentage.")
        scale = self._scales[series.sheet, series.table, series.indicator]
        if value <= 1 and series.unit != Unit.PERCENT:
            is_rate, is_points = (scale.is_near(float(value) * times) for times in (100, 1))
            if is_rate != is_points:
                reason = _as_proportion(value) if is_rate else ""
                return Valued(part, value if is_rate else value.scaleb(-2), reason=reason)
        is_odd = scale.is_in_points and value <= 1 and scale.bare.middle > 20
        if is_odd and series.unit == Unit.PERCENT and scale.bare.least_point <= LOW_POINTS:
            # « (%) : 99 ; 45 ; 3 ; 0,8 »
            said = f"Lu comme {shown(part)} %, dans une colonne en %." if value else ""
            return Valued(part, value.scaleb(-2), reason=said)
        if value > 0 and (scale.is_doubtful or is_odd):
            return Valued(part, refusal=_two_ways(part, value))
        if not scale.is_in_points:
            return Valued(part, value, reason="" if scale.is_sure else _as_proportion(value))
        return Valued(part, value.scaleb(-2))

    def _measured(
        self, key: Key, value: Valued, numerator: Valued | None, denominator: Valued | None
    ) -> None:
        """A value alone, or with one of its parts only."""
        for other in (numerator, denominator):
            if other is not None:
                self._use(other.part)
                self._given.add(_spot(other.part))
        fraction = value.fraction
        self._add(
            key,
            value,
            value.value,
            fraction.numerator if fraction else numerator.value if numerator else None,
            fraction.denominator if fraction else denominator.value if denominator else None,
        )

    def _computed(
        self, key: Key, value: Valued | None, numerator: Valued, denominator: Valued
    ) -> bool:
        """A numerator and a denominator, with or without the value they make; tells if they agree."""
        first = value or numerator
        above, below = numerator.value, denominator.value
        if above is None or below is None:
            missing = numerator.missing or denominator.missing
            self._add(key, first._replace(missing=first.missing or missing), value and value.value)
            return True
        if not below:
            none = first._replace(
                missing=Missing.NOT_APPLICABLE,
                reason="Aucun cas dans la période : dénominateur nul.",
            )
            self._add(key, none, None, above, below)
            return True
        found = _divided(above, below)
        is_rate = self.definitions[key[0]].unit == Unit.PERCENT
        tolerance = TOLERANCE if is_rate else abs(found) / 100
        if value is not None and value.value is not None and abs(value.value - found) > tolerance:
            message = (
                f"Le taux écrit ({shown(value.part)}) contredit {shown(numerator.part)} sur "
                f"{shown(denominator.part)} ({numerator.part.cell} et {denominator.part.cell}). "
                "Corrigez l’un ou l’autre."
            )
            self._refuse(value.part, message)
            for valued in (numerator, denominator):
                where = place_of(value.part, valued.part)
                message = f"Le taux écrit en {where} contredit ce nombre : rien n’en est repris."
                self._refuse(valued.part, message, RefusalKind.LEFT_OUT)
            return False
        where = f"{numerator.part.cell} sur {denominator.part.cell}"
        reason = first.reason or f"Calculé : {where}."
        is_given = value is not None and value.value is not None
        kept = value.value if value is not None and is_given else found
        self._add(
            key,
            first._replace(reason="" if is_given else reason, missing=None),
            kept,
            above,
            below,
        )
        if isinstance(made := self.figures[-1], Figure):
            parts = _spot(numerator.part), _spot(denominator.part)
            self._made[parts].append(Made(numerator.part, made, value is not None))
        return True

    def _add(
        self,
        key: Key,
        valued: Valued,
        value: Decimal | None,
        numerator: Decimal | None = None,
        denominator: Decimal | None = None,
    ) -> None:
        series = valued.part.series
        if value is not None:
            status = Status.MEASURED
        else:
            status = Status((valued.missing or Missing.NOT_MEASURED).value)
        confidence = series.confidence * (0.9 if valued.reason.startswith("Lu comme") else 1)
        reason = f"{series.reason} {valued.reason}".strip()
        self.figures.append(
            Figure(
                series.sheet, valued.part.cell, key[0], key[1], key[2], value, numerator, denominator,
                status, round(confidence, 2), reason,
            )
        )  # fmt: skip

    # --- What does not add up -----------------------------------------------------------------

    def _refuse(self, part: Part, message: str, kind: RefusalKind = RefusalKind.MISTAKE) -> None:
        self._use(part)
        refusal = Refusal(part.series.sheet, part.cell, message, kind)
        self._refused.setdefault(_spot(part), refusal)

    def _for_service(self, key: str | None) -> str:
        return f", {self.service_names.get(key, key)}," if key else ""

    def _refuse_shared_parts(self) -> None:
        """Refuse the rates of several indicators that are made of the very same two numbers.

        When the rate itself stands beside them, under its name, they are its parts and no others’.
        """
        shared = [made for made in self._made.values() if len(made) > 1]
        dropped = {id(one.figure) for made in shared for one in made if not one.is_named}
        if dropped:
            self.figures = [figure for figure in self.figures if id(figure) not in dropped]
        for made in shared:
            if any(one.is_named for one in made):
                continue
            numerator = made[0].numerator
            labels = (self.definitions[one.figure.indicator].label for one in made)
            named = " et ".join(f"« {label} »" for label in labels)
            self._given.discard(_spot(numerator))
            self._refuse(
                numerator,
                f"Ce nombre ferait à la fois {named} : nommez l’indicateur dans le titre du tableau.",
            )

    def _refuse_lone_parts(self, series: Iterable[Series]) -> None:
        """Say of each numerator or denominator that made no figure what it lacks."""
        said = set(self._used)
        for one in series:
            if one.role == Role.VALUE:
                continue
            definition = self.definitions[one.indicator]
            for rank, column in enumerate(one.columns):
                place = one.sheet, one.row, column
                if place in said or any(column in row for row in self._whole[place[:2]]):
                    continue  # « Réclamations reçues » is also an indicator by itself
                said.add(place)
                is_above = one.role == Role.NUMERATOR
                lacks = definition.denominator_label if is_above else definition.numerator_label
                name = lacks.split("|")[0] or ("dénominateur" if is_above else "numérateur")
                message = f"Ce nombre ne fait pas un taux à lui seul : il manque « {name} »."
                if one.value_score:
                    message += " Si c’est déjà un taux, écrivez « % » dans le titre de la colonne."
                kind = RefusalKind.MISTAKE if is_above else RefusalKind.LEFT_OUT
                self._refuse(Part(one, rank), message, kind)


def _confidence(valued: Valued) -> float:
    return valued.part.series.confidence


def _spot(part: Part) -> Spot:
    return part.series.sheet, part.series.row, part.column


def _divided(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return a rate to the millionth: more than any workbook shows."""
    return plain_number(round(numerator / denominator, 6))


def _two_ways(part: Part, value: Decimal) -> str:
    points, percent = number_in_words(value), number_in_words(plain_number(value.scaleb(2)))
    return (
        f"« {shown(part)} » parmi ces pourcentages se lit de deux façons : écrivez « {points} % » ou "
        f"« {percent} % »."
    )


def _as_proportion(value: Decimal) -> str:
    if not value:
        return ""
    shown, percent = number_in_words(value), number_in_words(plain_number(value.scaleb(2)))
    return _PROPORTION.format(shown=shown, percent=percent)
