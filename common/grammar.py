"""French articles before a noun whose gender nobody wrote down. Pure."""

# Endings that make a noun feminine nearly always, then the exceptions both ways.
_FEMININE_ENDINGS = (
    *("tion", "sion", "xion", "té", "ée", "ure", "ence", "ance", "ette", "esse", "ise", "ille"),
    *("aine", "ie", "nse", "euse", "trice", "ine", "ode", "ade", "aison", "ue"),
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FEMININE = _listed(
    "base cause date demande démarche durée fiche fin forme langue ligne liste main mesure note page part "
    "personne phrase pièce place preuve question réponse règle suite série tâche vague ville voix zone"
)
_MASCULINE = _listed(
    "arrêté comité compte contrôle code côté cycle degré domaine lieu lycée mode modèle motif musée "
    "numéro procédé relevé traité"
)
# Nouns written with a final s or x in the singular.
_SINGULAR = _listed(
    "accès avis bus choix corps cours fois mois prix procès refus repas sens temps voix"
)
_NO_ARTICLE = _listed(
    "à au aux de des du d en est jusqu par pour présenté représenté proposé demandé sous sur avec "
    "validé signé envoyé ouvert fermé transmis"
)
_VOWELS = "aàâeéèêiîoôuûyœh"


def with_article(noun: str) -> str:
    """Return ``noun`` (a verbose name, lower case) with its definite article.

    What begins with no noun (« à compter du », « présenté par ») comes back between guillemets.

    >>> with_article("heure de début"), with_article("lieu"), with_article("services")
    ('l’heure de début', 'le lieu', 'les services')
    """
    first = noun.replace("’", " ").replace("-", " ").split(" ")[0].lower() if noun else ""
    if not first or first in _NO_ARTICLE:
        return f"« {noun} »"
    if first[-1] in "sx" and first not in _SINGULAR:
        return f"les {noun}"
    if first[0] in _VOWELS:
        return f"l’{noun}"
    feminine = first in _FEMININE or (first not in _MASCULINE and first.endswith(_FEMININE_ENDINGS))
    return f"{'la' if feminine else 'le'} {noun}"
