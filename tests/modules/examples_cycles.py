"""Objects of the acts of a démarche, for the guards."""

from accounts.models import Prefecture
from modules.models import CycleAuditor, CycleDocument
from tests.cast import Cast
from tests.examples import example
from tests.modules import examples as shared
from tests.modules.builders import make_stored


@example("modules:label_decide", "modules:label_cancel")
@example("modules:cycle_close", "modules:cycle_reopen")
def validated_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    cycle = shared.choose(shared.make_cycle(prefecture), cast.user("prefet"), 4)
    return {"pk": shared.validate(cycle, cast.user("national")).pk}


@example("modules:cycle_auditors")
def cycle_of_auditors(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": shared.make_cycle(prefecture).pk}


@example("modules:auditor_open", "modules:auditor_close")
def opened_cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    cycle = shared.make_cycle(prefecture)
    CycleAuditor.objects.get_or_create(cycle=cycle, user=cast.user("auditeur"))
    return {"pk": cycle.pk, "user_pk": cast.user("auditeur").pk}


@example("modules:module_perimeter")
def retained_module(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": shared.make_cycle(prefecture).pk, "number": 1}


@example("modules:act_document_add")
def documented(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": shared.make_cycle(prefecture).pk}


@example("modules:act_document_file", "modules:act_document_remove")
@example("modules:act_document_restore")
def act_document(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    cycle = shared.make_cycle(prefecture)
    document = CycleDocument.objects.create(
        cycle=cycle, kind="choice", title="Lettre de choix", stored=make_stored(prefecture)
    )
    return {"pk": cycle.pk, "document_pk": document.pk}
