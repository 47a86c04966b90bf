"""From a label to the indicator or the service it means, with a confidence; never a blind guess."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz, process

from indicators.reading.definitions import IndicatorDefinition, KnownService, Unit
from indicators.reading.words import (
    are_opposed,
    elsewhere,
    is_of_one,
    same_label,
    split_unit,
    words_of,
)


SURE, MARGIN, POSSIBLE = 0.72, 0.12, 0.4
# A service is named in fewer words than an indicator, and stands farther from the others.
SERVICE_SURE, SERVICE_MARGIN = 0.6, 0.2
_TYPO = 84  # out of 100: one letter of six
# Words that tell little: their absence is no sign of another meaning.
_LIGHT = {"moyen": 0.4, "taux": 0.6, "nombre": 0.6, "prefecture": 0.5, "bureau": 0.7}


# What these words stand beside is not the usual measure: the longest wait is not the mean one, the legal
# delay is not the one observed, a mystery call is no call.
QUALIFIERS = frozenset(
    re.findall(
        r"\w+",
        "maximum maximal maximale max minimum minimal minimale median mediane legal legale reglementaire "
        "theorique prevu prevue previsionnel previsionnelle attendu attendue vise visee urgence urgent "
        "urgente sonnerie mystere national nationale nationau regional regionale regionau international "
        "internationale internationau meilleur meilleure gain millier courriel courrier",
    )
)
# « Romorantin-Lanthenay » is called « Romorantin », but « Saint-Nazaire » not « Saint ».
_LONG_PLACE = re.compile(r"\b(?!Sous-|Sainte?-)([A-ZÀ-Ý]\w{4,})(?:-[\w’']+)+")


class Role(StrEnum):
    """Which part of the figure a cell gives."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


class Match(NamedTuple):
    """What a label may mean: a code or a key, the part it gives, from 0 to 1 how surely."""

    target: str
    role: Role
    score: float
    is_count: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """One known label."""

    target: str
    role: Role
    words: frozenset[str]
    unit: str = ""
    names_unit: bool = False  # of a numerator: « Somme des notes sur 10 »


class Matcher:
    """Compares labels with known phrases, each word weighing by how rare it is among them."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = [phrase for phrase in phrases if phrase.words]
        self._counts = {
            phrase.target
            for phrase in self.phrases
            if phrase.role == Role.VALUE and phrase.unit == Unit.COUNT
        }
        counts = Counter(word for phrase in self.phrases for word in phrase.words)
        total = len(self.phrases) + 1
        self._weights = {
            word: math.log(1 + total / count) * _LIGHT.get(word, 1)
            for word, count in counts.items()
        }
        self._unknown_weight = math.log(1 + total) * 0.6
        self._vocabulary = list(self._weights)
        self._memory: dict[str, list[Match]] = {}

    def matches(self, label: str) -> list[Match]:
        """Return the possible meanings, best first, one for each target and role."""
        if label not in self._memory:
            self._memory[label] = self._found(label)
        return self._memory[label]

    @property
    def vocabulary(self) -> Set[str]:
        """Every word of the known labels."""
        return self._weights.keys()

    def words_for(self, target: str) -> set[str]:
        """Return the words of all the names of one target."""
        return {word for phrase in self.phrases if phrase.target == target for word in phrase.words}

    def _found(self, label: str) -> list[Match]:
        text, unit = split_unit(label)
        words = frozenset(self._corrected(word) for word in words_of(text))
        whole = words_of(label)
        best: dict[tuple[str, Role], float] = {}
        for phrase in self.phrases:
            # « Total des jours ouvrés de réponse » counts in no unit: it is a numerator, word for word.
            is_part = phrase.names_unit and phrase.words == whole
            score = 1.0 if is_part else self._score(words, phrase, unit)
            if score >= POSSIBLE:
                place = phrase.target, phrase.role
                best[place] = max(score, best.get(place, 0))
        contrary = {
            phrase.target
            for phrase in self.phrases
            if phrase.role != Role.DENOMINATOR and are_opposed(words, phrase.words)
        }
        best = {
            (target, role): score
            for (target, role), score in best.items()
            if role == Role.DENOMINATOR or target not in contrary
        }
        others = elsewhere(words)
        if others or self._is_vague(words):
            is_vague = self._is_vague(words)
            best = {
                place: min(score, SURE - 0.01)
                if is_vague or is_of_one(self.words_for(place[0]), others, words)
                else score
                for place, score in best.items()
            }
        found = [
            Match(target, role, round(score, 3), role == Role.VALUE and target in self._counts)
            for (target, role), score in best.items()
        ]
        return sorted(found, key=lambda match: (-match.score, match.target, match.role))

    def _is_vague(self, words: frozenset[str]) -> bool:
        """Tell whether a label says only what two indicators have in common (« Satisfaction »)."""
        holders = [phrase for phrase in self.phrases if words <= phrase.words]
        is_whole = any(words == phrase.words for phrase in holders)
        targets = {phrase.target for phrase in holders if phrase.role == Role.VALUE}
        return len(targets) > 1 and not is_whole

    def _corrected(self, word: str) -> str:
        """Return the known word of which this one is a misspelling; a known word stays itself."""
        if word in self._weights or len(word) < 4:
            return word
        longer = [known for known in self._vocabulary if known.startswith(word)]
        if len(longer) == 1 and len(word) > 4:
            return longer[0]  # « réclam. »
        close = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO)
        return close[0] if close and len(close[0]) >= 4 else word

    def _score(self, words: frozenset[str], phrase: Phrase, unit: str) -> float:
        if unit == Unit.PERCENT and "taux" in phrase.words:
            words |= {"taux"}
        common = words & phrase.words
        if not common or are_opposed(words, phrase.words):
            return 0
        shared = self._weight(common)
        precision, recall = shared / self._weight(words), shared / self._weight(phrase.words)
        score = 2 * precision * recall / (precision + recall)
        return score * _unit_agreement(unit, phrase) * _nature_agreement(words, phrase)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._weights.get(word, self._unknown_weight) for word in words)


def _unit_agreement(unit: str, phrase: Phrase) -> float:
    """A label that counts in something else is at best possible, never sure."""
    if not unit or not phrase.unit:
        return 1
    durations = {Unit.MINUTES.value, "secondes", "heures"}
    if unit == phrase.unit or {unit, phrase.unit} <= durations:
        return 1
    return 0.65


def _nature_agreement(words: frozenset[str], phrase: Phrase) -> float:
    """« Taux de… » is no count, and « Nombre de… » no rate."""
    is_count = phrase.role != Role.VALUE or phrase.unit == Unit.COUNT
    if words & QUALIFIERS and not phrase.words & QUALIFIERS:
        return 0.6
    if "note" in words and "note" not in phrase.words and phrase.unit == Unit.PERCENT:
        return 0.6  # a mark is no share of marks
    said_otherwise = "taux" in words if is_count else "nombre" in words and phrase.unit != ""
    return 0.6 if said_otherwise else 1


def indicator_matcher(definitions: Sequence[IndicatorDefinition]) -> Matcher:
    """Return the matcher of the labels of indicators and of what they are computed from."""
    phrases = []
    for definition in definitions:
        unit = str(definition.unit)
        for label in (definition.label, *definition.synonyms):
            text, _ = split_unit(label)
            phrases.append(Phrase(definition.code, Role.VALUE, words_of(text), unit))
        for role, labels in (
            (Role.NUMERATOR, definition.numerator_label),
            (Role.DENOMINATOR, definition.denominator_label),
        ):
            for label in filter(None, labels.split("|")):
                named = bool(split_unit(label)[1])
                phrases.append(
                    Phrase(definition.code, role, words_of(label), Unit.COUNT.value, named)
                )
                counted = words_of(label) | {"nombre"}
                phrases.append(Phrase(definition.code, role, counted, Unit.COUNT.value))
    return Matcher(phrases)


def service_matcher(services: Sequence[KnownService]) -> Matcher:
    """Return the matcher of the names of services."""
    return Matcher(
        Phrase(service.key, Role.VALUE, words_of(name))
        for service in services
        for known in (service.name, service.acronym, *service.synonyms)
        for name in dict.fromkeys((known, _LONG_PLACE.sub(r"\1", known)))
        if name
    )


def exact_names(named: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return what to read in labels written exactly as known; names borne twice are left out."""
    pairs = {(same_label(name), target) for name, target in named if name}
    counts = Counter(name for name, _ in pairs)
    return {name: target for name, target in pairs if counts[name] == 1}


