"""Pieces of evidence and procedure sheets of the demo, as data. Invented, and told so.

The démarche lives in 2022 but its pages are read today: a validity that ended in 2022 would make
every piece « périmée » and teach nothing. The three pieces that have a validity therefore run from
the day of loading (``valid_for``, in days): one is past, one ends soon, one is good for a year. The
others have none.
"""

from dataclasses import dataclass
from datetime import date

from modules.enums import EvidenceKind, ProcedureState, Sensitivity


FICTITIOUS = "Pièce de démonstration."


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """A piece: a file of ``demo/files`` or an address, and the commitments it proves.

    ``service`` is an acronym; empty for the whole préfecture. ``replaced`` is the file that the
    present one replaced. Addresses under ``.example`` lead nowhere.
    """

    title: str
    kind: EvidenceKind
    dated_on: date
    proves: tuple[str, ...]
    file: str = ""
    url: str = ""
    replaced: str = ""
    service: str = ""
    sensitivity: Sensitivity = Sensitivity.AUDIT
    valid_for: int | None = None
    description: str = ""


CHARTER = "Charte d’accueil des usagers"
TRAINED = "Liste nominative des agents formés"
PIECES = (
    PieceFacts(
        CHARTER,
        EvidenceKind.DISPLAY,
        date(2022, 1, 10),
        ("M1-DG-2", "M1-AP-1", "M1-AP-2"),
        file="charte-accueil.pdf",
        sensitivity=Sensitivity.PUBLIC,
        description="Affichée dans les trois halls et publiée sur le site.",
    ),
    PieceFacts(
        "Photographie de l’affichage des horaires",
        EvidenceKind.PHOTO,
        date(2022, 3, 8),
        ("M1-DG-2",),
        file="photo-affichage-horaires.jpg",
        service="ACC",
    ),
    PieceFacts(
        "Page « Horaires et coordonnées » du site",
        EvidenceKind.SCREEN,
        date(2022, 3, 3),
        ("M1-DG-2",),
        file="capture-page-horaires.png",
        service="BCI",
        sensitivity=Sensitivity.PUBLIC,
    ),
    PieceFacts(
        "Résultats de l’enquête de satisfaction 2021",
        EvidenceKind.STATISTICS,
        date(2022, 1, 20),
        ("M1-DG-1",),
        file="resultats-enquete-2021.pdf",
        sensitivity=Sensitivity.PUBLIC,
        description="Enquête menée du 18 novembre au 16 décembre 2021.",
    ),
    PieceFacts(
        "Procédure de traitement des réclamations",
        EvidenceKind.PROCEDURE,
        date(2022, 2, 1),
        ("M1-DG-3", "M1-ECR-1"),
        file="procedure-reclamations.pdf",
    ),
    PieceFacts(
        "Relevé des délais de réponse",
        EvidenceKind.RECORD,
        date(2022, 4, 4),
        ("M1-ECR-1",),
        file="delais-reponse-2022-t1.ods",
        replaced="delais-reponse-2021.ods",
        description="Le délai annoncé, le délai tenu, par service.",
    ),
    PieceFacts(
        "Statistiques d’appels du standard",
        EvidenceKind.STATISTICS,
        date(2022, 2, 7),
        ("M1-TEL-1",),
        file="statistiques-standard.ods",
        service="SIDSIC",
        valid_for=-21,
    ),
    PieceFacts(
        "Attestation de formation à l’accueil",
        EvidenceKind.TRAINING,
        date(2021, 11, 26),
        ("M1-FOR-1",),
        file="attestation-formation-accueil.pdf",
        valid_for=30,
    ),
    PieceFacts(
        TRAINED,
        EvidenceKind.TRAINING,
        date(2022, 2, 18),
        ("M1-FOR-1",),
        file="agents-formes.ods",
        service="SGCD",
        sensitivity=Sensitivity.RESTRICTED,
        description="Données personnelles : elle reste dans la préfecture.",
    ),
    PieceFacts(
        "Registre public d’accessibilité",
        EvidenceKind.RECORD,
        date(2022, 1, 31),
        ("M1-AP-4",),
        file="registre-accessibilite.pdf",
        valid_for=365,
    ),
    PieceFacts(
        "Arrêté instituant le comité local des usagers",
        EvidenceKind.OTHER,
        date(2022, 5, 30),
        ("M1-DG-4",),
        url="https://prefecture.example/arretes/comite-local-des-usagers",
        service="MQ",
        sensitivity=Sensitivity.PUBLIC,
    ),
    PieceFacts(
        "Fréquentation des points numériques",
        EvidenceKind.STATISTICS,
        date(2022, 3, 31),
        ("M1-DG-5",),
        url="https://prefecture.example/points-numeriques/frequentation",
        service="PN",
    ),
    PieceFacts(
        "Arborescence du serveur vocal",
        EvidenceKind.SCREEN,
        date(2022, 3, 15),
        ("M1-TEL-2",),
        url="https://prefecture.example/serveur-vocal",
        service="SIDSIC",
    ),
    PieceFacts(
        "Publications sur les réseaux sociaux",
        EvidenceKind.SCREEN,
        date(2022, 3, 22),
        ("M1-RS-1",),
        url="https://prefecture.example/reseaux-sociaux",
        service="BCI",
        sensitivity=Sensitivity.PUBLIC,
    ),
    PieceFacts(
        "Tableau de bord des indicateurs",
        EvidenceKind.STATISTICS,
        date(2022, 4, 8),
        ("M1-PIL-1", "M1-PIL-2"),
        url="https://prefecture.example/tableau-de-bord",
    ),
    PieceFacts(
        "Échantillon de lettres d’observations",
        EvidenceKind.LETTER,
        date(2022, 3, 10),
        ("M4-1",),
        file="echantillon-lettres-observations.pdf",
        service="BCL",
        description="Trois lettres, les noms des communes effacés.",
    ),
    PieceFacts(
        "Registre des demandes de conseil",
        EvidenceKind.RECORD,
        date(2022, 3, 4),
        ("M4-4", "M4-5"),
        file="registre-conseil-collectivites.ods",
        service="BCL",
    ),
    PieceFacts(
        "Relevé des contacts avec les élus avant le contrôle budgétaire",
        EvidenceKind.RECORD,
        date(2022, 4, 1),
        ("M4-2",),
        url="https://prefecture.example/controle-budgetaire/contacts",
        service="BCL",
    ),
    PieceFacts(
        "Dépliant « Votre premier titre de séjour »",
        EvidenceKind.DISPLAY,
        date(2021, 12, 6),
        (),
        url="https://prefecture.example/depliants/premier-titre",
        service="SMI",
        sensitivity=Sensitivity.PUBLIC,
        description="Pas encore jointe à un engagement.",
    ),
)


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of a procedure sheet: its text (Markdown), who wrote it (local part of an address)."""

    text: str
    state: ProcedureState
    written_by: str
    change_note: str = ""
    approved_by: str = ""
    readers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """A procedure sheet. ``review_in`` is in days from the loading: one review is overdue.

    ``readers`` of its versions are pairs of an account and of the service for which it was read.
    """

    reference: str
    title: str
    service: str
    services: tuple[str, ...]
    serves: tuple[str, ...]
    versions: tuple[VersionFacts, ...]
    review_in: int | None = None


_COMPLAINTS = """## Objet

