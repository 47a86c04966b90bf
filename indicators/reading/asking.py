"""Questions about the labels of one table that nobody but a person can explain."""

from dataclasses import dataclass

from indicators.reading.definitions import WHOLE, WHOLE_LABEL, Choice, Question
from indicators.reading.headings import Heading, Reader
from indicators.reading.layout import Layout
from indicators.reading.series import Columns, address
from indicators.reading.tables import Row
from indicators.reading.words import same_label


_MOST_CHOICES = 5
_NO_SERVICE = (
    "Aucun service ni site de la préfecture ne porte ce nom : répondez, ou corrigez-le dans le "
    "fichier."
)


@dataclass
class Asking:
    """Asks which service, or which indicator, a label of this table names."""

    reader: Reader
    sheet: str
    layout: Layout

    def about(
        self,
        unknown: str,
        heading: Heading,
        over: Heading,
        row: Row,
        columns: Columns,
        *,
        has_indicator: bool,
    ) -> Question:
        """Return the question about words that stand over the cells or beside them."""
        is_over = unknown == over.unknown
        axis = self.layout.column_axis if is_over else self._kind_of_row_label()
        is_service = unknown == heading.stranger or axis == "service"
        is_service = is_service or has_indicator and axis != "indicator"
        kind = "service" if is_service else "indicator"
        if kind == "service":
            text = f"De quel service parle « {unknown} » ?"
            named = {service.key: service.name for service in self.reader.services}
            found = self.reader.possible_services(unknown)
        else:
            text = f"Quel indicateur désigne « {unknown} » ?"
            named = {code: definition.label for code, definition in self.reader.by_code.items()}
            found = list((over if is_over else heading).possible)
        best = {match.target: match.score for match in reversed(found)}
        choices = [Choice(target, named[target], score) for target, score in best.items()]
        choices = sorted(choices, key=lambda choice: -choice.confidence)[:_MOST_CHOICES]
        choices += [Choice(WHOLE, WHOLE_LABEL)] if kind == "service" else []
        key = f"{kind}:{same_label(unknown)}"
        cell = self._cell_over(columns) if is_over else self._cell_beside(row)
        hint = _NO_SERVICE if kind == "service" else ""
        return Question(kind, key, self.sheet, cell, text, tuple(choices), hint)

    def _cell_over(self, columns: Columns) -> str:
        return address(self.layout.table.heading_row, columns.numbers[0])

    def _cell_beside(self, row: Row) -> str:
        labels = self.layout.label_columns
        return address(row.number, labels[0] if labels else 0)

    def _kind_of_row_label(self) -> str:
        kinds = [
            kind for kind in self.layout.label_kinds.values() if kind in ("service", "indicator")
        ]
        return kinds[-1] if len(kinds) == 1 else self.layout.row_axis
