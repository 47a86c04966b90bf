"""Parts of « Indicateurs », each with its own address: one line here per part, in the order of the page."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.access import Permission, Scope


P = Permission


@dataclass(frozen=True, slots=True)
class IndicatorPart:
    """One tab; ``needs_prefecture``: nothing to show to the roles that are in none.

    ``is_central``: only for the roles that read every préfecture.
    """

    code: str
    label: str
    url_name: str
    permission: Permission
    needs_prefecture: bool = False
    is_central: bool = False


PARTS = (
    IndicatorPart(
        "prefectures",
        "Préfectures",
        "indicators:prefecture_list",
        P.INDICATOR_READ,
        is_central=True,
    ),
    IndicatorPart("figures", "Résultats", "indicators:figure_list", P.INDICATOR_READ, True),
    IndicatorPart(
        "strengths",
        "Points forts et faibles",
        "indicators:strengths_latest",
        P.INDICATOR_READ,
        True,
    ),
    IndicatorPart("entry", "Saisie", "indicators:entry_list", P.INDICATOR_ENTER, True),
    IndicatorPart("imports", "Importer", "indicators:import_create", P.INDICATOR_ENTER, True),
    IndicatorPart("pilote", "PILOTE", "indicators:pilote_page", P.INDICATOR_VALIDATE, True),
    IndicatorPart(
        "pilote",
        "PILOTE",
        "indicators:pilote_page",
        P.INDICATOR_TARGET_NATIONAL,
        is_central=True,
    ),
    IndicatorPart("definitions", "Définitions", "indicators:definition_list", P.REFERENTIAL_READ),
)


def tabs_of(current: str, scope: Scope) -> list[dict[str, object]]:
    """Return the tabs that this scope may open, for ``components/section_tabs.html``."""
    return [
        {"label": part.label, "url": reverse(part.url_name), "is_current": part.code == current}
        for part in PARTS
        if scope.may(part.permission)
        and (scope.prefecture or not part.needs_prefecture)
        and (scope.sees_all_prefectures or not part.is_central)
    ]
