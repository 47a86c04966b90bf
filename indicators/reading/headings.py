"""What one label says: a period, a service, an indicator, a unit, or several of these at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from common.spreadsheets import Value
from indicators.reading import departments
from indicators.reading.definitions import (
    IGNORE,
    WHOLE,
    IndicatorDefinition,
    KnownPrefecture,
    KnownService,
    RefusalKind,
    Why,
)
from indicators.reading.matching import (
    Match,
    Role,
    decided,
    decided_service,
    exact_labels,
    exact_names,
    indicator_matcher,
    service_matcher,
)
from indicators.reading.periods import (
    DoubtfulPeriod,
    Kind,
    Period,
    Reading,
    YearlessPeriod,
    find_period,
    period_of_day,
    read_period,
)
from indicators.reading.words import same_label, split_unit


LEFT_OUT = Why("Laissé de côté, comme pour un fichier précédent.", RefusalKind.LEFT_OUT)


def _lines(text: str) -> frozenset[str]:
    return frozenset(line.strip() for line in text.split("|"))


# What heads a column of labels: the kind of what stands under it.
_HEADS = {
    "indicator": _lines(
        "indicateur|indicateurs|libelle|libelles|libelle de l indicateur|intitule|item|items|objet|"
        "nom de l indicateur|indicateur qualite|code|code indicateur|code de l indicateur|"
        "identifiant indic|indicateurs qualite|indicateurs de qualite|designation"
    ),
    "service": _lines(
        "service|services|site|sites|bureau|bureaux|direction|directions|entite|structure|lieu|guichet|"
        "point numerique|point d accueil|service ou site|service site|sites et services|service concerne|"
        "unite administrative|mission|pole|arrondissement"
    ),
    "period": _lines(
        "periode|periodes|mois|trimestre|semestre|date|dates|mois annee|date de valeur|date valeur|"
        "periode de mesure|trimestres|mois de l annee"
    ),
    "year": _lines("annee|annees|exercice|an"),
    "unit": _lines("unite|unites|unite de mesure"),
    "prefecture": _lines("prefecture|departement|dept|dpt|territoire|prefectures|departements"),
    "kind": _lines("type|nature|mesure|donnee|type de valeur|type valeur|composante"),
}
_ROLES = {
    Role.VALUE: _lines(
        "valeur|valeurs|resultat|resultats|realise|constate|reel|taux|resultat du mois|valeur constatee|"
        "realisation|resultat obtenu|valeur mesuree|score|va"
    ),
    Role.NUMERATOR: _lines("numerateur|num|numerateurs|nombre numerateur"),
    Role.DENOMINATOR: _lines(
        "denominateur|den|denom|denominateurs|nombre denominateur|effectif|base"
    ),
}
_TOTAL = _lines(
    "total|totaux|ensemble|total general|total prefecture|tous services|tous les services|tous sites|"
    "ensemble des services|ensemble de la prefecture|toute la prefecture|total departement|"
    "ensemble prefecture|global|synthese|total des services"
)
_ASIDE = _lines(
    "cible|cibles|objectif|objectifs|seuil|seuils|seuil d alerte|evolution|evolutions|variation|ecart|ecarts|"
    "tendance|commentaire|commentaires|observation|observations|remarque|remarques|rang|n|no|numero|ordre|"
    "source|sources|moyenne nationale|national|nationale|france|region|regional|moyenne regionale|rappel|"
    "n 1|annee precedente|responsable|periodicite|frequence|sens|formule|definition|module|moyenne|cumul|"
    "statut|etat|evolution en points|valeur cible|valeur nationale|ecart a la cible|vi|vc|"
    "cible nationale|objectif national|moyenne annuelle|mediane|contact|referent"
)
# Words that change nothing to the label they go with.
_FILLERS = _lines(
    "provisoire|provisoires|definitif|definitifs|consolide|estime|mensuel|trimestriel|annuel|au"
)
_ASIDE_START = re.compile(
    r"(?:cible|objectif|seuil|evolution|variation|ecart|moyenne|rappel|cumul)\b"
)
_NOTE = re.compile(
    r"(?:note|nota|nb|n b|source|sources|lecture|champ|avertissement|attention)\b ?:|\*|\(\*\)|\(1\)"
)
_PARTS = re.compile(r"\s+[–—-]\s+|\s*[:;|•]\s*|\s*\n\s*|\s+/\s+|[()]")


class Heading(NamedTuple):
    """Everything that a label, or several labels joined, say about the figures they stand over."""

    text: str = ""
    period: Reading | None = None
    year: int | None = None
    service: str | None = None
    is_total: bool = False
    meanings: tuple[Match, ...] = ()
    label: str = ""  # the words that carry these meanings
    possible: tuple[Match, ...] = ()
    role: Role | None = None
    unit: str = ""
    head: str = ""
    aside: Why | None = None
    department: str = ""
    unknown: str = ""
    confidence: float = 1.0
    bare: frozenset[str] = frozenset()  # its words without the period: a layout is known by them


NOTHING = Heading()


def joined(upper: Heading, lower: Heading) -> Heading:
    """Return what two labels say together; the lower, nearer to the figures, prevails."""
    if upper is NOTHING:
        return lower
    period, year = upper.period, upper.year
    if lower.period or lower.year:
        period, year = _together(upper, lower)
    meanings = lower.meanings
    if upper.meanings:
        meanings = _narrowed(upper.meanings, meanings) if meanings else upper.meanings
    return Heading(
        text=f"{upper.text} – {lower.text}"
        if upper.text and lower.text
        else upper.text or lower.text,
        period=period,
        year=year,
        service=lower.service or (None if lower.is_total else upper.service),
        is_total=lower.is_total or (upper.is_total and not lower.service),
        meanings=meanings,
        label=lower.label or upper.label,
        possible=lower.possible or upper.possible,
        role=lower.role or upper.role,
        unit=lower.unit or upper.unit,
        head=lower.head or upper.head,
        aside=lower.aside or upper.aside,
        department=lower.department or upper.department,
        unknown=lower.unknown or upper.unknown,
        confidence=min(upper.confidence, lower.confidence),
        bare=upper.bare | lower.bare,
    )


def _together(upper: Heading, lower: Heading) -> tuple[Reading | None, int | None]:
    """A year over months dates them; otherwise the lower period is the one meant."""
    year = lower.year or upper.year
    for near, far in ((lower.period, upper.period), (upper.period, lower.period)):
        if isinstance(near, YearlessPeriod) and isinstance(far, Period) and far.kind == Kind.YEAR:
            return near.of_year(far.year), year
    return lower.period or upper.period, year


def _narrowed(upper: tuple[Match, ...], lower: tuple[Match, ...]) -> tuple[Match, ...]:
    """« Appels reçus » under « Taux d’appels perdus » is the denominator of that rate alone."""
    targets = {match.target for match in upper}
    return tuple(match for match in lower if match.target in targets) or lower


def _with_bare_words(heading: Heading) -> Heading:
    found = find_period(heading.text)
    words = same_label(found[1] if found else heading.text)
    return heading._replace(bare=frozenset({words})) if words else heading


def _is_of_years(text: str) -> bool:
    """« Bilan 2020-2021 » dates nothing."""
    return len(set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))) > 1


@dataclass
class Reader:
    """Reads labels, each once; ``remembered`` are the answers given to earlier questions."""

    definitions: Sequence[IndicatorDefinition]
    services: Sequence[KnownService]
    prefecture: KnownPrefecture
    remembered: Mapping[str, str]
    by_code: dict[str, IndicatorDefinition] = field(init=False)
    _memory: dict[str, Heading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._indicators = indicator_matcher(self.definitions)
        self._services = service_matcher(self.services)
        self.by_code = {definition.code: definition for definition in self.definitions}
        self._keys = {service.key for service in self.services}
        self._exact_labels = exact_labels(self.definitions)
        self._exact_services = exact_names(
            (name, service.key)
            for service in self.services
            for name in (service.name, service.acronym, *service.synonyms)
        )

    def heading(self, cell: Value) -> Heading:
        """Return what a cell says as a label."""
        if isinstance(cell, str):
            if cell not in self._memory:
                self._memory[cell] = _with_bare_words(self._read(cell.strip()))
            return self._memory[cell]
        if isinstance(cell, date):
            return Heading(text=f"{cell:%d/%m/%Y}", period=period_of_day(cell))
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == int(cell):
            return self.heading(str(int(cell)))
        return Heading(text=str(cell), unknown=str(cell))

    def possible_services(self, label: str) -> list[Match]:
        """Return the services that a label may name, best first."""
        return self._services.matches(label)

    def _read(self, text: str) -> Heading:
        if not text:
            return NOTHING
        if len(text) > 160 or _NOTE.match(text.lower()):
            return Heading(text=text, unknown=text)
        answered = self._answered(text)
        if answered:
            return answered
        if key := self._exact_services.get(same_label(text)):
            return Heading(text=text, service=key)  # « Pôle S1 » is no half-year
        period = read_period(text)
        if period is not None:
            return Heading(text=text, period=period)
        found = find_period(text)
        if found is None or isinstance(found[0], DoubtfulPeriod) or _is_of_years(text):
            return self._words(text)._replace(text=text)
        return self._words(found[1])._replace(text=text, period=found[0])

    def _answered(self, text: str) -> Heading | None:
        name = same_label(text)
        code = self.remembered.get(f"indicator:{name}", "")
        key = self.remembered.get(f"service:{name}", "")
        if IGNORE in (code, key):
            return Heading(text=text, aside=LEFT_OUT)
        if code in self.by_code:
            meaning = Match(code, Role.VALUE, 1)
            return self._dated(text)._replace(
                meanings=(meaning,), label=text, unit=split_unit(text)[1]
            )
        if key == WHOLE:
            return self._dated(text)._replace(is_total=True)
        return self._dated(text)._replace(service=key) if key in self._keys else None

    def _dated(self, text: str) -> Heading:
        found = find_period(text)
        return Heading(text=text, period=found[0] if found else None)

    def _words(self, text: str) -> Heading:
        """Read a label that holds no period, whole, else part by part."""
        whole = self._one(text)
        if not whole.unknown and not whole.possible:
            return whole
        parts = [part for part in _PARTS.split(text) if part and part.strip()]
        if len(parts) < 2:
            return whole
        heads = [self._one(part) for part in parts]
        if not any(head.meanings or head.service or head.role or head.is_total for head in heads):
            return whole
        found = NOTHING
        for head in heads:
            found = joined(found, head)
        best = max((match.score for match in whole.meanings), default=0)
        if best > max((match.score for match in found.meanings), default=0):
            found = found._replace(meanings=whole.meanings, label=whole.label)
        is_said = bool(found.meanings or found.service)
        return found._replace(unknown="" if is_said else found.unknown, text=text)

    def _one(self, text: str) -> Heading:
        simple = same_label(text)
        if not simple or simple in _FILLERS:
            return NOTHING
        if self.remembered and (answered := self._answered(text)):
            return answered  # what was said of a label holds when a period stands beside it
        if listed := self._listed(text, simple):
            return listed
        label, unit = split_unit(text)
        if not label:
            return Heading(text=text, unit=unit)
        if simple != same_label(label) and (listed := self._listed(text, same_label(label))):
            return listed._replace(unit=unit)
        meanings = self._indicators.matches(text)
        taken = decided(meanings)
        key = decided_service(self._services.matches(label))
        rival = self._services.matches(label)[0].score if key else 0
        if taken and taken[0].score >= rival:
            # A count that may be its rate is kept with that other meaning: the figures will tell.
            return Heading(
                text=text, meanings=tuple(taken), label=text, unit=unit, confidence=taken[0].score,
                possible=tuple(match for match in meanings if match.role == Role.VALUE),
            )  # fmt: skip
        if key:
            return Heading(text=text, service=key, unit=unit, confidence=rival)
        department = departments.named_in(text) or ""
        return Heading(
            text=text, unit=unit, unknown=text, possible=tuple(meanings), department=department
        )

    def _listed(self, text: str, simple: str) -> Heading | None:
        """Return what the label says when it is one of the words that head tables."""
        if key := self._exact_services.get(simple):
            return Heading(text=text, service=key)
        if code := self._exact_labels.get(simple):
            return Heading(text=text, meanings=(Match(code, Role.VALUE, 1),), label=text)
        if simple in _TOTAL or departments.is_of(text, self.prefecture):
            head = "prefecture" if simple in _HEADS["prefecture"] else ""
            return Heading(text=text, is_total=True, head=head)
        for kind, words in _HEADS.items():
            if simple in words:
                return Heading(text=text, head=kind)
        for role, names in _ROLES.items():
            if simple in names:
                return Heading(text=text, role=role)
        if simple in _ASIDE or _ASIDE_START.match(simple):
            message = f"« {text} » n’est pas une mesure de la période."
            return Heading(text=text, aside=Why(message, RefusalKind.LEFT_OUT))
        return None
