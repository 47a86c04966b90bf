"""The columns of the tables « Actions » and « Étapes »: one list for the export and the import."""

from dataclasses import dataclass
from enum import StrEnum

from action_plans import limits
from action_plans.enums import ActionKind, ActionState, Priority
from common.written import plain_key


class Kind(StrEnum):
    """How the cells of a column are written and read.

    ``NAME`` and ``CODES`` name rows of the préfecture or of its référentiels; ``READ`` is written for
    information and never imported.
    """

    WHOLE = "whole"
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    PERCENT = "percent"
    FLAG = "flag"
    CHOICE = "choice"
    NAME = "name"
    CODES = "codes"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``limit`` is the longest text; ``width`` is in centimetres.

    ``is_key``: tells which row a line is, never a value to change.
    """

    name: str
    title: str
    kind: Kind
    width: float = 3.0
    limit: int = 0
    is_key: bool = False
    is_private: bool = False

    @property
    def is_writable(self) -> bool:
        """Whether a line may change it."""
        return not self.is_key and self.kind != Kind.READ


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet: its name, its columns in the order of the export, those without which it means nothing."""

    sheet: str
    columns: tuple[Column, ...]
    required: tuple[str, ...]

    def column(self, name: str) -> Column:
        """Return the column that fills this field."""
        return next(item for item in self.columns if item.name == name)

    def by_title(self) -> dict[str, Column]:
        """Return the columns by their title without accents nor capitals."""
        return {plain_key(item.title): item for item in self.columns}


ACTIONS = Layout(
    "Actions",
    (
        Column("number", "Numéro", Kind.WHOLE, 1.8, is_key=True),
        Column("title", "Intitulé", Kind.LINE, 8.0, limits.TITLE),
        Column("state", "État", Kind.CHOICE, 2.6),
        Column("state_reason", "Motif", Kind.LINE, 5.0, limits.REASON),
        Column("priority", "Priorité", Kind.CHOICE, 2.2),
        Column("kind", "Nature", Kind.CHOICE, 4.0),
        Column("axis", "Axe", Kind.NAME, 4.0),
        Column("service", "Service", Kind.NAME, 5.0),
        Column("owner", "Compte du responsable", Kind.NAME, 5.5, is_private=True),
        Column("owner_name", "Nom du responsable", Kind.LINE, 4.5, limits.NAME),
        Column("owner_email", "Courriel du responsable", Kind.LINE, 5.5, 254, is_private=True),
        Column("partners", "Partenaires", Kind.LINE, 5.0, 300),
        Column("starts_on", "Début", Kind.DATE, 2.6),
        Column("due_on", "Échéance", Kind.DATE, 2.6),
        Column("done_on", "Réalisée le", Kind.DATE, 2.6),
        Column("progress", "Avancement", Kind.PERCENT, 2.4),
        Column("modules", "Modules", Kind.CODES, 3.0),
        Column("commitments", "Engagements", Kind.CODES, 4.0),
        Column("problem", "Problème constaté", Kind.TEXT, 8.0, limits.LONG_TEXT),
        Column("cause", "Analyse des causes", Kind.TEXT, 8.0, limits.LONG_TEXT),
        Column("means", "Moyens", Kind.TEXT, 6.0, limits.LONG_TEXT),
        Column("cost", "Coût (euros)", Kind.MONEY, 2.6),
        Column("is_highlighted", "À présenter au comité", Kind.FLAG, 2.6),
        Column("origins", "Origines (pour information)", Kind.READ, 6.0),
        Column("measures", "Mesures de l’effet (pour information)", Kind.READ, 6.0),
        Column("verdict", "Conclusion (pour information)", Kind.READ, 4.0),
        Column("revision", "Révision", Kind.WHOLE, 2.0, is_key=True),
        Column("referential", "Référentiel", Kind.LINE, 4.0, 120, is_key=True),
        Column("prefecture", "Préfecture", Kind.LINE, 2.4, is_key=True),
    ),
    required=("number", "title", "revision"),
)
STEPS = Layout(
    "Étapes",
    (
        Column("number", "Numéro de l’action", Kind.WHOLE, 2.4, is_key=True),
        Column("title", "Étape", Kind.LINE, 9.0, limits.TITLE),
        Column("owner_name", "Par", Kind.LINE, 4.5, limits.NAME),
        Column("due_on", "Pour le", Kind.DATE, 2.6),
        Column("done_on", "Faite le", Kind.DATE, 2.6),
        Column("key", "Repère", Kind.WHOLE, 2.0, is_key=True),
        Column("revision", "Révision", Kind.WHOLE, 2.0, is_key=True),
        Column("prefecture", "Préfecture", Kind.LINE, 2.4, is_key=True),
    ),
    required=("number", "title", "key", "revision"),
)
# In a CSV file, which has one sheet, the steps are told in a cell, for information.
STEPS_COLUMN = Column("steps", "Étapes (pour information)", Kind.READ, 8.0)
HELP_SHEET = "Mode d’emploi"
CHOICES: dict[str, dict[str | int, str]] = {
    "state": {item.value: item.label for item in ActionState},
    "priority": {item.value: item.label for item in Priority},
    "kind": {item.value: item.label for item in ActionKind},
}
# What a new action is when its cell is blank.
DEFAULTS = {
    "state": ActionState.TO_START.value,
    "priority": Priority.NORMAL.value,
    "kind": ActionKind.CORRECTIVE.value,
}
