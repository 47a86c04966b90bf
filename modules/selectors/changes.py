"""Two référentiels ready to be compared, and what it means for a préfecture."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.access import Permission, Scope
from modules.enums import AssessmentResult, Certainty, ChangeKind
from modules.models import (
    AssessmentRow,
    Commitment,
    Evidence,
    EvidenceLink,
    LabelCycle,
    Module,
    Referential,
)
from modules.referential_files_entries import MappingEntry, ReferentialEntry
from modules.rules.changes import (
    CommitmentText,
    Comparison,
    Link,
    ModuleChange,
    ModuleText,
    Version,
    compare,
)
from modules.rules.changes_consequences import (
    Held,
    ModuleConsequence,
    consequences_by_module,
)
from modules.rules.changes_text import agenda_text
from modules.selectors.cycles import current_cycle
from modules.selectors.readiness_points import assessment_to_read


def version_of_entry(entry: ReferentialEntry) -> Version:
    """Return the content of a file as it is compared."""
    mapping = entry.mapping
    return Version(
        slug=entry.slug,
        name=entry.name,
        modules=tuple(
            ModuleText(item.number, item.title, item.title_certainty) for item in entry.modules
        ),
        commitments=tuple(
            CommitmentText(item.code, item.wording, item.certainty, module.number, heading.title)
            for module in entry.modules
            for heading in module.headings
            for item in heading.commitments
        ),
        previous=mapping.previous if mapping else None,
        mapping_note=mapping.note if mapping else "",
        module_links=tuple(_link(item) for item in mapping.modules) if mapping else (),
        commitment_links=tuple(_link(item) for item in mapping.commitments) if mapping else (),
    )


def _link(item: MappingEntry) -> Link:
    return Link(item.kind, item.old, item.new, item.note, item.certainty, item.source)


def version_of(referential: Referential) -> Version:
    """Return a loaded référentiel as it is compared (4 queries, and 1 for its previous one)."""
    modules = Module.objects.filter(referential=referential).order_by("number")
    commitments = (
        Commitment.objects.filter(referential=referential)
        .select_related("heading__module")
        .order_by("position")
    )
    module_rows = referential.module_mappings.select_related("old", "new")
    rows = referential.commitment_mappings.select_related("old", "new")
    return Version(
        slug=referential.slug,
        name=referential.name,
        modules=tuple(ModuleText(item.number, item.title, item.title_state) for item in modules),
        commitments=tuple(
            CommitmentText(
                item.code,
                item.wording,
                item.certainty_state,
                item.heading.module.number,
                item.heading.title,
            )
            for item in commitments
        ),
        previous=referential.predecessor.slug if referential.predecessor else None,
        mapping_note=referential.mapping_note,
        module_links=_links(module_rows.order_by("position", "pk"), "number"),
        commitment_links=_links(rows.order_by("position", "pk"), "code"),
    )


def _links(rows: Iterable[Any], key: str) -> tuple[Link, ...]:
    """Gather the rows of one entry: they share its position."""
    by_position: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_position[row.position].append(row)
    return tuple(
        Link(
            kind=ChangeKind(group[0].kind),
            old=_keys([row.old for row in group], key),
            new=_keys([row.new for row in group], key),
            note=group[0].note,
            certainty=Certainty(group[0].certainty),
            source=group[0].source,
        )
        for group in by_position.values()
    )


def _keys(rows: list[Any], key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(getattr(row, key)) for row in rows if row is not None))


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a change of référentiel means for the démarche that a préfecture is in.

    ``work``: what becomes of its answers and pieces, while it still follows the old one.
    """

    cycle: LabelCycle
    is_on_old: bool
    modules: list[ModuleChange]
    work: list[ModuleConsequence]

    @property
    def sentence(self) -> str:
        """Return it in one French sentence."""
        name = f"La démarche « {self.cycle.name} »"
        if not self.modules:
            return f"{name} n’est pas concernée : aucun de ses modules ne change."
        numbers = ", ".join(str(change.main.number) for change in self.modules)
        many = len(self.modules) > 1
        which = f"module{'s' if many else ''} {numbers}"
        if self.is_on_old:
            return (
                f"{name} suit encore {self.cycle.referential.name} ; adopter le nouveau référentiel "
                f"toucherait {'ses' if many else 'son'} {which}."
            )
        return f"{name} suit déjà {self.cycle.referential.name} ; changement : {which}."


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The page « Ce qui change »; ``consequences`` is ``None`` without a démarche concerned."""

    comparison: Comparison
    consequences: Consequences | None

    @property
    def text(self) -> str:
        """Text of the agenda item."""
        found = self.consequences
        if found is None:
            return agenda_text(self.comparison)
        return agenda_text(self.comparison, found.sentence, [item.line for item in found.work])


def changes_for_page(referential: Referential, scope: Scope) -> ChangesPage | None:
    """Compare a référentiel with the one it follows; ``None`` when it follows none."""
    if referential.predecessor is None:
        return None
    comparison = compare(version_of(referential.predecessor), version_of(referential))
    return ChangesPage(comparison, _consequences(comparison, scope))


def _consequences(comparison: Comparison, scope: Scope) -> Consequences | None:
    cycle = current_cycle(scope.prefecture) if scope.prefecture else None
    if cycle is None:
        return None
    slug = cycle.referential.slug
    if slug not in {comparison.old.slug, comparison.new.slug}:
        return None
    is_on_old = slug == comparison.old.slug
    retained = {item.module.number for item in cycle.cycle_modules.all()}

    def concerns(change: ModuleChange) -> bool:
        side = change.old if is_on_old else change.new
        return not change.is_same and any(item.number in retained for item in side)

    modules = [change for change in comparison.modules if concerns(change)]
    # What the services answered is not for everybody who reads the référentiels.
    may_read = is_on_old and scope.may(Permission.READINESS_READ)
    work = consequences_by_module(comparison, _held(cycle, scope), retained) if may_read else []
    return Consequences(cycle, is_on_old, modules, work)


def _held(cycle: LabelCycle, scope: Scope) -> dict[str, Held]:
    """Return what the démarche holds by code of commitment: the last answers, the pieces kept."""
    answered = (
        AssessmentRow.objects.filter(
            sheet__assessment=assessment_to_read(cycle, scope),
        )
        .exclude(result=AssessmentResult.NOT_ASSESSED)
        .values("commitment__code")
        .annotate(number=Count("pk"))
        .order_by("commitment__code")
    )
    answers = {row["commitment__code"]: row["number"] for row in answered}
    pieces: dict[str, set[int]] = defaultdict(set)
    links = EvidenceLink.objects.filter(
        cycle=cycle, evidence__in=Evidence.objects.visible_to(scope).filter(removed_at=None)
    )
    for code, piece in links.order_by("pk").values_list("commitment__code", "evidence_id"):
        pieces[code].add(piece)
    return {
        code: Held(answers.get(code, 0), frozenset(pieces.get(code, ())))
        for code in {*answers, *pieces}
    }