def exact_labels(definitions: Sequence[IndicatorDefinition]) -> Mapping[str, str]:
    """Return the indicators to read in their own words; what may also be a count stays out of it."""
    parts = {
        words_of(part)
        for definition in definitions
        for labels in (definition.numerator_label, definition.denominator_label)
        for part in labels.split("|")
    }
    named = exact_names(
        (name, definition.code)
        for definition in definitions
        for name in definition.synonyms
        if words_of(name) not in parts
    )
    labels = exact_names(
        (definition.label, definition.code)
        for definition in definitions
        if words_of(definition.label) not in parts
    )
    codes = exact_names((definition.code, definition.code) for definition in definitions)
    return {**named, **labels, **codes}


def decided(matches: Sequence[Match]) -> list[Match]:
    """Return the meanings to take: one, or the same part of several indicators; none when unsure.

    « Appels reçus » is the denominator of two rates at once; two rates are never one label. A label
    that may be a numerator or its rate is the numerator here: the figures will tell.
    """
    if not matches or matches[0].score < SURE:
        return []
    best = matches[0]
    near = [match for match in matches if best.score - match.score < MARGIN]
    parts = [match for match in near if match.role != Role.VALUE]
    values = {match.target for match in near if match.role == Role.VALUE}
    if len({match.role for match in parts}) > 1 or len(values) > 1:
        return []
    if parts and values and all(m.is_count for m in near if m.role == Role.VALUE):
        # « Réclamations reçues » is an indicator by itself, and the denominator of another.
        return [match for match in near if match.role == Role.VALUE] + parts
    if values and not values >= {match.target for match in parts}:
        return [] if best.role == Role.VALUE else _nearest_numerators(parts)
    return _nearest_numerators(parts) or [best]


def _nearest_numerators(parts: list[Match]) -> list[Match]:
    """Return the parts, of the numerators only those that are best named."""
    top = max((match.score for match in parts if match.role == Role.NUMERATOR), default=0)
    return [match for match in parts if match.role != Role.NUMERATOR or match.score == top]


def decided_service(matches: Sequence[Match]) -> str | None:
    """Return the key of the one service that a label names, None when unsure."""
    if not matches or matches[0].score < SERVICE_SURE:
        return None
    is_alone = len(matches) == 1 or matches[0].score - matches[1].score >= SERVICE_MARGIN
    return matches[0].target if is_alone else None