Traiter de la même façon toute réclamation, d’où qu’elle vienne. Fiche de démonstration.

## Étapes

1. Inscrire la réclamation au registre le jour même.
2. Envoyer un accusé de réception qui nomme l’agent chargé du dossier.
3. Répondre dans le délai annoncé.
"""
PROCEDURES = (
    ProcedureFacts(
        "FP-01",
        "Traiter une réclamation",
        "MQ",
        ("ACC", "SMI", "MQ", "PN"),
        ("M1-DG-3", "M1-ECR-1"),
        (
            VersionFacts(
                _COMPLAINTS,
                ProcedureState.REPLACED,
                "referente",
                approved_by="prefet",
                readers=(("referente", "MQ"),),
            ),
            VersionFacts(
                f"{_COMPLAINTS}4. Relever chaque trimestre le nombre, l’objet et le délai.\n",
                ProcedureState.APPROVED,
                "referente",
                change_note="Un relevé est fait chaque trimestre.",
                approved_by="prefet",
                readers=(("referente", "MQ"), ("agent", "MQ"), ("correspondant", "SMI")),
            ),
        ),
        review_in=200,
    ),
    ProcedureFacts(
        "FP-02",
        "Accueillir au guichet",
        "ACC",
        ("ACC", "SMI", "PN"),
        ("M1-AP-1", "M1-AP-2", "M1-AP-4"),
        (
            VersionFacts(
                "## Objet\n\nCe que chaque usager trouve au guichet. Fiche de démonstration.\n\n"
                "## Étapes\n\n1. Saluer, se présenter.\n2. Écouter la demande et la reformuler.\n"
                "3. Orienter vers le bon service, ou prendre en charge.\n"
                "4. Recevoir en priorité les personnes à mobilité réduite.\n",
                ProcedureState.APPROVED,
                "referente",
                approved_by="prefet",
                readers=(("correspondant", "SMI"),),
            ),
        ),
        review_in=-40,
    ),
    ProcedureFacts(
        "FP-03",
        "Répondre à un courriel",
        "BCI",
        ("ACC", "SMI", "BCL", "BCI"),
        ("M1-ECR-1",),
        (
            VersionFacts(
                "## Objet\n\nUne réponse claire, dans le délai annoncé. Fiche de démonstration.\n\n"
                "## Étapes\n\n1. Accuser réception et annoncer un délai.\n"
                "2. Partir du courriel type soumis au comité local des usagers.\n"
                "3. Nommer l’agent et le service qui répondent.\n",
                ProcedureState.SUBMITTED,
                "correspondant",
            ),
        ),
    ),
    ProcedureFacts(
        "FP-04",
        "Prendre un appel au standard",
        "STD",
        ("STD", "ACC"),
        ("M1-TEL-1", "M1-TEL-2"),
        (
            VersionFacts(
                "## Objet\n\nFiche de démonstration, en cours d’écriture.\n\n## Étapes\n\n"
                "1. Annoncer le service.\n2. Dire l’attente prévue.\n",
                ProcedureState.DRAFT,
                "referente",
            ),
        ),
    ),
)
