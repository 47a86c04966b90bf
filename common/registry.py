"""Registries that apps above fill when they start: the ways up without importing up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the main navigation; shown to whoever holds ``permission``.

    ``prefix`` is the URL prefix that marks the entry as current. People land after signing in on
    the first entry they may open among those with ``is_home``, else on the first one.
    """

    label: str
    url_name: str
    prefix: str
    permission: str
    order: int
    is_home: bool = False


_nav_entries: dict[str, NavEntry] = {}


def register_nav(entry: NavEntry) -> None:
    """Declare an entry of the main navigation (called in ``AppConfig.ready``)."""
    _nav_entries[entry.url_name] = entry


def nav_entries() -> list[NavEntry]:
    """Return the declared entries in their order on the page."""
    return sorted(_nav_entries.values(), key=lambda entry: entry.order)


def home_entries() -> list[NavEntry]:
    """Return the entries by order of preference as the page where people land."""
    return sorted(nav_entries(), key=lambda entry: not entry.is_home)
