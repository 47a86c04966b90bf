"""Views fetch through the scope: ``Model.objects.visible_to(scope)`` and nothing else."""

import ast
from pathlib import Path

from tests.guards.repository import APPS, python_files, relative
from tests.guards.repository import tree as tree_of


MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


def views_modules() -> list[Path]:
    return [
        path
        for app in APPS
        for path in python_files(app)
        if path.stem == "views" or "views" in path.parts
    ]


def faults_in(tree: ast.Module) -> list[str]:
    """Return « line: fault » of each manager used outside ``visible_to``."""
    scoped = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    raw = [
        f"{node.lineno}: .{node.attr} without visible_to"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and id(node) not in scoped
    ]
    shortcuts = [
        f"{node.lineno}: {node.func.id}({node.args[0].id})"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SHORTCUTS
        and node.args
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id[0].isupper()
    ]
    return raw + shortcuts


def test_views_fetch_through_the_scope() -> None:
    faults = [
        f"{relative(path)}:{fault}"
        for path in views_modules()
        for fault in faults_in(tree_of(path))
    ]
    assert faults == []


def test_the_guard_sees_raw_managers() -> None:
    source = "A.objects.all()\nget_object_or_404(A, pk=1)\nA.objects.visible_to(s).get(pk=1)\n"
    assert faults_in(ast.parse(source)) == [
        "1: .objects without visible_to",
        "2: get_object_or_404(A)",
    ]
