"""Objects and rows of the démarche for the guards and the tests; see tests/examples.py."""

from datetime import date

from accounts.models import Prefecture, User
from modules import services
from modules.enums import AuditKind
from modules.models import (
    Commitment,
    CommitmentRevision,
    Heading,
    LabelCycle,
    PlannedAudit,
    Referential,
)
from modules.referential_files import SHIPPED, parse, read, shipped_in_order
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import open_to_auditors


SMALL = """\
format: 2
referential:
  slug: {slug}
  name: Essai
  publisher: Ministère
  published_on: 2018-12-19
  source: Page de titre
  certainty: sourced
modules:
  - number: 1
    title: Relation générale
    compulsory: true
    number_certainty: sourced
    title_certainty: to_confirm
    source: Compte rendu
    headings:
      - code: R-1
        title: Accueil
        certainty: sourced
        source: Compte rendu
        commitments:
"""
SMALL_COMMITMENT = """\
          - code: E-{number}
            wording: Accueillir avec courtoisie {number}
            evidence: Badges
            audit: Visite mystère
            indicators: [MYST]
            certainty: to_confirm
            evidence_certainty: to_confirm
            source: Charte
"""
MAPPING = """\
mapping:
  from: essai-1
  modules:
    - kind: kept
      from: 1
      to: 1
      certainty: sourced
      source: Comparaison
  commitments:
    - kind: added
      to: [{codes}]
      certainty: to_confirm
      source: Comparaison
    - kind: removed
      from: [{codes}]
      certainty: to_confirm
      source: Comparaison
"""
CHOSEN_ON, VALIDATED_ON = date(2022, 1, 17), date(2022, 2, 14)


def make_referential(file: str = "qual-e-pref-2019.yaml") -> Referential:
    """Load one of the shipped référentiels, and those that it follows."""
    entry = parse(read(SHIPPED / file))
    loaded = Referential.objects.filter(slug=entry.slug).first()
    if loaded is not None:
        return loaded
    for path, shipped in shipped_in_order():
        services.import_referential(text=read(path))
        if shipped.slug == entry.slug:
            break
    return Referential.objects.get(slug=entry.slug)


def small_text(slug: str = "essai-1", commitments: int = 1) -> str:
    """Return a small référentiel file: one module, one rubrique, commitments E-1, E-2…"""
    rows = "".join(SMALL_COMMITMENT.format(number=rank + 1) for rank in range(commitments))
    return SMALL.format(slug=slug) + rows


def correct(commitment: Commitment, by: User, **values: str) -> CommitmentRevision:
    """Correct a commitment; what is not given stays as it is."""
    names = ("wording", "certainty", "evidence", "audit", "evidence_certainty")
    given = {name: getattr(commitment, name) for name in names}
    given["source"] = "Référentiel imprimé, page 12"
    return services.correct_commitment(commitment=commitment, by=by, **{**given, **values})


def make_cycle(prefecture: Prefecture, name: str = "Qual-e-Pref 2022") -> LabelCycle:
    """Open a démarche with the compulsory module only; its auditors read it."""
    made = services.create_cycle(
        prefecture=prefecture,
        referential=make_referential(),
        name=name,
        started_on=date(2021, 9, 1),
        context="Les télé-procédures se multiplient.",
    )
    open_to_auditors(made)
    return made


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


@example("modules:commitment_detail", "modules:commitment_correct", scoped=False)
def commitment(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": make_referential().slug, "code": "M1-AP-2"}


@example("modules:module_correct", scoped=False)
def module(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": make_referential().slug, "number": 8}


@example("modules:heading_correct", scoped=False)
def heading(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    referential = make_referential()
    found = Heading.objects.get(module__referential=referential, code="M1-PIL")
    return {"slug": referential.slug, "heading_pk": found.pk}


@example("modules:referential_changes", "modules:referential_changes_document", scoped=False)
def changes(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": make_referential().slug}


@growing("modules:referential_list", reader="referente", budget=8)
def referentials(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        services.import_referential(text=small_text(f"version-{number}"))
    return {}


@growing("modules:referential_detail", reader="referente", budget=14)
def commitments(cast: Cast, numbers: range) -> dict[str, object]:
    services.import_referential(text=small_text(commitments=numbers.stop))
    return {"slug": "essai-1"}


@growing("modules:referential_changes", reader="referente", budget=20)
def many_changes(cast: Cast, numbers: range) -> dict[str, object]:
    services.import_referential(text=small_text("essai-1", numbers.stop))
    codes = ", ".join(f"E-{number + 1}" for number in range(numbers.stop))
    text = small_text("essai-2", numbers.stop) + MAPPING.format(codes=codes)
    services.import_referential(text=text)
    return {"slug": "essai-2"}
