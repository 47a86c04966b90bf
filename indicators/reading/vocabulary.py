"""The words that head tables whatever they count: what they announce, what is no measure."""

import re

from indicators.reading.definitions import RefusalKind, Why
from indicators.reading.matching import Role


LEFT_OUT = Why("Laissé de côté, comme pour un fichier précédent.", RefusalKind.LEFT_OUT)


def _lines(text: str) -> frozenset[str]:
    return frozenset(line.strip() for line in text.split("|"))


# What heads a column of labels: the kind of what stands under it.
HEADS = {
    "indicator": _lines(
        "indicateur|indicateurs|libelle|libelles|libelle de l indicateur|intitule|item|items|objet|"
        "nom de l indicateur|indicateur qualite|code|code indicateur|code de l indicateur|"
        "identifiant indic|indic|indicator|kpi|indicateurs qualite|indicateurs de qualite|designation"
    ),
    "service": _lines(
        "service|services|site|sites|bureau|bureaux|direction|directions|entite|structure|lieu|guichet|"
        "point numerique|point d accueil|service ou site|service site|sites et services|service concerne|"
        "unite administrative|mission|pole|arrondissement"
    ),
    "period": _lines(
        "periode|periodes|mois|trimestre|semestre|date|dates|mois annee|date de valeur|date valeur|"
        "periode de mesure|period|month|quarter|trimestres|mois de l annee"
    ),
    "start": _lines("debut|date de debut|date debut|du|periode du|debut de periode"),
    "end": _lines("fin|date de fin|date fin|au|fin de periode"),
    "year": _lines("annee|annees|exercice|an|year"),
    "part": _lines(
        "motif|motifs|canal|canaux|voie|mode de saisine|mode de reception|tranche|tranches|par motif|"
        "par canal"
    ),
    "unit": _lines("unite|unites|unite de mesure"),
    "prefecture": _lines(
        "prefecture|departement|dep|dept|dpt|territoire|prefectures|departements|code departement|code dep|"
        "code dept|code dpt|numero de departement|numero departement|n departement|n de departement|num dep|"
        "num dept|departement code|dep code|code prefecture|zone|zone id|code zone|zone nom|nom de la zone"
    ),
    "kind": _lines("type|nature|mesure|donnee|type de valeur|type valeur|composante"),
}
ROLES = {
    Role.VALUE: _lines(
        "valeur|valeurs|resultat|resultats|realise|constate|reel|taux|resultat du mois|valeur constatee|"
        "realisation|resultat obtenu|valeur mesuree|score|va|value"
    ),
    Role.NUMERATOR: _lines("numerateur|num|numerateurs|nombre numerateur|numerator"),
    Role.DENOMINATOR: _lines(
        "denominateur|denominator|den|denom|denominateurs|nombre denominateur|effectif|effectifs|base|"
        "nb de repondants|nombre de repondants|repondants|nb de reponses|nombre de reponses"
    ),
}
TOTAL = _lines(
    "total|totaux|ensemble|total general|total prefecture|tous services|tous les services|tous sites|"
    "ensemble des services|ensemble de la prefecture|toute la prefecture|total departement|"
    "ensemble prefecture|global|synthese|total des services"
)
_ASIDE = _lines(
    "cible|cibles|objectif|objectifs|seuil|seuils|seuil d alerte|evolution|evolutions|variation|ecart|ecarts|"
    "tendance|commentaire|commentaires|observation|observations|remarque|remarques|rang|n|no|numero|ordre|"
    "source|sources|moyenne nationale|national|nationale|france|region|regional|moyenne regionale|rappel|"
    "responsable|periodicite|frequence|sens|formule|definition|module|moyenne|cumul|"
    "statut|etat|evolution en points|valeur cible|valeur nationale|ecart a la cible|vi|vc|"
    "cible nationale|objectif national|moyenne annuelle|mediane|contact|referent"
)
# The answers of a survey: none of them is the rate of satisfaction.
OPINIONS = _lines(
    "tres satisfait|tres satisfaits|plutot satisfait|plutot satisfaits|assez satisfait|assez satisfaits|"
    "peu satisfait|peu satisfaits|pas satisfait|pas satisfaits|plutot pas satisfait|plutot pas satisfaits|"
    "pas du tout satisfait|pas du tout satisfaits|tres insatisfait|tres insatisfaits|plutot insatisfait|"
    "plutot insatisfaits|insatisfait|insatisfaits|sans avis|sans opinion|ne se prononce pas|nsp"
)
YEARS_BACK = re.compile(
    r"(?:(?:(?:resultats?|valeurs?|realise|annee|exercice) )?(?:de l )?(?:annee )?n ([1-3])"
    r"|(?:meme (?:mois|trimestre|semestre|periode) )?(?:de )?(?:l )?annee precedente"
    r"|(?:meme (?:mois|trimestre|semestre|periode) )?(?:de )?(?:l )?an dernier)"
)
_ROLLING = re.compile(r"\b(?:derniers mois|mois glissants?|annee glissante|glissant)\b")
_PART = re.compile(
    r"dont\b|par (?:courriers?|courriels?|mails?|e ?mails?|telephone|ecrit|internet|formulaire|"
    r"fiches?|urne)\b"
)
# Words that change nothing to the label they go with.
FILLERS = _lines(
    "provisoire|provisoires|definitif|definitifs|consolide|estime|mensuel|trimestriel|annuel|au|mois de|"
    "mois d|pour|periode|p|e|r|etiquettes de colonnes|etiquettes de lignes"
)
_ASIDE_START = re.compile(
    r"(?:sous total|cible|objectif|seuil|evolution|evol|variation|var|ecart|moyenne|moy|rappel|cumul|rang|"
    r"ytd|depuis (?:le )?(?:debut|1er janvier|janvier)|a fin|"
    r"commentaires?|observations?|remarques?|precisions?|saisi (?:le|par)|date (?:de |d )?"
    r"(?:saisie|mise a jour|maj|releve|extraction|envoi|validation|reception))\b"
)
NOTE = re.compile(
    r"(?:note|nota|nb|n b|source|sources|lecture|champ|avertissement|attention)\b ?:|\*|\(\*\)|\(1\)"
)
# « T2 2021 (2) »: the call of a note; « (j) » and « (s) » are units.
FOOTNOTE = re.compile(r"(?<=[^\s(])\s*\((?:\d|[a-ep])\)$")
PARTS = re.compile(r"\s+[–—-]\s+|\s*[:;|•]\s*|\s*\n\s*|\s+/\s+|[()]")


def aside_of(text: str, simple: str) -> Why | None:
    """Return why what stands under a label is no measure of the period: « Cible », « Évolution »."""
    if _PART.match(simple):
        return detail(text)
    if simple in OPINIONS:
        return answer_left_out(text)
    if simple in _ASIDE or _ASIDE_START.match(simple):
        message = f"« {text} » n’est pas une mesure de la période."
    elif _ROLLING.search(simple):
        message = f"« {text} » n’est ni un mois, ni un trimestre, ni un semestre, ni une année."
    else:
        return None
    return Why(message, RefusalKind.LEFT_OUT)


def detail(text: str) -> Why:
    """Return why « dont courrier » is left out: a part of what is measured."""
    message = f"« {text} » est un détail : seul le tout est une mesure."
    return Why(message, RefusalKind.LEFT_OUT)


def answer_left_out(text: str) -> Why:
    """Return why « Très satisfait » is left out: one answer among others."""
    message = (
        f"« {text} » est une réponse parmi d’autres : ajoutez une ligne ou une colonne « Satisfaits et très "
        "satisfaits »."
    )
    return Why(message, RefusalKind.LEFT_OUT)
