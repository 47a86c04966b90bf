"""The history of things in plain French: « Mme X a modifié le lieu : « A » → « B » ».

Rows come from django-simple-history. Few queries, whatever the number of things and changes: two for
each kind of thing, one for each kind of thing they point to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from common.grammar import with_article
from common.typography import date_in_words, number_in_words, time_in_words


# Saves of one person on one thing closer than this are one act: drafts are saved every few seconds.
SAME_ACT = timedelta(minutes=15)
SHORT = 60
# Rows read for each entry asked for: most are folded into one act.
ROWS_PER_ENTRY = 8
# (model, key) → name of the thing that a field points to.
_Names = dict[tuple[type[models.Model] | None, Any], str]
_NAMES = ("title", "name", "label", "subject", "last_name", "function")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act: when, by whom (« L’application » without an account), what it did."""

    when: datetime
    who: str
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(slots=True)
class _Act:
    """Consecutive rows of one thing by one person: from ``before`` (or nothing) to ``after``."""

    after: Any
    before_id: int | None
    before: Any = None
    is_primary: bool = True
    m2m: dict[str, tuple[frozenset[Any], frozenset[Any]]] = field(default_factory=dict)


def history_entries(
    *instances: models.Model,
    children: Iterable[tuple[type[models.Model], str]] = (),
    limit: int = 30,
) -> list[HistoryEntry]:
    """Return the acts on ``instances``, newest first, at most ``limit``.

    The first instance is the one whose page it is; the sentence names the others. ``children`` adds
    the things that point to the first instance, the deleted ones too: ``[(AgendaItem, "meeting")]``.
    """
    acts: list[_Act] = []
    for model, wanted, is_primary in _sources(instances, children):
        acts += _acts(model, wanted, limit, is_primary)
    acts.sort(key=lambda act: (act.after.history_date, act.after.history_id), reverse=True)
    changes = [(act, _changed_fields(act)) for act in acts[:limit]]
    names = _names_of_related(changes)
    entries = (_entry(act, fields, names) for act, fields in changes)
    return [entry for entry in entries if entry is not None]


def _sources(
    instances: tuple[models.Model, ...], children: Iterable[tuple[type[models.Model], str]]
) -> Iterator[tuple[type[models.Model], Q, bool]]:
    """Yield (model, rows wanted, whether it is the thing of the page)."""
    first, *others = instances
    yield type(first), Q(**{first._meta.pk.attname: first.pk}), True
    by_model: dict[type[models.Model], list[Any]] = defaultdict(list)
    for instance in others:
        by_model[type(instance)].append(instance.pk)
    for model, keys in by_model.items():
        yield model, Q(**{f"{model._meta.pk.attname}__in": keys}), False
    for model, foreign_key in children:
        yield model, Q(**{f"{foreign_key}_id": first.pk}), False


def _acts(model: type[models.Model], wanted: Q, limit: int, is_primary: bool) -> list[_Act]:
    """Read the rows of one model and fold them into acts (2 queries, and 1 for each m2m field)."""
    history = model.history.model  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    earlier = history.objects.filter(
        **{key: OuterRef(key)}, history_id__lt=OuterRef("history_id")
    ).order_by("-history_id")
    rows = list(
        history.objects.filter(wanted)
        .select_related("history_user")
        .annotate(earlier_history_id=Subquery(earlier.values("history_id")[:1]))
        .order_by("-history_date", "-history_id")[: limit * ROWS_PER_ENTRY]
    )
    acts: list[_Act] = []
    newest_of: dict[Any, tuple[_Act, Any]] = {}
    for row in rows:
        act, later = newest_of.get(getattr(row, key), (None, None))
        if act is not None and _continues(row, later):
            act.before_id = row.earlier_history_id
        else:
            act = _Act(after=row, before_id=row.earlier_history_id, is_primary=is_primary)
            acts.append(act)
        newest_of[getattr(row, key)] = (act, row)
    acts = acts[:limit]
    before = history.objects.in_bulk(
        [act.before_id for act in acts if act.before_id is not None], field_name="history_id"
    )
    for act in acts:
        act.before = before.get(act.before_id)
    _read_m2m(history, acts)
    return acts


def _continues(row: Any, later: Any) -> bool:
    """Tell whether ``later`` (the next row of the same thing) belongs to the same act as ``row``."""
    if later.history_type == "-" or row.history_user_id != later.history_user_id:
        return False
    if later.history_date - row.history_date > SAME_ACT:
        return False
    # A creation is told as such; what its form saves in the same breath is part of it.
    return row.history_type == "~" or (later.history_date - row.history_date).total_seconds() < 5


