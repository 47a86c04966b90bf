"""« Si l’audit avait lieu demain »: what each service could show for each commitment. Pure.

A *point* is one commitment in one service. This is the application's own reading, to prepare an
audit: the référentiel gives no score and no threshold, and none is computed here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.enums import Tone
from common.typography import date_in_words
from modules.enums import AssessmentResult, EvidenceState, SheetState


class Standing(StrEnum):
    """Where a point stands. « Manquant » is no answer, never a nought."""

    PROVED = "proved"
    DOUBTFUL = "doubtful"
    GAP = "gap"
    MISSING = "missing"
    NOT_APPLICABLE = "na"

    @property
    def words(self) -> "StandingWords":
        return STANDINGS[self]


@dataclass(frozen=True, slots=True)
class StandingWords:
    """How a standing is written. ``letter`` and ``sign`` tell it where there is little room."""

    label: str
    singular: str
    plural: str
    letter: str
    sign: str
    tone: Tone
    meaning: str


# The letters differ from those of the grid of the auto-diagnostic (C, P, N), which mean results.
STANDINGS: dict[Standing, StandingWords] = {
    Standing.PROVED: StandingWords(
        *("Tenu", "tenu et prouvé", "tenus et prouvés", "T", "✓", Tone.GOOD),
        "conforme, grille acceptée, pièce valable ou fiche de procédure en vigueur",
    ),
    Standing.DOUBTFUL: StandingWords(
        *("Fragile", "fragile", "fragiles", "F", "▲", Tone.WATCH),
        "conforme, mais il manque une preuve montrable ou une relecture",
    ),
    Standing.GAP: StandingWords(
        *("Écart", "écart", "écarts", "E", "✕", Tone.BAD),
        "partiellement conforme ou non conforme",
    ),
    Standing.MISSING: StandingWords(
        *("Manquant", "sans réponse", "sans réponse", "M", "?", Tone.NOT_MEASURED),
        "le service n’a pas répondu",
    ),
    Standing.NOT_APPLICABLE: StandingWords(
        *("Sans objet", "sans objet", "sans objet", "S", "–", Tone.NOT_APPLICABLE),
        "le service n’est pas concerné par l’engagement",
    ),
}
# What asks for work.
OPEN = frozenset({Standing.DOUBTFUL, Standing.GAP, Standing.MISSING})


class Cause(StrEnum):
    """Why a point is not held and proved."""

    NO_SHEET = "no_sheet"
    NO_ROW = "no_row"
    NOT_ASSESSED = "not_assessed"
    NONCONFORMING = "nonconforming"
    PARTIAL = "partial"
    NEEDS_REVIEW = "needs_review"
    NO_PIECE = "no_piece"
    RESTRICTED = "restricted"
    EXPIRED = "expired"
    SOON = "soon"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece joined to a point; ``key`` is its id. An auditor is never shown a restricted one."""

    key: int
    title: str
    state: EvidenceState
    expires_on: date | None
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a point. ``sheet``: none, the service has no grid; ``result``: none, no row."""

    sheet: SheetState | None
    result: AssessmentResult | None
    needs_review: bool = False
    pieces: tuple[Piece, ...] = ()
    procedure_count: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a point stands, the causes to lift (all of them) and one French sentence.

    ``stale`` is the piece whose renewal would prove it; only with ``EXPIRED`` or ``SOON``.
    """

    standing: Standing
    causes: tuple[Cause, ...]
    reason: str
    stale: Piece | None = None


_MISSING_REASONS = {
    Cause.NO_SHEET: "Le service n’a pas de grille dans cet auto-diagnostic.",
    Cause.NO_ROW: "L’engagement n’est pas dans la grille du service.",
    Cause.NOT_ASSESSED: "Le service n’a pas encore évalué cet engagement.",
}
_GAP_REASONS = {
    Cause.PARTIAL: "Le service s’évalue partiellement conforme.",
    Cause.NONCONFORMING: "Le service s’évalue non conforme.",
}
_GAPS = {
    AssessmentResult.PARTIAL: Cause.PARTIAL,
    AssessmentResult.NONCONFORMING: Cause.NONCONFORMING,
}


def judge(facts: Facts) -> Verdict:
    """Tell where a point stands, and why."""
    missing = _why_missing(facts)
    if missing is not None:
        return Verdict(Standing.MISSING, (missing,), _MISSING_REASONS[missing])
    if facts.result is AssessmentResult.NOT_APPLICABLE:
        return Verdict(Standing.NOT_APPLICABLE, (), "Le service répond « sans objet ».")
    if facts.result in _GAPS:
        gap = _GAPS[facts.result]
        return Verdict(Standing.GAP, (gap,), _GAP_REASONS[gap])
    return _judge_conforming(facts)


