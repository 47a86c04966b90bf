"""The names of the départements: a file may say that it is another préfecture's."""

import re
from functools import cache

from indicators.reading.definitions import KnownPrefecture
from indicators.reading.periods import plain


NAMES = {
    line.split(" ", 1)[0]: line.split(" ", 1)[1]
    for line in """\
01 Ain
02 Aisne
03 Allier
04 Alpes-de-Haute-Provence
05 Hautes-Alpes
06 Alpes-Maritimes
07 Ardèche
08 Ardennes
09 Ariège
10 Aube
11 Aude
12 Aveyron
13 Bouches-du-Rhône
14 Calvados
15 Cantal
16 Charente
17 Charente-Maritime
18 Cher
19 Corrèze
2A Corse-du-Sud
2B Haute-Corse
21 Côte-d’Or
22 Côtes-d’Armor
23 Creuse
24 Dordogne
25 Doubs
26 Drôme
27 Eure
28 Eure-et-Loir
29 Finistère
30 Gard
31 Haute-Garonne
32 Gers
33 Gironde
34 Hérault
35 Ille-et-Vilaine
36 Indre
37 Indre-et-Loire
38 Isère
39 Jura
40 Landes
41 Loir-et-Cher
42 Loire
43 Haute-Loire
44 Loire-Atlantique
45 Loiret
46 Lot
47 Lot-et-Garonne
48 Lozère
49 Maine-et-Loire
50 Manche
51 Marne
52 Haute-Marne
53 Mayenne
54 Meurthe-et-Moselle
55 Meuse
56 Morbihan
57 Moselle
58 Nièvre
59 Nord
60 Oise
61 Orne
62 Pas-de-Calais
63 Puy-de-Dôme
64 Pyrénées-Atlantiques
65 Hautes-Pyrénées
66 Pyrénées-Orientales
67 Bas-Rhin
68 Haut-Rhin
69 Rhône
70 Haute-Saône
71 Saône-et-Loire
72 Sarthe
73 Savoie
74 Haute-Savoie
75 Paris
76 Seine-Maritime
77 Seine-et-Marne
78 Yvelines
79 Deux-Sèvres
80 Somme
81 Tarn
82 Tarn-et-Garonne
83 Var
84 Vaucluse
85 Vendée
86 Vienne
87 Haute-Vienne
88 Vosges
89 Yonne
90 Territoire de Belfort
91 Essonne
92 Hauts-de-Seine
93 Seine-Saint-Denis
94 Val-de-Marne
95 Val-d’Oise
971 Guadeloupe
972 Martinique
973 Guyane
974 La Réunion
976 Mayotte""".splitlines()
}


def _loose(name: str) -> str:
    """Return the name as it is looked for: plain, hyphens and spaces alike."""
    return re.sub(r"[ '-]+", " ", plain(name)).removeprefix("la ")


_CODES = {_loose(name): code for code, name in NAMES.items()}
_NAME = "|".join(sorted(_CODES, key=len, reverse=True))
_ARTICLE = r"(?:de la |de l |du |des |de |d |la |l |le )?"
# « Sous-préfecture de … » names a town, not a département.
_NAMED = re.compile(
    rf"(?<!sous )\b(?:prefecture|prefete?|departement|ddt|ddpp|ddets) :? ?{_ARTICLE}({_NAME})\b"
)
_NUMBERED = re.compile(
    r"\b(?:prefecture|departement|dpt|dept) ?(?:n ?[°o])? ?:? ?(2[ab]|97[1-6]|\d\d)\b"
)
_ENTRY = re.compile(
    rf"(?:d ?)?(2[ab]|97[1-6]|0?\d{{1,2}}) ?[:-]? ?{_ARTICLE}(?:{_NAME})?|{_ARTICLE}({_NAME})"
)


@cache
def named_in(text: str) -> str | None:
    """Return the code of the département whose préfecture a title names; None when it names none."""
    line = _loose(text)
    if match := _NAMED.search(line):
        return _CODES[match[1]]
    match = _NUMBERED.search(line)
    return match[1].upper() if match and match[1].upper() in NAMES else None


@cache
def entry(text: str) -> str | None:
    """Return the code that a cell under « Département » gives: « 41 », « D41 », « Loir-et-Cher »."""
    line = _loose(text)
    if found := named_in(text):
        return found
    match = _ENTRY.fullmatch(line)
    if not match:
        return None
    code = match[1].upper().zfill(2) if match[1] else _CODES[match[2]]
    return code if code in NAMES else None


def is_of(text: str, prefecture: KnownPrefecture) -> bool:
    """Tell whether a label names the whole préfecture; « Préfecture » alone may be a site of it."""
    name = re.escape(_loose(prefecture.name))
    return bool(re.fullmatch(rf"(?:(?:prefecture|departement) {_ARTICLE})?{name}", _loose(text)))
