"""Objects and rows of the démarche for the guards and the tests; see tests/examples.py."""

from datetime import date

from accounts.models import Prefecture, User
from modules import services
from modules.enums import AuditKind
from modules.models import LabelCycle, PlannedAudit, Referential
from modules.referential_files import SHIPPED, read
from tests.cast import Cast
from tests.examples import example, growing


CHOSEN_ON, VALIDATED_ON = date(2022, 1, 17), date(2022, 2, 14)


def make_referential(file: str = "qual-e-pref-2019.yaml") -> Referential:
    """Load one of the shipped référentiels."""
    report = services.import_referential(text=read(SHIPPED / file))
    return Referential.objects.get(slug=report.referential)


def make_cycle(prefecture: Prefecture, name: str = "Qual-e-Pref 2022") -> LabelCycle:
    """Open a démarche with the compulsory module only."""
    return services.create_cycle(
        prefecture=prefecture,
        referential=make_referential(),
        name=name,
        started_on=date(2021, 9, 1),
        context="Les télé-procédures se multiplient.",
    )


def choose(cycle: LabelCycle, by: User, *numbers: int) -> LabelCycle:
    """Record the préfet's choice of these modules."""
    return services.record_choice(
        cycle=cycle,
        modules=cycle.referential.modules.filter(number__in=numbers),
        chosen_on=CHOSEN_ON,
        chosen_by_name="M. François DURAND",
        chosen_by_function="préfet de Loir-et-Cher",
        by=by,
    )


def validate(cycle: LabelCycle, by: User) -> LabelCycle:
    """Record the ministry's validation."""
    return services.validate_perimeter(
        cycle=cycle, validated_on=VALIDATED_ON, validated_by="ministère de l’Intérieur", by=by
    )


def plan_certification(cycle: LabelCycle, on: date = date(2022, 7, 28)) -> PlannedAudit:
    """Plan the certification audit by SOCOTEC."""
    return services.plan_audit(
        cycle=cycle,
        kind=AuditKind.CERTIFICATION,
        on=on,
        body="SOCOTEC",
        note="décide de la labellisation",
    )


@example("modules:cycle_detail", "modules:cycle_edit", "modules:module_choose")
@example("modules:audit_create")
def cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_cycle(prefecture).pk}


@example("modules:perimeter_validate")
def chosen_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": choose(make_cycle(prefecture), cast.user("prefet"), 4).pk}


@example("modules:audit_edit", "modules:audit_delete", "modules:audit_restore")
def audit(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    planned = plan_certification(make_cycle(prefecture))
    return {"pk": planned.cycle_id, "audit_pk": planned.pk}


@example("modules:referential_detail", scoped=False)
def referential(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": make_referential().slug}


@growing("modules:cycle_list", reader="national", budget=11)
def cycles(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        made = choose(make_cycle(cast.prefecture, f"Démarche {number}"), cast.user("prefet"), 4)
        plan_certification(made)
    return {}


@growing("modules:referential_list", reader="referente", budget=8)
def referentials(cast: Cast, numbers: range) -> dict[str, object]:
    text = read(SHIPPED / "qual-e-pref-2019.yaml")
    for number in numbers:
        services.import_referential(
            text=text.replace("slug: qual-e-pref-2019", f"slug: version-{number}")
        )
    return {}
