"""Views of the plan, each with its own address: one line here per view, in the order of the page."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.access import Permission, Scope


P = Permission


@dataclass(frozen=True, slots=True)
class PlanTab:
    """One tab; ``url_name`` takes no argument. ``is_filtered``: the filters of the list follow."""

    code: str
    label: str
    url_name: str
    permission: Permission = P.ACTION_READ
    is_filtered: bool = False


TABS = (
    PlanTab("list", "Liste", "action_plans:action_list", is_filtered=True),
    PlanTab("board", "Tableau", "action_plans:board", is_filtered=True),
    PlanTab("calendar", "Calendrier", "action_plans:calendar", is_filtered=True),
    PlanTab("review", "Synthèse", "action_plans:review_by_service"),
    PlanTab("attention", "À surveiller", "action_plans:attention"),
    PlanTab("thread", "Fil rouge", "action_plans:thread_list"),
    PlanTab("mine", "Mes actions", "action_plans:my_actions", P.ACTION_REPORT),
    PlanTab("versions", "Versions validées", "action_plans:plan_version_list"),
    PlanTab("documents", "Documents", "action_plans:plan_documents"),
)


def tabs_of(current: str, scope: Scope, query: str = "") -> list[dict[str, object]]:
    """Return the tabs that this scope may open, for ``components/section_tabs.html``.

    ``query``: filters in the address, handed to the views that understand them.
    """
    return [
        {
            "label": tab.label,
            "url": reverse(tab.url_name) + (f"?{query}" if query and tab.is_filtered else ""),
            "is_current": tab.code == current,
        }
        for tab in TABS
        if scope.may(tab.permission)
    ]
