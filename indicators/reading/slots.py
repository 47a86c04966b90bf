"""What a row and a kind of column say together: indicator, part, service and unit, the period left aside."""

from collections.abc import Sequence
from typing import NamedTuple

from indicators.reading import departments
from indicators.reading.asking import Asking
from indicators.reading.cells import unit_of
from indicators.reading.definitions import Question, RefusalKind, Unit, Why
from indicators.reading.headings import Grip, Heading, Reader, is_whole_prefecture
from indicators.reading.layout import Layout
from indicators.reading.matching import MARGIN, Match, Role
from indicators.reading.scales import NEARLY_LABEL
from indicators.reading.series import Columns
from indicators.reading.tables import Row
from indicators.reading.words import elsewhere, is_of_one, same_label, words_of


_DURATIONS = {Unit.MINUTES.value, "secondes", "heures"}
CONTEXT_CONFIDENCE = 0.9
_NO_LABEL = Why(
    "Aucun libellé ne dit de quel indicateur il s’agit : nommez-le dans le titre du tableau, de "
    "la ligne ou de la colonne."
)


class Slot(NamedTuple):
    """What a row and a kind of column say together, the period left aside."""

    meanings: tuple[Match, ...] = ()
    value_score: float = 0
    says_value: bool = False
    service: str | None = None
    is_total: bool = False
    unit: str = ""
    confidence: float = 1.0
    reason: str = ""
    refusal: Why | None = None
    question: Question | None = None


