"""Correspondants, groups, deliverables and procedure sheets for the tests."""

from collections.abc import Iterable
from datetime import date

from accounts.models import Prefecture, Service, User
from modules.enums import DeliverableKind
from modules.models import (
    Deliverable,
    LabelCycle,
    Procedure,
    ProcedureVersion,
    WorkingGroup,
)
from modules.services.deliverables import fix_deliverable
from modules.services.groups import form_group
from modules.services.procedures import approve_version, create_procedure, submit_version
from tests.cast import Cast


TEXT = "## Objet\n\nRépondre en dix jours ouvrés.\n"


def make_group(cycle: LabelCycle, name: str = "Accueil du public") -> WorkingGroup:
    """Form a group without members."""
    return form_group(cycle=cycle, name=name, theme="Accueil", mission="Écrire les fiches.")


def make_deliverable(
    cycle: LabelCycle,
    *,
    title: str = "Tableau de suivi",
    due_on: date = date(2022, 4, 15),
    service: Service | None = None,
    owner: User | None = None,
    group: WorkingGroup | None = None,
) -> Deliverable:
    """Fix a deliverable, of nobody known by default."""
    nobody = service is None and owner is None and group is None
    values = {
        "kind": DeliverableKind.TRACKING,
        "title": title,
        "due_on": due_on,
        "service": service,
        "owner": owner,
        "owner_name": "Mme Inconnue" if nobody else "",
        "group": group,
    }
    return fix_deliverable(cycle=cycle, values=values)


def make_procedure(
    cast: Cast,
    prefecture: Prefecture,
    *,
    reference: str = "FP-01",
    title: str = "Répondre aux réclamations",
    service: Service | None = None,
    services: Iterable[Service] = (),
    text: str = TEXT,
) -> Procedure:
    """Write a sheet: its first version is a draft with this text."""
    referent = "referente" if prefecture == cast.prefecture else "other_referent"
    procedure = create_procedure(
        prefecture=prefecture,
        values={
            "reference": reference,
            "title": title,
            "service": service,
            "services": list(services),
        },
        by=cast.user(referent),
    )
    ProcedureVersion.objects.filter(procedure=procedure).update(text=text)
    return procedure


def approve(procedure: Procedure, by: User, review_on: date | None = None) -> ProcedureVersion:
    """Submit the draft and put it in force."""
    version = submit_version(procedure=procedure)
    return approve_version(
        procedure=procedure, revision=version.revision, review_on=review_on, by=by
    )