def _why_missing(facts: Facts) -> Cause | None:
    if facts.sheet is None:
        return Cause.NO_SHEET
    if facts.result is None:
        return Cause.NO_ROW
    return Cause.NOT_ASSESSED if facts.result is AssessmentResult.NOT_ASSESSED else None


def _judge_conforming(facts: Facts) -> Verdict:
    causes: list[Cause] = []
    sentences: list[str] = []
    lacking, stale = _why_unproved(facts)
    if lacking is not None:
        causes.append(lacking)
        sentences.append(_unproved_sentence(lacking, stale))
    if facts.needs_review:
        causes.append(Cause.NEEDS_REVIEW)
        sentences.append("Réponse reprise d’un autre référentiel, à relire.")
    if facts.sheet is not None and facts.sheet is not SheetState.ACCEPTED:
        causes.append(Cause.NOT_ACCEPTED)
        sentences.append(f"Grille {facts.sheet.label.lower()}, pas encore acceptée.")
    if causes:
        return Verdict(Standing.DOUBTFUL, tuple(causes), " ".join(sentences), stale)
    return Verdict(Standing.PROVED, (), f"Conforme, {_proofs_in_words(facts)}.")


def _shown(facts: Facts, state: EvidenceState) -> list[Piece]:
    return [item for item in facts.pieces if item.state is state and not item.is_restricted]


def _why_unproved(facts: Facts) -> tuple[Cause | None, Piece | None]:
    """Return what the proof lacks and the piece that lasts longest, if one is to be renewed."""
    if facts.procedure_count or _shown(facts, EvidenceState.VALID):
        return None, None
    for state, cause in ((EvidenceState.SOON, Cause.SOON), (EvidenceState.EXPIRED, Cause.EXPIRED)):
        if found := _shown(facts, state):
            return cause, max(found, key=lambda item: (item.expires_on or date.max, -item.key))
    return (Cause.RESTRICTED if facts.pieces else Cause.NO_PIECE), None


def _unproved_sentence(cause: Cause, stale: Piece | None) -> str:
    if stale is not None:
        until = date_in_words(stale.expires_on) if stale.expires_on else ""
        if cause is Cause.EXPIRED:
            return f"La pièce « {stale.title} » est périmée : elle valait jusqu’au {until}."
        return f"La pièce « {stale.title} » ne vaut plus que jusqu’au {until}."
    if cause is Cause.RESTRICTED:
        return "Seules des pièces internes le prouvent : l’auditeur ne les verra pas."
    return "Aucune pièce ni fiche de procédure ne le prouve."


def _proofs_in_words(facts: Facts) -> str:
    count = len(_shown(facts, EvidenceState.VALID))
    parts = []
    if count:
        plural = "s" if count > 1 else ""
        parts.append(f"{count} pièce{plural} valable{plural}")
    if facts.procedure_count:
        many = facts.procedure_count > 1
        parts.append(f"{facts.procedure_count} fiche{'s' if many else ''} de procédure en vigueur")
    return " et ".join(parts)


# --- Counting ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tally:
    """How many points stand where. ``counts`` holds every standing, in their order."""

    counts: dict[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def open_count(self) -> int:
        """Points that ask for work."""
        return sum(self.counts[standing] for standing in OPEN)

    @property
    def in_words(self) -> str:
        """« 12 tenus et prouvés, 1 écart et 3 sans réponse »; empty without a point."""
        parts = [
            f"{count} {standing.words.plural if count > 1 else standing.words.singular}"
            for standing, count in self.counts.items()
            if count
        ]
        return " et ".join([*([", ".join(parts[:-1])] if parts[1:] else []), *parts[-1:]])


def tally(standings: Iterable[Standing]) -> Tally:
    """Count points by standing."""
    counted = Counter(standings)
    return Tally({standing: counted[standing] for standing in Standing})


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in percent of its width with two decimals (« 12.50 »), ready for SVG."""

    standing: Standing
    count: int
    start: str
    width: str


def segments(counts: Tally) -> list[Segment]:
    """Cut a bar in proportion; standings without a point are left out."""
    found: list[Segment] = []
    before = 0
    for standing, count in counts.counts.items():
        if count:
            start, width = (f"{100 * part / counts.total:.2f}" for part in (before, count))
            found.append(Segment(standing, count, start, width))
            before += count
    return found


def conclusion(counts: Tally, commitments: int, services: int) -> str:
    """Say it all in one sentence; the counts are points, not commitments."""
    if not counts.total:
        return "Aucun service n’est concerné par les engagements retenus."
    many, several = commitments > 1, services > 1
    points = f"{counts.total} point{'s' if counts.total > 1 else ''}"
    return (
        f"Sur {commitments} engagement{'s' if many else ''} attendu{'s' if many else ''} de "
        f"{services} service{'s' if several else ''}, soit {points} à montrer : {counts.in_words}."
    )
