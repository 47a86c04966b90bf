"""The page « Documents » of the plan: what can be produced, and what was."""

from datetime import date

from accounts.access import Scope
from accounts.models import Prefecture
from action_plans import thread_document as thread
from action_plans.documents import EffectsDocument, PlanDocument, subject_id_of
from action_plans.selectors.actions import kept_actions
from action_plans.selectors.timeline import years_of
from modules.selectors.documents import Offer, OfferGroup, newest_documents


# Years offered, the newest first; older plans are in the list of documents.
YEARS = 5
_THREAD = "Du signal à l’effet mesuré, une ligne par action : pour l’auditeur. A4 paysage."
_KINDS = (
    (
        PlanDocument.code,
        "Plan d’actions",
        "Par axe : origine, responsable, échéance, état, mesure de l’effet. A4 paysage.",
    ),
    (
        EffectsDocument.code,
        "Bilan avec les effets",
        "Ce qui a été fait, ce qui a changé, ce que l’on ne sait pas, ce qui reste à faire.",
    ),
)


def plan_offers(prefecture: Prefecture, scope: Scope, today: date) -> list[OfferGroup]:
    """Return the documents of the plan, by year: 2 queries."""
    years: list[int | None] = [None, *years_of(kept_actions(scope), today)[:YEARS]]
    wanted = {
        year: [(kind, subject_id_of(prefecture, year), title, note) for kind, title, note in _KINDS]
        for year in years
    }
    wanted[None].append((thread.KIND, str(prefecture.pk), thread.ThreadOfProof.label, _THREAD))
    newest = newest_documents([item for items in wanted.values() for item in items], scope)
    return [
        OfferGroup(
            str(year) if year else "Toutes les années",
            [Offer(*item, newest.get((item[0], str(item[1])))) for item in items],
        )
        for year, items in wanted.items()
    ]
