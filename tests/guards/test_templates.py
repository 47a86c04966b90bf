"""Every template compiles, serves somewhere, and holds no inline code or style (strict CSP)."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.template import engines

from tests.guards.repository import ROOT, python_files, templates


NAMES = [path.relative_to(ROOT / "templates").as_posix() for path in templates()]
# Loaded by the frameworks under names of their own.
BY_FRAMEWORKS = ("crispy_dsfr/", "django/", "dsfr/")
_INLINE = re.compile(
    r"""\sstyle=|\son[a-z]+=["']|<style\b|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)""",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_compiles(name: str) -> None:
    engines["django"].engine.get_template(name)


def test_is_used() -> None:
    sources = [path.read_text() for path in python_files() if "guards" not in path.parts]
    sources += [_COMMENT.sub("", path.read_text()) for path in templates()]
    quoted = set(re.findall(r"""["']([\w./-]+\.(?:html|txt))["']""", "\n".join(sources)))
    assert [
        name for name in NAMES if name not in quoted and not name.startswith(BY_FRAMEWORKS)
    ] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".html")])
def test_nothing_inline(name: str) -> None:
    source = _source(name)
    assert [match.group() for match in _INLINE.finditer(source)] == []


def test_static_files_exist() -> None:
    """A stylesheet renamed and still linked is a 404 that no page test sees."""
    asked = {
        path
        for name in NAMES
        for path in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", _source(name))
    }
    assert asked, "the pattern finds nothing any more"
    assert sorted(path for path in asked if finders.find(path) is None) == []


def _source(name: str) -> str:
    return _COMMENT.sub("", (ROOT / "templates" / name).read_text())
