"""What every registered kind of document and every section must be, whatever app declares it."""

import re

import pytest
from django.template.loader import get_template

from accounts.access import GRANTS, Permission
from accounts.enums import Role
from accounts.models import Prefecture
from accounts.scopes import ANONYMOUS
from reports.errors import SubjectNotFound
from reports.registry import ComposedKind, DocumentKind, Section, all_kinds, all_sections
from tests.guards.repository import FLOORS
from tests.reports.specimen import LandscapeSpecimen, Specimen


KINDS = [*all_kinds(), Specimen(), LandscapeSpecimen()]
SECTIONS = all_sections()
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
each_section = pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.code)


def test_kinds_are_registered() -> None:
    """The contract would say nothing of an empty registry."""
    assert len(all_kinds()) >= 3


@each_kind
def test_code_is_app_and_name(kind: DocumentKind) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", kind.code)
    assert len(kind.code) <= 60
    assert kind.code.split(".")[0] in {*FLOORS, "tests"}


@each_kind
def test_label_is_french_and_short(kind: DocumentKind) -> None:
    assert kind.label[0].isupper()
    assert 3 <= len(kind.label) <= 60
    assert "'" not in kind.label, "typographic apostrophe"
    assert kind.subject_link[0].isupper()


@each_kind
def test_template_exists_and_extends_the_paper(kind: DocumentKind) -> None:
    if isinstance(kind, ComposedKind) and not kind.template:
        return
    source = get_template(kind.template).template.source
    assert source.startswith('{% extends "documents/base.html" %}')
    assert "<dl" not in source, "a <dl> is not accessible in a PDF"
    assert not re.search(r"<th(?![^>]*\bscope=)[\s>]", source), "<th> without scope"
    assert not re.search(r"<img(?![^>]*\balt=)[\s>]", source), "<img> without alt"
    assert "style=" not in source


@each_kind
def test_somebody_may_ask_and_read(kind: DocumentKind) -> None:
    for permissions in (kind.request_permissions, kind.read_permissions):
        assert permissions
        assert all(isinstance(item, Permission) for item in permissions)
        assert any(GRANTS[role].intersection(permissions) for role in Role)
    # Whoever reads a document on its page must pass the page's own gate.
    for role in Role:
        if GRANTS[role].intersection(kind.request_permissions):
            assert Permission.DOCUMENT_READ in GRANTS[role], f"{role} asks for what it cannot read"


@each_kind
@pytest.mark.django_db
@pytest.mark.parametrize("subject_id", ["0", "abc", ""])
def test_nothing_is_visible_to_nobody(kind: DocumentKind, subject_id: str) -> None:
    with pytest.raises(SubjectNotFound):
        kind.subject(ANONYMOUS, subject_id)


@each_kind
def test_one_code_one_kind(kind: DocumentKind) -> None:
    assert [other.code for other in KINDS].count(kind.code) == 1


@each_section
@pytest.mark.django_db
def test_section_is_well_declared(section: Section) -> None:
    assert section.title[0].isupper()
    source = get_template(section.template).template.source
    assert "<dl" not in source
    assert "style=" not in source
    # A préfecture without any data has nothing to show, and says so without failing.
    empty = Prefecture.objects.create(
        code="99", slug="vide", name="Vide", of_name="de Vide", brand_block="Préfet"
    )
    assert section.frozen(empty) is None or isinstance(section.frozen(empty), dict)
