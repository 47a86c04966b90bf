"""Words of labels: brought to one form, so that meaning is compared and not spelling."""

import re
from collections.abc import Iterable, Set
from functools import lru_cache

from indicators.reading.definitions import Unit
from indicators.reading.periods import plain


_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a au aux avec ce ces cette d dans de des du elle en est et il ils l la le les leur ou par pour "
        "qu que qui s sa se ses sont sous sur un une",
    )
)
# Several writings of one thing; applied to the plain text before it is cut into words.
_WRITINGS: list[tuple[str, tuple[str, ...]]] = [
    ("courriel", ("e-?mails?", "mels?", "mails?", "(?:courriers?|messages?) electroniques?")),
    ("courrier", ("courriers? (?:postaux|papier)", "lettres?")),
    ("taux", ("tx", "pourcentages?", "proportions?", "part")),
    ("telephone", ("tel", "telephoniques?")),
    ("nombre", ("nbr?e?", "nombres?", "volumes?", "qte", "quantite", "somme des?(?! notes)")),
    ("moyen", ("moy", "moyens?", "moyennes?")),
    ("sous prefecture", ("s\\.?p", "sous[ -]prefectures?")),
    ("rdv", ("rdv", "rendez[ -]vous")),
    ("cni", ("cartes? (?:nationales? )?d'identite", "cni")),
    ("immatriculation", ("cartes? grises?", "certificats? d'immatriculation", "immatriculations?", "civ")),
    ("permis", ("permis(?: de conduire)?",)),
    ("sejour", ("titres? de sejour", "sejours?")),
    (
        "perdu",
        (
            "(?:non|pas|in)[ -]?(?:aboutis?|decroches?|repondus?)", "sans reponse", "abandonnee?s?",
            "manques?", "abandons?", "non[- ]?reponses?", "non[- ]?traite?e?s?",
        ),
    ),
    (
        "horsdelai",
        (
            "hors(?: des?)? delais?", "en retard", "au[- ]dela du delai", "delais? depasses?",
            "(?:en plus de|au[- ]dela de|apres) \\d+ ?j(?:ours?)?(?: ouvres?| ouvrables?)?",
        ),
    ),
    (
        "delai tenu",
        (
            # A threshold: « sous 5 jours », « dans le délai de 15 j », « < 5 jours ouvrés ».
            "(?:dans les? delais? de|dans les|dans un delai de|sous|en moins de) "
            "\\d+ ?j(?:ours?)?(?: ouvres?| ouvrables?)?",
            "dans les? delais? (?:legal|legaux|reglementaires?|impartis?|prevus?|fixes?|requis)",
            "dans les? delais?", "dans le temps", "a temps",
        ),
    ),
    ("insatisfait", ("insatisfaits?", "non satisfaits?", "mecontents?", "insatisfaction")),
    (
        "repondu",
        (
            "(?:ayant )?(?:recu|obtenu) une reponse", "traitee?s?", "traitements?", "repondue?s?",
            "reponses?", "repondre",
        ),
    ),
    ("decroche", ("prises? en charge", "decroche(?:e?s?|r)", "decroches?", "decrochage")),
    (
        "recu",
        (
            "recue?s?", "entrants?", "arrives?", "reception(?:nee?s?)?", "presentes?", "enregistree?s?",
            "deposee?s?",
        ),
    ),
    ("abouti", ("aboutie?s?", "aboutissement", "aboutements?")),
    ("delai delivrance", ("delais? d[e' ]*(?:delivrance|mise a disposition|obtention)",)),
    ("delai", ("duree", "temps")),
    ("reclamation", ("reclamations?", "plaintes?")),
    ("satisfait", ("satisfaite?s?",)),
    ("satisfaction", ("satisf",)),
    ("svi", ("s\\.?v\\.?i", "serveurs? vocal\\w*(?: interactif)?")),
    ("accuse", ("a\\.?r", "accuses? (?:de reception|d'enregistrement|de recu)")),
]  # fmt: skip
_LESS, _MORE = re.compile(r"[<≤]=? ?(?=\d+ ?j)"), re.compile(r"[>≥]=? ?(?=\d+ ?j)")
_SAME = [(re.compile(rf"\b(?:{'|'.join(found)})\b"), word) for word, found in _WRITINGS]
# Two labels that hold different words of one line speak of different things.
_CONTRASTS = [
    ({"abouti"}, {"perdu"}),
    ({"decroche"}, {"perdu"}),
    ({"courriel"}, {"courrier"}),
    ({"horsdelai"}, {"tenu"}),
    ({"satisfait", "satisfaction"}, {"insatisfait"}),
    ({"abouti", "perdu", "decroche"}, {"recu"}),
]
# Where a thing is measured; a table is about one of the two.
_SETTINGS = [({"appel", "telephone", "rdv"}, {"guichet"})]
# What a label counts in, from the brackets or the words that end it.
_IN = r"(?:en )?(?:nombre de |nb de )?"
_UNIT_WORDS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"\((?:{inside})\)" + (f"|{outside}" if outside else "")), unit)
    for unit, inside, outside in [
        (
            Unit.WORKING_DAYS,
            rf"{_IN}j(?:ours?|\.)? ?(?:ouvres?|ouvrables?)|(?:en )?j\.?o\.?",
            rf"(?:\b{_IN})\bjours? (?:ouvres?|ouvrables?)\b",
        ),
        (
            Unit.DAYS,
            rf"{_IN}(?:jours?(?: calendaires?)?|j\.?|jrs)",
            r"\ben (?:nombre de )?jours?(?: calendaires?)?\b|\bjours? calendaires?\b",
        ),
        (Unit.MINUTES, r"(?:en )?(?:minutes?|min\.?|mn)", r"\ben (?:minutes?|mn)\b"),
        ("semaines", r"(?:en )?(?:semaines|sem\.)", r"\ben semaines\b"),
        ("mois", r"en mois", r"\ben mois\b"),
        ("secondes", r"(?:en )?(?:secondes?|sec\.?|s)", r"\ben secondes?\b"),
        ("heures", r"(?:en )?(?:heures?|h)", r"\ben heures?\b"),
        (
            Unit.PERCENT,
            r"(?:en )?(?:%|pour ?cent(?:age)?)",
            r"(?:\ben )?(?:%|\bpour ?cent(?:age)?\b)",
        ),
        (Unit.MARK, r"(?:note )?(?:/|sur) ?10", r"(?<!\d)(?<!\d )(?:/|\bsur) ?10\b"),
        ("note sur 20", r"(?:note )?(?:/|sur) ?20", r"(?<!\d)(?<!\d )(?:/|\bsur) ?20\b"),
        ("note sur 5", r"(?:note )?(?:/|sur) ?5", r"(?<!\d)(?<!\d )(?:/|\bsur) ?5\b(?! ?j)"),
        (Unit.COUNT, r"(?:en )?(?:nombre|nb|nbre|unites?)", r"\ben (?:nombre|unites?)\b"),
    ]
]
# « en moins de 5 jours ouvrés »: a threshold, not what the label counts.
_THRESHOLD = re.compile(r"\b\d+ ?j(?:ours?)?\b")
_LONE_UNITS = {
    "%": Unit.PERCENT, "en %": Unit.PERCENT, "taux": Unit.PERCENT, "jours": Unit.DAYS, "jour": Unit.DAYS,
    "j": Unit.DAYS, "jours ouvres": Unit.WORKING_DAYS, "j ouvres": Unit.WORKING_DAYS,
    "min": Unit.MINUTES, "mn": Unit.MINUTES, "minutes": Unit.MINUTES,
    "nombre": Unit.COUNT, "nb": Unit.COUNT, "unite": Unit.COUNT,
    "/10": Unit.MARK, "note /10": Unit.MARK, "note": Unit.MARK, "secondes": "secondes", "heures": "heures",
    "mois": "mois", "semaines": "semaines",
}  # fmt: skip


