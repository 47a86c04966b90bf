"""A kind of document that exists in the tests only: « specimen », about a préfecture."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import Any

from accounts.access import Permission
from accounts.models import Prefecture
from reports import registry
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind


class Specimen(DocumentKind):
    """Subject: a préfecture, by its pk. Everything that the paper can show."""

    code = "tests.specimen"
    label = "Spécimen"
    template = "documents/specimen.html"
    request_permissions = (Permission.COMMITTEE_EDIT,)
    read_permissions = (Permission.COMMITTEE_READ,)
    model = Prefecture
    draft = False
    notice = ""
    number = 1

    def prefecture(self, subject: Prefecture) -> Prefecture:
        return subject

    def collect(self, subject: Prefecture) -> dict[str, Any]:
        paper = paper_of(
            subject,
            title="Compte rendu du comité local des usagers",
            running_title="Compte rendu du CLU du 30 juin 2022",
            kicker="Label Qual-e-Pref",
            subtitle="Séance du 30 juin 2022",
            service="Mission qualité",
            reference="CLU/2022/01",
            place="Blois",
            dated_on=date(2022, 7, 4),
            notice=self.notice,
            version=self.number,
        )
        return {"paper": paper, "is_draft": self.draft, **SESSION}

    def file_name(self, frozen: dict[str, Any]) -> str:
        return pdf_name(frozen["held_on"], "CLU", "Compte rendu", version=self.version(frozen))

    def is_draft(self, frozen: dict[str, Any]) -> bool:
        return frozen["is_draft"]

    def subject_url(self, subject_id: str) -> str:
        return f"/comites/{subject_id}/"


class LandscapeSpecimen(Specimen):
    code = "tests.landscape"
    label = "Spécimen en paysage"
    landscape = True


@contextmanager
def registered(*kinds: type[DocumentKind]) -> Iterator[None]:
    """Declare kinds for the time of a test."""
    before = dict(registry._kinds)
    try:
        for kind in kinds:
            registry.register_document(kind)
        yield
    finally:
        registry._kinds.clear()
        registry._kinds.update(before)


PARAGRAPHS = [
    "Monsieur le préfet présente l’ordre du jour : la préfecture a repris la démarche de "
    "labellisation qu’elle avait commencée avant la crise sanitaire de 2020. Elle entend offrir aux "
    "usagers un service performant malgré la dématérialisation croissante des procédures.",
    "L’enquête de satisfaction s’est déroulée du 18 novembre au 16 décembre 2021. Elle montre "
    "beaucoup de points positifs ; d’autres sont à améliorer, notamment le délai d’obtention d’un "
    "rendez-vous pour les étrangers (52 % de satisfaction).",
]
TITLES = [
    "Périmètre de labellisation et calendrier des audits",
    "Nouveautés du référentiel",
    "Correspondants qualité et groupes de travail",
    "Résultats des exigences : indicateurs nationaux",
    "Enquêtes et réclamations",
    "Communication du plan d’actions",
]
SESSION: dict[str, Any] = {
    "held_on": date(2022, 6, 30),
    "starts_at": time(14, 30),
    "ends_at": time(16, 5),
    "location": "Salle Jean-Moulin, préfecture de Loir-et-Cher, place de la République, Blois",
    "present": [
        {"name": "M. François PESNEAU", "function": "préfet de Loir-et-Cher"},
        {"name": "M. Nicolas HAUPTMANN", "function": "secrétaire général"},
        {"name": "Mme Pascale SILBERMANN", "function": "sous-préfète, référente qualité"},
        {"name": "M. Christophe MARION", "function": "député"},
        {"name": "M. Thierry BENOIST", "function": "président de l’AMRF 41"},
    ],
    "absent": [
        {"name": name, "function": ""}
        for name in (
            "M. Marc FESNEAU, député",
            "M. Roger CHUDEAU, député",
            "Conseil départemental",
            "APF France Handicap",
            "Association des maires de France",
            "Chambre des métiers et de l’artisanat",
            "UFC-Que Choisir",
            "EMMAÜS 41",
        )
    ],
    "items": [{"title": title, "paragraphs": PARAGRAPHS} for title in TITLES],
    "decisions": [
        {
            "text": f"Mesurer l’effet des créneaux ajoutés, point {number}",
            "owner": "Bureau des étrangers",
            "due_on": date(2022, 9, 15),
        }
        for number in range(1, 15)
    ],
    "signatures": [
        {
            "label": "Visa de la référente qualité",
            "name": "Mme Pascale SILBERMANN",
            "function": "sous-préfète",
            "delegation": "",
            "moment": "2022-07-04",
        },
        {
            "label": "Le préfet de Loir-et-Cher",
            "name": "M. François PESNEAU",
            "function": "",
            "delegation": "",
            "moment": "2022-07-05",
        },
    ],
}
