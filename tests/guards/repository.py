"""What the guards look at: the repository's own files, apps and addresses."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


ROOT = Path(__file__).resolve().parents[2]
# docs/architecture.md. An app imports only from a floor strictly below; accounts may import common.
FLOORS = {
    "common": 0,
    "accounts": 0,
    "reports": 1,
    "modules": 2,
    "action_plans": 3,
    "indicators": 4,
    "surveys": 5,
    "complaints": 5,
    "audits": 5,
    "meetings": 6,
    "dashboard": 7,
    "demo": 7,
    "qualepref": 8,
}
NEIGHBOURLY = {("accounts", "common")}
APPS = sorted(name for name in FLOORS if (ROOT / name / "__init__.py").exists())
_SKIPPED = {".venv", "var", ".git", "node_modules", "__pycache__", "staticfiles"}


def may_use(user: str, used: str) -> bool:
    """Tell whether app ``user`` stands high enough to know app ``used``."""
    return user == used or (user, used) in NEIGHBOURLY or FLOORS[used] < FLOORS[user]


def files(*suffixes: str, under: str = "") -> list[Path]:
    """Return the repository's files with one of these suffixes, generated folders left out."""
    return sorted(
        path
        for path in (ROOT / under).rglob("*")
        if path.suffix in suffixes
        and path.is_file()
        and not _SKIPPED.intersection(path.relative_to(ROOT).parts)
    )


def python_files(under: str = "") -> list[Path]:
    """Return Python files, migrations left out (Django writes them)."""
    return [path for path in files(".py", under=under) if "migrations" not in path.parts]


def templates() -> list[Path]:
    return files(".html", ".txt", under="templates")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


# --- Addresses --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One URL of the application, as the resolver knows it."""

    name: str
    route: str
    view: Callable[..., Any]
    arguments: frozenset[str]

    @property
    def gate(self) -> Any:
        """Return permissions, or the reason why it is public, or None when nobody thought of it."""
        return getattr(self.view, "gate", None)

    @property
    def is_public(self) -> bool:
        return isinstance(self.gate, str)

    @property
    def methods(self) -> frozenset[str]:
        """Return the HTTP methods let through by Django's decorators (empty: no decorator)."""
        view_class = getattr(self.view, "view_class", None)
        if view_class is not None:
            return frozenset(
                name.upper() for name in view_class.http_method_names if hasattr(view_class, name)
            )
        allowed: list[set[str]] = []
        view: Any = self.view
        while view is not None:
            names = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
            if "request_method_list" in names:
                allowed.append(set(names["request_method_list"].cell_contents))
            view = getattr(view, "__wrapped__", None)
        return frozenset(set.intersection(*allowed)) if allowed else frozenset()


def addresses() -> list[Address]:
    """Return every URL of the project, sorted by name."""
    return sorted(_walk(get_resolver("qualepref.urls"), "", "", {}), key=lambda item: item.name)


def _walk(
    resolver: URLResolver, namespace: str, route: str, arguments: dict[str, Any]
) -> Iterator[Address]:
    for item in resolver.url_patterns:
        here = route + str(item.pattern)
        found = {**arguments, **item.pattern.converters} if item.pattern else arguments
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from _walk(item, inner, here, found)
        elif isinstance(item, URLPattern):
            yield Address(f"{namespace}{item.name or here}", here, item.callback, frozenset(found))