@lru_cache(maxsize=10_000)
def split_unit(text: str) -> tuple[str, str]:
    """Return a label without the unit it names, in plain letters, and that unit (or "").

    >>> split_unit("Délai moyen (en jours ouvrés)")
    ('delai moyen', 'jours ouvrés')
    """
    line = plain(text)
    if line in _LONE_UNITS:
        return "", str(_LONE_UNITS[line])
    has_threshold = _THRESHOLD.search(line)
    for pattern, unit in _UNIT_WORDS:
        if has_threshold and unit in (Unit.DAYS, Unit.WORKING_DAYS):
            continue
        if match := pattern.search(line):
            left = f"{line[: match.start()]} {line[match.end() :]}"
            return re.sub(r"\s+", " ", left).strip(" ,;:-"), str(unit)
    return line, ""


@lru_cache(maxsize=10_000)
def words_of(text: str) -> frozenset[str]:
    """Return the words that carry the meaning of a label, each in one form."""
    line = _MORE.sub(" en plus de ", _LESS.sub(" en moins de ", plain(text)))
    for pattern, word in _SAME:
        line = pattern.sub(f" {word} ", line)
    return frozenset(
        _singular(word) for word in re.findall(r"[a-z0-9]+", line) if word not in _EMPTY
    )


def are_opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two labels name the two sides of a contrast (« aboutis », « perdus »)."""
    return any(
        (one & left and other & right and not (one & right or other & left))
        or (one & right and other & left and not (one & left or other & right))
        for left, right in _CONTRASTS
    )


def elsewhere(about: Set[str]) -> list[set[str]]:
    """Return the words of the settings that a table is not about.

    « Temps d’attente », in a table of calls, is not that of the counter.
    """
    return [
        other
        for pair in _SETTINGS
        for one, other in (pair, pair[::-1])
        if about & one and not about & other
    ]


def is_of_one(meant: Set[str], others: Iterable[Set[str]], said: Set[str]) -> bool:
    """Tell whether what is meant belongs to one of these settings, which the label does not name."""
    return any(meant & other and not said & other for other in others)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word != "taux" else word


def same_label(text: str) -> str:
    """Return the form under which an answer about a label is remembered."""
    return re.sub(r"[^a-z0-9%/]+", " ", plain(text)).strip()