class Slots:
    """Tells what the cells of one table mean; ``around`` goes from the nearest words to the farthest."""

    def __init__(
        self, reader: Reader, sheet: str, layout: Layout, around: Sequence[Heading]
    ) -> None:
        self.reader, self.layout = reader, layout
        self._asking = Asking(reader, sheet, layout)
        texts = (heading.text for heading in (*around, *layout.headings))
        self._elsewhere = elsewhere(words_of(" ".join(texts)))
        self._look_around(around)

    def of(self, heading: Heading, columns: Columns, around: list[Heading], row: Row) -> Slot:
        """Return what the cells of a row, whose labels say ``heading``, mean under these columns."""
        over = columns.heading
        if around is not self._around:
            self._look_around(around)
        if why := self._left_out(heading, over):
            return Slot(refusal=why)
        meanings, is_split = self._meanings(heading, columns, row)
        if is_split:
            message = (
                f"La ligne parle de « {heading.label} » et la colonne de « {over.label} » : deux indicateurs "
                "différents. Corrigez l’un des deux titres."
            )
            return Slot(refusal=Why(message))
        if self._is_elsewhere(meanings, heading, over):
            heading, over, meanings = _unsure_of(heading), _unsure_of(over), ()
        if unknown := self._unknown(heading, over, meanings):
            question = self._asking.about(
                unknown, heading, over, row, columns, has_indicator=bool(meanings)
            )
            return Slot(refusal=question.why, question=question)
        if not meanings:
            return Slot(refusal=_NO_LABEL)
        match = meanings[0]
        is_for_all = self.reader.by_code[match.target].level == "prefecture"
        service, is_total = self._service(heading, over, around, is_for_all=is_for_all)
        if service is None and not is_total and (waiting := around[-2].aside):
            return Slot(refusal=waiting)
        unit = over.unit or heading.unit or self._unit_around
        is_named = bool(heading.meanings or over.meanings)
        is_told = not is_named and bool(heading.unknown or over.unknown)  # by its unit
        is_far = not is_named and not is_told
        ceiling = match.score if is_told else CONTEXT_CONFIDENCE if is_far else 1
        value_score, reason = 0.0, ""
        if len(meanings) > 1 or match.role != Role.VALUE:
            value_score = self._value_score(meanings, heading, over, around)
        if is_far or is_total or match.score < 1:
            said = over if over.meanings or is_told and over.unknown else heading
            reason = self._reason(match, said, is_total, is_far)
        slot = Slot(
            meanings,
            value_score,
            Role.VALUE in (over.role, heading.role),
            service,
            is_total,
            unit,
            min(heading.confidence, over.confidence, ceiling),
            reason,
        )
        return self._of_right_unit(slot) if unit else slot

    def _of_other_department(self, heading: Heading, over: Heading) -> Why | None:
        """Return why the cells of another département are not used."""
        department = heading.department or over.department
        if not department or department == self.reader.prefecture.code:
            return None
        name = departments.NAMES.get(department, department)
        message = f"Ces cellules concernent un autre département ({name}, {department})."
        return Why(message, RefusalKind.LEFT_OUT)

    def _left_out(self, heading: Heading, over: Heading) -> Why | None:
        """Return why cells are no measure of the préfecture, whatever they count."""
        why = over.aside or heading.aside
        return why or self._of_other_department(heading, over) or self._goals

    def _look_around(self, around: Sequence[Heading]) -> None:
        """Note what the words around say: they are the same for row after row."""
        self._around = around
        self._goals = next(
            (far.aside for far in around if far.aside and far.aside.kind is RefusalKind.LEFT_OUT),
            None,
        )
        self._unit_around = next((far.unit for far in around if far.unit), "")
        self._meanings_around = next((far.meanings for far in around if far.meanings), ())

    def _unknown(self, heading: Heading, over: Heading, meanings: Sequence[Match]) -> str:
        """Return the words, over the cells or beside them, that somebody has to explain."""
        if stranger := heading.stranger or over.stranger:
            return stranger
        if not (over.unknown or heading.unknown):
            return ""
        for near in (over, heading):
            if near.unknown and not near.service and not near.meanings:
                is_told = any(match in near.possible for match in meanings)
                return "" if is_told and not (heading.meanings or over.meanings) else near.unknown
        return ""

    def _value_score(
        self, meanings: tuple[Match, ...], heading: Heading, over: Heading, around: list[Heading]
    ) -> float:
        """Return how surely the label of a numerator may also be that of the rate itself."""
        parts = [match.target for match in meanings if match.role == Role.NUMERATOR]
        if not parts:
            return 0
        if not heading.meanings and not over.meanings:
            over = next((far for far in around if far.meanings), over)
        possible = (*heading.possible, *over.possible)
        score = max((match.score for match in possible if match.target in parts), default=0)
        own = {same_label(self.reader.by_code[code].label) for code in parts}
        is_label = bool(own & {same_label(heading.label), same_label(over.label)})
        return score if is_label else min(score, NEARLY_LABEL)

    def _meanings(
        self, heading: Heading, columns: Columns, row: Row
    ) -> tuple[tuple[Match, ...], bool]:
        """Return what the cells mean, and whether row and column contradict each other."""
        over = columns.heading
        near, far = over.meanings, heading.meanings
        if not near and not far and (named := self._of_unit(heading, columns, row)):
            return (named,), False
        if near and far:
            targets = {match.target for match in far}
            common = tuple(match for match in near if match.target in targets)
            if not common:
                return (), True
            parts = {match.target: match.role for match in far if match.role != Role.VALUE}
            meanings = tuple(
                match._replace(role=parts.get(match.target, match.role)) for match in common
            )
        else:
            meanings = near or far or self._meanings_around
        role = over.role or heading.role
        if (over.is_rate or heading.is_rate) and len({match.target for match in meanings}) == 1:
            meanings = (meanings[0]._replace(role=Role.VALUE),)
        if role and role != Role.VALUE:
            meanings = tuple(match._replace(role=role) for match in meanings)
        return meanings, False

    def _is_elsewhere(self, meanings: Sequence[Match], heading: Heading, over: Heading) -> bool:
        if not self._elsewhere or not meanings:
            return False
        if not (heading.meanings or over.meanings or heading.unknown or over.unknown):
            return False  # said far around
        meant = words_of(self.reader.by_code[meanings[0].target].label)
        label = f"{heading.label or heading.unknown} {over.label or over.unknown}".strip()
        if f"indicator:{same_label(label)}" in self.reader.remembered:
            return False
        said = words_of(label)
        return is_of_one(meant, self._elsewhere, said)

    def _of_unit(self, heading: Heading, columns: Columns, row: Row) -> Match | None:
        """Return what « Réclamations », counted in « nombre », means: the one indicator of that unit."""
        over = columns.heading
        possible = (over if over.unknown else heading).possible
        values = [match for match in possible if match.role == Role.VALUE]
        unit = over.unit or heading.unit
        rivals = values
        if not unit:
            # Two indicators as near, and figures that bear the unit of one of them.
            rivals = [match for match in values if values[0].score - match.score < MARGIN]
            if len(rivals) > 1:
                unit = unit_of(self.layout.at(row, column) for column in columns.numbers)
        named = [match for match in values if self.reader.by_code[match.target].unit == unit]
        is_sure = len(named) == 1 and named[0] in rivals and named[0].score > 0.5
        return named[0] if unit and is_sure else None

    def _service(
        self, heading: Heading, over: Heading, around: list[Heading], *, is_for_all: bool
    ) -> tuple[str | None, bool]:
        if is_for_all and over.service and not heading.service and self._is_lone_whole(over):
            return None, False
        for near in (heading, over):
            if near.service:
                return near.service, False
        if heading.is_total and self.layout.row_axis != "period" or over.is_total:
            return None, "service" in (self.layout.row_axis, self.layout.column_axis)
        for far in around:
            # « Suivi du standard téléphonique », of calls to the whole préfecture: the sheet alone tells.
            if is_for_all and far.grip < Grip.EXACT and far is not around[-2]:
                continue
            if far.service or far.is_total:
                return far.service, False
        return None, False

    def _is_lone_whole(self, named: Heading) -> bool:
        """Tell whether « Préfecture », a site among sites, stands alone over the figures of them all."""
        services = {columns.heading.service for columns in self.layout.groups} - {None}
        texts = {over.text for columns in self.layout.groups for over in columns.headings}
        return (
            len(services) == 1 and named.grip is Grip.EXACT and all(map(is_whole_prefecture, texts))
        )

    def _reason(self, match: Match, said: Heading, is_total: bool, is_far: bool) -> str:
        reasons = []
        if is_far:
            reasons.append("Indicateur lu dans le titre ou le nom de la feuille.")
        elif match.score < 1:
            label = self.reader.by_code[match.target].label
            reasons.append(f"« {said.label or said.unknown} » compris comme « {label} ».")
        if is_total:
            reasons.append("Total du tableau : la préfecture entière.")
        return " ".join(reasons)

    def _of_right_unit(self, slot: Slot) -> Slot:
        """Refuse a table that counts in another unit than the indicator does."""
        match = slot.meanings[0]
        definition = self.reader.by_code[match.target]
        unit, expected = slot.unit, definition.unit
        is_part = match.role != Role.VALUE or slot.value_score > 0
        if unit == expected or is_part or {unit, expected} <= _DURATIONS:
            return slot
        message = (
            f"Le tableau compte ici en « {unit} » et l’indicateur « {definition.label} » en "
            f"« {expected} ». Convertissez ces valeurs, ou corrigez l’unité du tableau."
        )
        return Slot(refusal=Why(message))


def _unsure_of(heading: Heading) -> Heading:
    """Return a heading whose words may mean another thing, to be asked."""
    if not heading.meanings:
        return heading
    possible = heading.possible or heading.meanings
    return heading._replace(meanings=(), unknown=heading.label, possible=possible)
