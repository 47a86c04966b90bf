"""The démarche of the demo: référentiel, modules 1 and 4, choice, validation, both audits."""

from accounts.models import Prefecture, User
from demo import content
from modules.enums import AuditKind
from modules.models import LabelCycle, Referential
from modules.referential_files import read, shipped_in_order
from modules.services import (
    create_cycle,
    import_referential,
    plan_audit,
    record_choice,
    validate_perimeter,
)


def load_referentials() -> None:
    """Import the référentiels that ship with the application (importing again changes nothing)."""
    for path, _entry in shipped_in_order():
        import_referential(text=read(path))


def build_cycle(*, prefecture: Prefecture, users: dict[str, User]) -> LabelCycle:
    """Build the démarche of Loir-et-Cher towards the audits of July 2022."""
    facts = content.CYCLE
    referential = Referential.objects.get(slug=facts.referential)
    cycle = create_cycle(
        prefecture=prefecture,
        referential=referential,
        name=facts.name,
        started_on=facts.started_on,
        context=facts.context,
    )
    chosen = referential.modules.filter(number__in=facts.modules)
    prefet = users["prefet@loir-et-cher.demo"]
    record_choice(
        cycle=cycle,
        modules=chosen,
        chosen_on=facts.chosen_on,
        chosen_by_name=prefet.full_name,
        chosen_by_function=prefet.job_title,
        choice_note=content.DEMO_DATE,
        by=prefet,
    )
    validate_perimeter(
        cycle=cycle,
        validated_on=facts.validated_on,
        validated_by="Ministère de l’Intérieur",
        validation_note=content.DEMO_DATE,
        by=users["national@ministere.demo"],
    )
    plan_audit(cycle=cycle, kind=AuditKind.INTERNAL, on=facts.internal_audit_on)
    plan_audit(
        cycle=cycle,
        kind=AuditKind.CERTIFICATION,
        on=facts.certification_audit_on,
        body=facts.certification_body,
        note="Cet audit décide de la labellisation.",
    )
    return cycle
