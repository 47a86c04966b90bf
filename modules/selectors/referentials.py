"""Reads of the pages of the référentiels."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet

from accounts.access import Scope
from common.textdiff import Piece, word_diff
from modules.enums import Certainty
from modules.models import Commitment, Heading, Module, Referential


def referentials_for_list(scope: Scope) -> QuerySet[Any]:
    """Référentiels with the number of their modules and of those to confirm, newest first."""
    to_confirm = Q(modules__number_certainty=Certainty.TO_CONFIRM) | Q(
        modules__title_certainty=Certainty.TO_CONFIRM
    )
    unsure = Q(commitments__certainty=Certainty.TO_CONFIRM)
    return (
        Referential.objects.visible_to(scope)
        .select_related("predecessor")
        .annotate(
            module_count=Count("modules", distinct=True),
            to_confirm_count=Count("modules", filter=to_confirm, distinct=True),
            commitment_count=Count("commitments", distinct=True),
            unsure_count=Count("commitments", filter=unsure, distinct=True),
        )
        .order_by("-published_on", "pk")
    )


def modules_of(referential: Referential) -> QuerySet[Any]:
    """Modules of a référentiel in the order of their numbers."""
    return Module.objects.filter(referential=referential).order_by("number")


@dataclass(frozen=True, slots=True)
class Doubts:
    """How many rows of a référentiel are « à confirmer », out of how many."""

    modules: int
    module_count: int
    commitments: int
    commitment_count: int


def doubts_of(referential: Referential) -> Doubts:
    """Count them (2 queries)."""
    modules = [module.certainty for module in modules_of(referential)]
    certainties = list(commitments_of(referential).values_list("certainty", flat=True))
    return Doubts(
        modules=modules.count(Certainty.TO_CONFIRM),
        module_count=len(modules),
        commitments=certainties.count(Certainty.TO_CONFIRM),
        commitment_count=len(certainties),
    )


@dataclass(slots=True)
class HeadingPage:
    """A rubrique with those of its commitments that answer the filters."""

    heading: Heading
    commitments: list[Commitment] = field(default_factory=list)


@dataclass(slots=True)
class ModulePage:
    """A module with its rubriques."""

    module: Module
    headings: list[HeadingPage] = field(default_factory=list)

    @property
    def commitment_count(self) -> int:
        return sum(len(item.commitments) for item in self.headings)


def modules_for_page(
    referential: Referential, commitments: QuerySet[Any], *, is_filtered: bool
) -> list[ModulePage]:
    """Modules, rubriques and these commitments (3 queries); filtered, what is empty is left out."""
    modules = {module.pk: ModulePage(module) for module in modules_of(referential)}
    headings: dict[int, HeadingPage] = {}
    rows = Heading.objects.filter(module__referential=referential)
    for heading in rows.order_by("position"):
        headings[heading.pk] = HeadingPage(heading)
        modules[heading.module_id].headings.append(headings[heading.pk])
    for commitment in commitments:
        headings[commitment.heading_id].commitments.append(commitment)
    if is_filtered:
        for page in modules.values():
            page.headings = [item for item in page.headings if item.commitments]
        return [page for page in modules.values() if page.headings]
    return list(modules.values())


def commitments_of(referential: Referential) -> QuerySet[Any]:
    """Commitments of a référentiel in its order."""
    return Commitment.objects.filter(referential=referential).order_by("position")


def commitment_of(referential: Referential, code: str) -> Commitment | None:
    """One commitment by its local code; ``None`` if the référentiel has no such code."""
    return (
        commitments_of(referential)
        .filter(code=code)
        .select_related("referential", "heading__module")
        .first()
    )


def module_of(referential: Referential, number: int) -> Module | None:
    """One module by its number; ``None`` if the référentiel has no such number."""
    return Module.objects.filter(referential=referential, number=number).first()


def heading_of(referential: Referential, pk: int) -> Heading | None:
    """One rubrique of this référentiel; ``None`` if it is not one of its own."""
    rows = Heading.objects.filter(module__referential=referential, pk=pk)
    return rows.select_related("module").first()


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One correction: field, what it said and what it says."""

    label: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """Word by word, from the one to the other."""
        return word_diff(self.before, self.after)


@dataclass(frozen=True, slots=True)
class RevisionPage:
    """A correction ready for its page; ``reason_label`` names what its ``source`` holds."""

    revision: Any
    lines: list[RevisionLine]
    reason_label: str


def revisions_of(row: Any, reason_label: str = "Source de la correction") -> list[RevisionPage]:
    """Corrections of a row that has ``revisions``, newest first (1 query)."""
    revisions = row.revisions.select_related("made_by").order_by("-made_at", "-pk")
    return [
        RevisionPage(
            revision,
            [
                RevisionLine(
                    _label(row, name),
                    _said(row, name, revision.before[name]),
                    _said(row, name, value),
                )
                for name, value in revision.after.items()
                if value != revision.before[name]
            ],
            reason_label,
        )
        for revision in revisions
    ]


def _label(row: models.Model, name: str) -> str:
    label = str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return f"{label[:1].upper()}{label[1:]}"


def _said(row: models.Model, name: str, value: Any) -> str:
    """Write a value kept as JSON: a choice in its words, several names side by side."""
    if isinstance(value, list):
        return " · ".join(value)
    words = dict(row._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(words.get(value, value))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a commitment comes from, or what became of it."""

    mapping: Any
    other: Any
    is_earlier: bool


def origins_of(commitment: Commitment) -> list[Origin]:
    """The commitments it comes from and those it became (2 queries)."""
    earlier = commitment.earlier_mappings.filter(old__isnull=False)
    later = commitment.later_mappings.filter(new__isnull=False)
    before = earlier.select_related("old__referential").order_by("position", "pk")
    after = later.select_related("new__referential").order_by("position", "pk")
    return [Origin(row, row.old, True) for row in before] + [
        Origin(row, row.new, False) for row in after
    ]
