"""Searching without accents or capitals, the same on SQLite and on PostgreSQL (docs/adr/0007).

``rows.filter(holding("délai titres", "title", "problem"))`` keeps the rows that hold every word, each
in one of the fields; ``title__holds="delai"`` is the lookup behind it.
"""

import json
import re
import unicodedata
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Field, JSONField, Lookup, Q, TextField
from django.db.models.sql.compiler import SQLCompiler


# A longer query says no more, and each word costs a reading of the rows.
MOST_WORDS: Final = 10
_MARKS: Final = re.compile("[\u0300-\u036f]")
# What no decomposition makes of the letters of French, and the two apostrophes.
_REPLACED: Final = (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("’", "'"))

Sql = tuple[str, list[Any] | tuple[Any, ...]]


def fold(text: str) -> str:
    """Return the text as it is compared: « L’Été » and « l'ete » are one."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        for written, compared in _REPLACED:
            text = text.replace(written, compared)
    return text.replace("\x00", "").lower()


def holding(query: str, *names: str) -> Q:
    """Return what keeps the rows that hold every word of a query, each in one of these fields.

    A field may be reached through a relation (« service__name »). Words beyond ``MOST_WORDS`` are
    not looked for; a query without a word keeps everything.
    """
    wanted = Q()
    for word in query.split()[:MOST_WORDS]:
        somewhere = Q()
        for name in names:
            somewhere |= Q(**{f"{name}__holds": word})
        wanted &= somewhere
    return wanted


class _Holds(Lookup):  # type: ignore[type-arg]
    """``<field>__holds``: whether the text holds another one, accents and capitals apart."""

    lookup_name = "holds"
    sqlite_function = "qp_fold"

    def get_prep_lookup(self) -> str:
        return fold(str(self.rhs))

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> Sql:
        """Fold with what PostgreSQL 13 and later has: no extension, hence no right to ask for."""
        text, params = self.process_lhs(compiler, connection)
        sql = f"regexp_replace(normalize({text}::text, NFKD), '[\u0300-\u036f]', '', 'g')"
        for written, compared in _REPLACED:
            quoted = compared.replace("'", "''")
            sql = f"replace({sql}, '{written}', '{quoted}')"
        return f"strpos(lower({sql}), %s) > 0", [*params, self.rhs]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> Sql:
        """Fold with the function that ``add_functions`` gave to the connection."""
        text, params = self.process_lhs(compiler, connection)
        return f"instr({self.sqlite_function}({text}), %s) > 0", [*params, self.rhs]


class _JsonHolds(_Holds):
    """The same in a JSON field, which SQLite keeps with its accents escaped."""

    sqlite_function = "qp_fold_json"


def _register(lookup: type[_Holds], *fields: type[Field]) -> None:
    for field in fields:
        field.register_lookup(lookup)


_register(_Holds, CharField, TextField)
_register(_JsonHolds, JSONField)


def add_functions(connection: BaseDatabaseWrapper, **extra: Any) -> None:
    """Give a new SQLite connection the functions of the lookups (receiver of ``connection_created``)."""
    if connection.vendor == "sqlite":
        create = connection.connection.create_function
        create("qp_fold", 1, _sqlite_fold, deterministic=True)
        create("qp_fold_json", 1, _sqlite_fold_json, deterministic=True)


def _sqlite_fold(text: str | None) -> str | None:
    return None if text is None else fold(str(text))


def _sqlite_fold_json(text: str | None) -> str | None:
    return None if text is None else fold(json.dumps(json.loads(text), ensure_ascii=False))
