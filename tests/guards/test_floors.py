"""The law of the floors (docs/adr/0002): imports, foreign keys, templates and tags point down only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines

from tests.guards.repository import APPS, FLOORS, ROOT, may_use, python_files, relative, templates
from tests.guards.repository import tree as tree_of


OUTSIDE = {"tests", "bench"}
SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "receiver"}
_REFERENCE = re.compile(r"""\{%-?\s*(?:extends|include)\s+["']([^"']+)["']""")
_LOAD = re.compile(r"\{%\s*load\s+([^%]+?)\s*%\}")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, module) of each import, inside functions and type checking too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def forbidden_imports(app: str, path: Path) -> list[str]:
    return [
        f"{relative(path)}:{line} imports {module}"
        for line, module in imports(path)
        if (top := module.split(".")[0]) in OUTSIDE
        or (top in FLOORS and not may_use(app, top))
        or module.startswith(".")
    ]


def test_every_app_has_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages <= set(FLOORS)


@pytest.mark.parametrize("app", APPS)
def test_imports_point_down(app: str) -> None:
    faults = [fault for path in python_files(app) for fault in forbidden_imports(app, path)]
    assert faults == []


def test_the_guard_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    module = ROOT / "common" / "people.py"
    source = tmp_path / "bad.py"
    source.write_text("def f():\n    from meetings.models import Meeting\n")
    assert list(imports(source)) == [(2, "meetings.models")]
    assert not may_use("common", "meetings")
    assert not may_use("reports", "modules")
    assert may_use("accounts", "common")
    assert forbidden_imports("common", module) == []


def test_only_the_renderer_imports_weasyprint() -> None:
    users = {
        relative(path)
        for app in APPS
        for path in python_files(app)
        if any(module.split(".")[0] == "weasyprint" for _, module in imports(path))
    }
    assert users <= {"reports/pdf.py"}


def test_no_signal_carries_a_business_effect() -> None:
    """docs/adr/0004."""
    faults = [
        f"{relative(path)}:{node.lineno}"
        for app in APPS
        for path in python_files(app)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
        and SIGNALS.intersection(alias.name for alias in node.names)
    ]
    assert faults == []


def test_searches_fold_accents() -> None:
    """docs/adr/0007: ``common.search`` is the one way to look for a word."""
    faults = [
        f"{relative(path)}:{node.lineno}"
        for app in APPS
        for path in python_files(app)
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.keyword) and (node.arg or "").endswith("__icontains"))
        or (isinstance(node, ast.Constant) and str(node.value).endswith("__icontains"))
    ]
    assert faults == []


def test_foreign_keys_point_down() -> None:
    faults = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model is not None
        and field.related_model._meta.app_label in FLOORS
        and not may_use(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert faults == []


def test_no_generic_foreign_key() -> None:
    faults = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.private_fields
        if type(field).__name__ == "GenericForeignKey"
    ]
    assert faults == []


def owner(template: str) -> str | None:
    """Return the app whose folder holds this template; None for what belongs to everybody."""
    parts = template.split("/")
    if parts[0] == "emails":
        parts = parts[1:]
    return parts[0] if parts[0] in FLOORS else None


def may_refer(user: str | None, used: str | None) -> bool:
    if used is None:
        return True
    return user is not None and may_use(user, used)


def test_templates_refer_down() -> None:
    faults = []
    for path in templates():
        name = path.relative_to(ROOT / "templates").as_posix()
        faults += [
            f"{name} uses {used}"
            for used in _REFERENCE.findall(path.read_text())
            if not may_refer(owner(name), owner(used))
        ]
    assert faults == []


def test_template_tags_come_from_below() -> None:
    libraries = engines["django"].engine.libraries
    faults = []
    for path in templates():
        name = path.relative_to(ROOT / "templates").as_posix()
        for names in _LOAD.findall(path.read_text()):
            for library in names.split(" from ")[-1].split():
                app = libraries.get(library, "").split(".")[0]
                app_or_nobody = app if app in FLOORS and app not in {"common", "accounts"} else None
                if not may_refer(owner(name), app_or_nobody) and owner(name) is not None:
                    faults.append(f"{name} loads {library} of {app}")
    assert faults == []
