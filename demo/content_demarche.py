"""The démarches of the demo, as data: perimeter, correspondants, groups, deliverables, former label.

The published minutes say that correspondants were named, that groups were formed by theme and met at
least once, and what they owe (auto-diagnostic, fiches de procédure, outils de suivi). The names, the
groups and the dates are invented: people are « fictif » in their function, texts say « démonstration ».
"""

from dataclasses import dataclass
from datetime import date

from demo.content_assessments import CURRENT, EARLIER
from modules.enums import CycleDocumentKind, DeliverableKind, DeliverableState


FICTITIOUS = "personne fictive, démonstration"
NAMED_ON = date(2021, 9, 20)

# Acronyms of the services concerned by each module.
CONCERNED = {
    1: ("ACC", "STD", "SMI", "SGCD", "SIDSIC", "BCI", "PN", "MQ"),
    4: ("BCL",),
}


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document that bears out an act of a démarche: a file of ``demo/files``."""

    kind: CycleDocumentKind
    title: str
    file: str


DOCUMENTS = (
    DocumentFacts(
        CycleDocumentKind.CHOICE,
        "Choix des modules par le préfet (démonstration)",
        "choix-du-prefet.pdf",
    ),
    DocumentFacts(
        CycleDocumentKind.VALIDATION,
        "Validation du périmètre par le ministère (démonstration)",
        "validation-du-ministere.pdf",
    ),
)


@dataclass(frozen=True, slots=True)
class CorrespondentFacts:
    """A correspondant qualité; ``account`` is the local part of a demo address, when there is one."""

    service: str
    name: str
    account: str = ""
    is_deputy: bool = False


# The standard has nobody: the page says so first.
CORRESPONDENTS = (
    CorrespondentFacts("ACC", "Mme Odile CARTIER"),
    CorrespondentFacts("SMI", "M. Julien MOREAU", account="correspondant"),
    CorrespondentFacts("SMI", "Mme Inès VALLET", is_deputy=True),
    CorrespondentFacts("SGCD", "M. Bruno LEMAIRE"),
    CorrespondentFacts("SIDSIC", "M. Karim HADDAD"),
    CorrespondentFacts("BCI", "Mme Lucie FERRAND"),
    CorrespondentFacts("PN", "Mme Sonia RIVIÈRE"),
    CorrespondentFacts("MQ", "Mme Camille DURAND", account="agent"),
    CorrespondentFacts("BCL", "M. Thomas GUÉRIN"),
)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member of a working group."""

    name: str
    service: str
    account: str = ""
    is_pilot: bool = False


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A working group."""

    name: str
    theme: str
    mission: str
    members: tuple[MemberFacts, ...]


RECEPTION = "Accueil physique et téléphonique"
WRITING = "Écrits et site internet"
TOWNS = "Relations avec les collectivités"
LISTENING = "Mesure et écoute des usagers"
GROUPS = (
    GroupFacts(
        RECEPTION,
        "Accueil, orientation, attente, appels",
        "Écrire les fiches de l’accueil et du standard, compter les appels perdus. (Démonstration.)",
        (
            MemberFacts("Mme Odile CARTIER", "ACC", is_pilot=True),
            MemberFacts("M. Julien MOREAU", "SMI", account="correspondant"),
            MemberFacts("M. Karim HADDAD", "SIDSIC"),
            MemberFacts("Mme Sonia RIVIÈRE", "PN"),
        ),
    ),
    GroupFacts(
        WRITING,
        "Courriers, courriels types, pages « Démarches »",
        "Tenir les délais annoncés, relire les pages du site. (Démonstration.)",
        (
            MemberFacts("Mme Lucie FERRAND", "BCI", is_pilot=True),
            MemberFacts("Mme Inès VALLET", "SMI"),
            MemberFacts("M. Thomas GUÉRIN", "BCL"),
        ),
    ),
    GroupFacts(
        TOWNS,
        "Conseil, contrôle de légalité, contrôle budgétaire",
        "Dater les demandes de conseil, établir la synthèse annuelle. (Démonstration.)",
        (
            MemberFacts("M. Thomas GUÉRIN", "BCL", is_pilot=True),
            MemberFacts("Mme Camille DURAND", "MQ", account="agent"),
        ),
    ),
    GroupFacts(
        LISTENING,
        "Enquêtes, réclamations, comité local des usagers",
        "Suivre les indicateurs, préparer le comité et le bilan annuel. (Démonstration.)",
        (
            MemberFacts("Mme Pascale SILBERMANN", "MQ", account="referente", is_pilot=True),
            MemberFacts("Mme Camille DURAND", "MQ", account="agent"),
            MemberFacts("M. Bruno LEMAIRE", "SGCD"),
        ),
    ),
)


# « Chacun s’est réuni au moins une fois »: the day and the agenda of this meeting are invented.
GROUP_MEETING = {
    "slug": "gt-accueil-loir-et-cher-2022",
    "title": "Groupe de travail « Accueil » (démonstration)",
    "held_on": date(2022, 2, 8),
}
GROUP_AGENDA = ("Le travail à mener", "Les livrables attendus", "Les appels perdus au standard")


@dataclass(frozen=True, slots=True)
class DeliverableFacts:
    """What a group or a service owes.

    ``due`` is a date for what was handed in, in 2022; for what is still owed, a number of days from
    the loading, so that one only is late whenever the demo is loaded. ``procedure`` is a reference,
    ``assessment`` the name of a campaign, ``file`` a file of ``demo/files``.
    """

    title: str
    kind: DeliverableKind
    state: DeliverableState
    due: date | int
    group: str
    service: str
    owner: str = ""
    owner_name: str = ""
    delivered_on: date | None = None
    file: str = ""
    procedure: str = ""
    assessment: str = ""
    note: str = ""


DELIVERABLES = (
    DeliverableFacts(
        "Auto-diagnostic de départ",
        DeliverableKind.ASSESSMENT,
        DeliverableState.ACCEPTED,
        date(2021, 10, 15),
        LISTENING,
        "MQ",
        owner="referente",
        delivered_on=date(2021, 10, 14),
        assessment=EARLIER.name,
    ),
    DeliverableFacts(
        "Auto-diagnostic du service des migrations",
        DeliverableKind.ASSESSMENT,
        DeliverableState.DOING,
        5,
        RECEPTION,
        "SMI",
        owner="correspondant",
        assessment=CURRENT.name,
    ),
    DeliverableFacts(
        "Fiche « Traiter une réclamation »",
        DeliverableKind.PROCEDURE,
        DeliverableState.ACCEPTED,
        date(2022, 2, 15),
        LISTENING,
        "MQ",
        owner="referente",
        delivered_on=date(2022, 2, 10),
        procedure="FP-01",
    ),
    DeliverableFacts(
        "Fiche « Accueillir au guichet »",
        DeliverableKind.PROCEDURE,
        DeliverableState.ACCEPTED,
        date(2022, 2, 28),
        RECEPTION,
        "ACC",
        owner_name="Mme Odile CARTIER",
        delivered_on=date(2022, 3, 2),
        procedure="FP-02",
    ),
    DeliverableFacts(
        "Fiche « Répondre à un courriel »",
        DeliverableKind.PROCEDURE,
        DeliverableState.DELIVERED,
        date(2022, 4, 29),
        WRITING,
        "BCI",
        owner_name="Mme Lucie FERRAND",
        delivered_on=date(2022, 4, 27),
        procedure="FP-03",
    ),
    DeliverableFacts(
        "Fiche « Prendre un appel au standard »",
        DeliverableKind.PROCEDURE,
        DeliverableState.DOING,
        10,
        RECEPTION,
        "STD",
        owner="referente",
        procedure="FP-04",
    ),
    DeliverableFacts(
        "Relevé des délais de réponse",
        DeliverableKind.TRACKING,
        DeliverableState.ACCEPTED,
        date(2022, 4, 8),
        WRITING,
        "SMI",
        owner="correspondant",
        delivered_on=date(2022, 4, 4),
        file="delais-reponse-2022-t1.ods",
    ),
    DeliverableFacts(
        "Tableau de suivi des appels perdus",
        DeliverableKind.TRACKING,
        DeliverableState.DOING,
        -12,
        RECEPTION,
        "STD",
        owner_name="M. Karim HADDAD",
        note="Attend l’extraction mensuelle du serveur vocal.",
    ),
    DeliverableFacts(
        "Registre des demandes de conseil",
        DeliverableKind.TRACKING,
        DeliverableState.DELIVERED,
        date(2022, 3, 15),
        TOWNS,
        "BCL",
        owner_name="M. Thomas GUÉRIN",
        delivered_on=date(2022, 3, 11),
        file="registre-conseil-collectivites.ods",
    ),
    DeliverableFacts(
        "Synthèse annuelle des observations",
        DeliverableKind.OTHER,
        DeliverableState.TODO,
        20,
        TOWNS,
        "BCL",
        owner_name="M. Thomas GUÉRIN",
    ),
    DeliverableFacts(
        "Relecture des pages « Démarches » du site",
        DeliverableKind.OTHER,
        DeliverableState.TODO,
        30,
        WRITING,
        "BCI",
        owner_name="Mme Lucie FERRAND",
    ),
)


@dataclass(frozen=True, slots=True)
class FormerFacts:
    """The finished démarche of the préfecture, under the référentiel before. Wholly invented."""

    name: str
    referential: str
    started_on: date
    context: str
    modules: tuple[int, ...]
    chosen_on: date
    validated_on: date
    internal_audit_on: date
    certification_audit_on: date
    certification_body: str
    labelled_on: date
    ended_on: date
    end_reason: str
    document: DocumentFacts
    assessment: str
    opened_on: date
    closed_on: date
    # Codes that were « partiel » everywhere; the others were « conforme ».
    partial: tuple[str, ...]
    # As ``CONCERNED``: the SGCD dates from 2021, the points numériques are later than 2015.
    concerned: dict[int, tuple[str, ...]]


FORMER = FormerFacts(
    name="Qualipref 2.0 (démonstration)",
    referential="qualipref-2-0",
    started_on=date(2015, 2, 2),
    context="Démarche inventée pour la démonstration : elle montre ce que garde l’application d’un "
    "label fini et ce qui change d’un référentiel au suivant.",
    modules=(1, 4),
    chosen_on=date(2015, 3, 16),
    validated_on=date(2015, 4, 20),
    internal_audit_on=date(2015, 10, 6),
    certification_audit_on=date(2015, 11, 24),
    certification_body="Organisme fictif",
    labelled_on=date(2016, 1, 11),
    ended_on=date(2019, 1, 10),
    end_reason="Fin de validité du label (démonstration).",
    document=DocumentFacts(
        CycleDocumentKind.DECISION,
        "Attestation de labellisation (démonstration)",
        "attestation-label-2016.pdf",
    ),
    assessment="Auto-diagnostic de 2015 (démonstration)",
    opened_on=date(2015, 6, 1),
    closed_on=date(2015, 7, 3),
    partial=("M1-TEL-1", "M1-WEB-1", "M4-3"),
    concerned={1: ("ACC", "STD", "SMI", "BCI", "MQ"), 4: ("BCL",)},
)


@dataclass(frozen=True, slots=True)
class OtherFacts:
    """The démarche under way in the second préfecture: small, at its very beginning."""

    name: str
    referential: str
    started_on: date
    context: str
    modules: tuple[int, ...]
    assessment: str
    opened_on: date
    due_on: date
    piece: str
    proves: str


OTHER = OtherFacts(
    name="Démarche Qual-e-Pref (démonstration)",
    referential="qual-e-pref-2019",
    started_on=date(2022, 9, 5),
    context="Démarche de démonstration : personne d’une autre préfecture ne la voit.",
    modules=(1, 6),
    assessment="Premier auto-diagnostic",
    opened_on=date(2022, 10, 3),
    due_on=date(2022, 11, 30),
    piece="Charte d’accueil (démonstration)",
    proves="M1-AP-1",
)
