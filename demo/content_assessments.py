"""Auto-diagnostics of the demo, as data: where each service stands, in March 2022 and before.

Invented, but for two facts of the published minutes: 52 % of the users satisfied with the delays of
appointments for foreigners, and the pandemic that struck the staff of the SMI. What a grid does not
name is « conforme », followed (maturity 3).
"""

from dataclasses import dataclass
from datetime import date

from modules.enums import AssessmentResult, SheetState


CONFORMING, PARTIAL = AssessmentResult.CONFORMING, AssessmentResult.PARTIAL
NONCONFORMING = AssessmentResult.NONCONFORMING
FICTITIOUS = "Auto-diagnostic de démonstration : les réponses sont inventées."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answers on a commitment; ``private`` never leaves the préfecture."""

    code: str
    result: AssessmentResult
    maturity: int | None
    comment: str = ""
    private: str = ""


USUAL = Answer("", CONFORMING, 3)


@dataclass(frozen=True, slots=True)
class GridFacts:
    """The grid of a service (its acronym): what it answers, what it answered six months before.

    ``out_of_scope`` are the codes that are « sans objet » for it. ``answered_until``: the last
    commitment filled in when the grid is still to be filled.
    """

    service: str
    state: SheetState
    out_of_scope: tuple[str, ...]
    answers: tuple[Answer, ...]
    earlier: tuple[Answer, ...] = ()
    answered_until: str = ""
    review_note: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """A campaign."""

    name: str
    opened_on: date
    due_on: date
    note: str
    closed_on: date | None = None


EARLIER = AssessmentFacts(
    name="Auto-diagnostic de septembre 2021",
    opened_on=date(2021, 9, 6),
    due_on=date(2021, 9, 30),
    note=f"Premier état des lieux, avant le choix des modules.\n\n{FICTITIOUS}",
    closed_on=date(2021, 10, 15),
)
CURRENT = AssessmentFacts(
    name="Auto-diagnostic de mars 2022",
    opened_on=date(2022, 3, 1),
    due_on=date(2022, 4, 15),
    note="Répondez pour votre seul service. Un « partiel » ou un « non conforme » s’explique en une "
    f"phrase. Joignez la pièce qui le montre.\n\n{FICTITIOUS}",
)

# The end of its wording is not known: nobody can say whether it is kept.
UNKNOWN = ("M1-DG-6",)
RECEPTION = ("M1-AP-1", "M1-AP-2", "M1-AP-3", "M1-AP-4")
TELEPHONE = ("M1-TEL-1", "M1-TEL-2")
STEERING = ("M1-PIL-1", "M1-PIL-2", "M1-PIL-3")
ONLINE = ("M1-WEB-1", "M1-RS-1")

GRIDS = (
    GridFacts(
        "ACC",
        SheetState.ACCEPTED,
        (*UNKNOWN, *TELEPHONE, *ONLINE, *STEERING),
        (
            Answer(
                "M1-AP-1", CONFORMING, 4, "Badges nominatifs portés, phrase d’accueil affichée."
            ),
            Answer(
                "M1-AP-3",
                PARTIAL,
                2,
                "Le temps d’attente n’est mesuré que le matin.",
                "La borne de tickets tombe en panne chaque semaine : prévoir une réponse.",
            ),
            Answer("M1-AP-4", CONFORMING, 3, "Guichet abaissé et boucle magnétique en service."),
            Answer("M1-FOR-1", CONFORMING, 3, "Six agents formés en 2021."),
        ),
        (
            Answer("M1-AP-1", PARTIAL, 2, "Les badges ne sont pas portés par tous."),
            Answer("M1-AP-4", NONCONFORMING, 1, "La boucle magnétique est en panne."),
            Answer("M1-FOR-1", NONCONFORMING, 1, "Aucune formation depuis deux ans."),
        ),
    ),
    GridFacts(
        "STD",
        SheetState.SENT_BACK,
        (*UNKNOWN, *RECEPTION, *ONLINE, *STEERING, "M1-DG-5"),
        (
            Answer(
                "M1-TEL-1",
                PARTIAL,
                2,
                "Des appels sont perdus entre 9 h et 10 h.",
                "Un poste est vacant depuis janvier.",
            ),
            Answer("M1-TEL-2", PARTIAL, 2, "Le serveur vocal n’annonce pas encore le 34 00."),
            Answer("M1-FOR-1", PARTIAL, 2, "Deux agents sur quatre sont formés."),
        ),
        (
            Answer("M1-TEL-1", NONCONFORMING, 1, "Les appels perdus ne sont pas comptés."),
            Answer("M1-TEL-2", NONCONFORMING, 1, "Le serveur vocal n’est pas à jour."),
        ),
        review_note="Précisez le nombre d’appels perdus au premier trimestre et joignez le relevé.",
    ),
    GridFacts(
        "SMI",
        SheetState.TO_FILL,
        (*UNKNOWN, *TELEPHONE, *ONLINE, *STEERING),
        (
            Answer("M1-DG-1", PARTIAL, 2, "Les résultats ne sont pas affichés en salle d’attente."),
            Answer("M1-DG-3", PARTIAL, 2, "Le registre existe ; les réponses tardent."),
            Answer(
                "M1-AP-3",
                NONCONFORMING,
                1,
                "Délais d’obtention d’un rendez-vous : 52 % des usagers sont satisfaits (enquête "
                "de novembre et décembre 2021). Des plages en ligne ont été ajoutées.",
                "La pandémie touche de nouveau fortement le personnel du service.",
            ),
            Answer(
                "M1-ECR-1", PARTIAL, 2, "Le délai annoncé n’est pas tenu pour un quart des cas."
            ),
            Answer("M1-FOR-1", PARTIAL, 1, "Les nouveaux arrivants ne sont pas encore formés."),
        ),
        (
            Answer("M1-DG-3", NONCONFORMING, 1, "Il n’y a pas de registre des réclamations."),
            Answer("M1-AP-3", PARTIAL, 2, "Les rendez-vous sont pris au guichet seulement."),
            Answer("M1-ECR-1", NONCONFORMING, 1, "Les délais de réponse ne sont pas suivis."),
        ),
        answered_until="M1-AP-4",
    ),
    GridFacts(
        "SGCD",
        SheetState.ACCEPTED,
        (*UNKNOWN, *TELEPHONE, *ONLINE, "M1-DG-1", "M1-DG-4", "M1-DG-5", "M1-PIL-3"),
        (
            Answer("M1-AP-3", CONFORMING, 4, "Registre de nettoyage tenu chaque jour."),
            Answer(
                "M1-FOR-1",
                PARTIAL,
                2,
                "Le plan de formation 2022 est adopté ; trois agents restent à former.",
                "Le crédit de formation ne couvre que deux sessions.",
            ),
        ),
        (
            Answer("M1-FOR-1", NONCONFORMING, 1, "Le plan de formation n’est pas écrit."),
            Answer("M1-PIL-2", PARTIAL, 2, "Les pratiques sont évaluées sans méthode."),
        ),
    ),
    GridFacts(
        "SIDSIC",
        SheetState.ACCEPTED,
        (*UNKNOWN, *RECEPTION, "M1-DG-1", "M1-DG-4", "M1-FOR-1", "M1-RS-1"),
        (
            Answer("M1-TEL-2", PARTIAL, 3, "L’arborescence est refaite ; l’annonce reste à poser."),
            Answer("M1-PIL-1", CONFORMING, 4, "Le nombre d’appels et de visites est extrait."),
        ),
        (Answer("M1-PIL-1", PARTIAL, 2, "Le nombre de visites du site n’est pas relevé."),),
    ),
    GridFacts(
        "BCI",
        SheetState.SUBMITTED,
        (*UNKNOWN, *RECEPTION, *TELEPHONE, "M1-DG-5", "M1-FOR-1", *STEERING),
        (
            Answer(
                "M1-WEB-1",
                NONCONFORMING,
                1,
                "Douze pages « Démarches » n’ont pas été relues depuis plus d’un an.",
                "Les services ne répondent pas aux demandes de relecture.",
            ),
            Answer("M1-RS-1", CONFORMING, 4, "Trois publications par semaine, réponses sous 48 h."),
            Answer("M1-DG-2", PARTIAL, 2, "L’annuaire en ligne n’a pas les nouveaux horaires."),
        ),
        (
            Answer("M1-WEB-1", PARTIAL, 2, "Cinq pages ne sont plus à jour."),
            Answer("M1-RS-1", PARTIAL, 2, "Le compte n’est pas alimenté chaque semaine."),
        ),
    ),
    GridFacts(
        "PN",
        SheetState.ACCEPTED,
        (*UNKNOWN, *TELEPHONE, *ONLINE, *STEERING),
        (
            Answer("M1-DG-5", CONFORMING, 4, "Les trois points numériques sont ouverts."),
            Answer("M1-AP-4", PARTIAL, 2, "Le poste adapté de Vendôme n’est pas encore livré."),
        ),
        (Answer("M1-DG-5", PARTIAL, 2, "Le point numérique de Romorantin est fermé le matin."),),
    ),
    GridFacts(
        "MQ",
        SheetState.ACCEPTED,
        (*UNKNOWN, *RECEPTION, *TELEPHONE, *ONLINE, "M1-DG-5", "M1-FOR-1"),
        (
            Answer("M1-DG-1", CONFORMING, 4, "Enquête de 2021 exploitée, résultats publiés."),
            Answer("M1-DG-4", CONFORMING, 3, "Le comité local des usagers est réuni."),
            Answer(
                "M1-PIL-3",
                PARTIAL,
                2,
                "Le bilan 2021 est écrit, pas encore présenté au comité de pilotage.",
            ),
        ),
        (
            Answer("M1-DG-4", NONCONFORMING, 1, "Le comité n’a pas été réuni depuis 2019."),
            Answer("M1-PIL-1", NONCONFORMING, 1, "Il n’y a pas de tableau de bord."),
            Answer("M1-PIL-2", NONCONFORMING, 1, "Aucune évaluation n’est faite."),
            Answer("M1-PIL-3", NONCONFORMING, 1, "Aucun bilan n’est fait."),
        ),
    ),
    GridFacts(
        "BCL",
        SheetState.ACCEPTED,
        (),
        (
            Answer(
                "M4-1", CONFORMING, 4, "Chaque lettre cite le texte et la façon de régulariser."
            ),
            Answer(
                "M4-3",
                NONCONFORMING,
                1,
                "La synthèse de 2021 n’est pas établie.",
                "Elle sera prête avant l’audit si un renfort est accordé.",
            ),
            Answer("M4-5", PARTIAL, 2, "Le délai annoncé n’est pas tenu en urbanisme."),
        ),
        (
            Answer("M4-1", PARTIAL, 2, "La façon de régulariser n’est pas toujours dite."),
            Answer("M4-5", NONCONFORMING, 1, "Les demandes de conseil ne sont pas datées."),
        ),
    ),
)
