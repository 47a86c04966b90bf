"""Nothing grows past the stops of house.md §3: past them, a file hides two things."""

import ast
from pathlib import Path

from tests.guards.repository import APPS, ROOT, python_files, relative, templates
from tests.guards.repository import tree as tree_of


PYTHON, TEST, FUNCTION, TEMPLATE, README = 500, 700, 50, 200, 20


def too_long(paths: list[Path], stop: int) -> list[str]:
    lengths = ((relative(path), len(path.read_text().splitlines())) for path in paths)
    return [f"{name}: {length} lines > {stop}" for name, length in lengths if length > stop]


def is_test(path: Path) -> bool:
    return relative(path).startswith("tests/")


def test_python_files() -> None:
    assert too_long([path for path in python_files() if not is_test(path)], PYTHON) == []


def test_test_files() -> None:
    assert too_long([path for path in python_files("tests") if path.suffix == ".py"], TEST) == []


def test_templates() -> None:
    assert too_long(templates(), TEMPLATE) == []


def test_app_readmes() -> None:
    assert too_long([path for app in APPS for path in (ROOT / app).glob("README.md")], README) == []


def test_functions() -> None:
    faults = [
        f"{relative(path)}:{node.lineno} {node.name}: {length} lines > {FUNCTION}"
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION
    ]
    assert faults == []