def _read_m2m(history: Any, acts: list[_Act]) -> None:
    ids = [row.history_id for act in acts for row in (act.before, act.after) if row is not None]
    for relation in history._history_m2m_fields:
        through = getattr(history, relation.name).model
        target = f"{relation.m2m_reverse_field_name()}_id"
        held: dict[int, set[Any]] = defaultdict(set)
        pairs = through.objects.filter(history_id__in=ids).order_by("pk")
        for row_id, pk in pairs.values_list("history_id", target):
            held[row_id].add(pk)
        for act in acts:
            old = frozenset(held[act.before.history_id]) if act.before else frozenset()
            act.m2m[relation.name] = (old, frozenset(held[act.after.history_id]))


def _changed_fields(act: _Act) -> list[models.Field]:
    """Return the fields that the act changed and that people fill in."""
    if act.before is None or act.after.history_type != "~":
        return []
    fields = [
        item
        for item in act.after.tracked_fields
        if (item.editable or item.name == "removed_at")
        and getattr(act.before, item.attname) != getattr(act.after, item.attname)
    ]
    fields += [item for item in act.after._history_m2m_fields if len(set(act.m2m[item.name])) > 1]
    return fields


def _names_of_related(
    changes: list[tuple[_Act, list[models.Field]]],
) -> _Names:
    """Return the names of everything that the changed fields point to (1 query for each model)."""
    wanted: dict[type[models.Model] | None, set[Any]] = defaultdict(set)
    for act, fields in changes:
        for item in fields:
            if item.many_to_many:
                wanted[item.related_model] |= act.m2m[item.name][0] | act.m2m[item.name][1]
            elif item.is_relation:
                values = {getattr(row, item.attname) for row in (act.before, act.after)}
                wanted[item.related_model] |= values - {None}
    return {
        (model, pk): str(instance)
        for model, keys in wanted.items()
        if model is not None
        for pk, instance in model._base_manager.in_bulk(keys).items()
    }


def _entry(act: _Act, fields: list[models.Field], names: _Names) -> HistoryEntry | None:
    row = act.after
    who = str(row.history_user) if row.history_user else "L’application"
    thing = with_article(row.instance_type._meta.verbose_name)
    name = next((getattr(row, item) for item in _NAMES if getattr(row, item, "")), "")
    if name and not act.is_primary:
        thing += f" {_quoted(str(name))}"

    def entry(what: str, details: tuple[str, ...] = ()) -> HistoryEntry:
        return HistoryEntry(row.history_date, who, f"{who} {what}", details)

    if row.history_type == "-":
        return entry(f"a supprimé {thing}")
    if act.before is None:
        return entry(f"a créé {thing}")
    removal = next((item for item in fields if item.name == "removed_at"), None)
    if removal is not None:
        return entry(f"a {'retiré' if row.removed_at else 'rétabli'} {thing}")
    if not fields:
        return None
    told = [(str(item.verbose_name), _change(item, act, names)) for item in fields]
    if len(told) == 1 and act.is_primary:
        label, change = told[0]
        return entry(f"a modifié {with_article(label)} : {change}")
    details = tuple(f"{label[:1].upper()}{label[1:]} : {change}" for label, change in told)
    return entry(f"a modifié {thing}", details)


def _change(item: models.Field, act: _Act, names: _Names) -> str:
    if item.many_to_many:
        old, new = act.m2m[item.name]
        signs = [("ajouté", new - old), ("retiré", old - new)]
        return " ; ".join(
            f"{', '.join(sorted(names.get((item.related_model, pk), 'supprimé') for pk in keys))} ({sign})"
            for sign, keys in signs
            if keys
        )
    old, new = (getattr(row, item.attname) for row in (act.before, act.after))
    if _is_long(old) or _is_long(new):
        return f"texte de {len(old or '')} caractères → {len(new or '')} caractères"
    return f"{_words(item, old, names)} → {_words(item, new, names)}"


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 2 * SHORT


def _words(item: models.Field, value: Any, names: _Names) -> str:
    """Write one value as it is said: words of a choice, date in words, shortened text."""
    if value is None or value == "":
        return "vide"
    if item.is_relation:
        return names.get((item.related_model, value), "supprimé depuis")
    if item.flatchoices:
        return str(dict(item.flatchoices).get(value, value))
    return _plain_words(value)


def _plain_words(value: Any) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{date_in_words(local)} à {time_in_words(local.time())}"
        case date():
            return date_in_words(value)
        case time():
            return time_in_words(value)
        case int() | float() | Decimal():
            return number_in_words(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > SHORT:
        text = text[: SHORT - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
    return f"« {text} »"
