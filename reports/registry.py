"""What the apps above declare: kinds of documents, and sections of data that documents may insert.

An app registers them in its ``documents.py``, imported when the server starts. Adding one needs no
change here (docs/how-to/document.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist
from django.db import models

from accounts.access import Permission, Scope
from accounts.models import Prefecture
from reports.errors import SubjectNotFound
from reports.workshop import ComposedFile, Workshop


Frozen = dict[str, Any]


class DocumentKind:
    """One kind of document: how its subject is found, what is frozen, which template draws it.

    Subclasses set the attributes, usually ``model``, and write ``collect`` and ``file_name``.
    ``collect`` returns plain data (numbers, strings, dates, lists, dicts, dataclasses) with a
    ``reports.paper.Paper`` under « paper »; the template sees nothing else.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    template: ClassVar[str]
    request_permissions: ClassVar[tuple[Permission, ...]] = (Permission.DOCUMENT_REQUEST,)
    read_permissions: ClassVar[tuple[Permission, ...]] = (Permission.DOCUMENT_READ,)
    landscape: ClassVar[bool] = False
    # Words of the link that leads back to ``subject_url``.
    subject_link: ClassVar[str] = "Revenir à la page d’origine"
    model: ClassVar[type[models.Model] | None] = None

    def subject(self, scope: Scope, subject_id: str) -> Any:
        """Return what the document is about; ``SubjectNotFound`` outside the scope."""
        if self.model is None:
            raise NotImplementedError(f"{type(self).__name__}: set model or write subject()")
        visible = self.model._default_manager.visible_to(scope)  # type: ignore[attr-defined]
        try:
            return visible.get(pk=subject_id)
        except (ObjectDoesNotExist, ValueError, TypeError) as error:
            raise SubjectNotFound(f"{self.code} {subject_id}") from error

    def prefecture(self, subject: Any) -> Prefecture:
        """Return the préfecture that owns the subject, hence the document."""
        return subject.prefecture

    def series(self, subject: Any, subject_id: str) -> str:
        """Return what the successive versions of one document share."""
        return subject_id

    def collect(self, subject: Any) -> Frozen:
        """Return everything that the template needs: it is frozen, then rendered."""
        raise NotImplementedError

    def title(self, frozen: Frozen) -> str:
        """Return the title of the document in lists and on the verification page."""
        return frozen["paper"]["running_title"]

    def version(self, frozen: Frozen) -> int:
        return frozen["paper"]["version"]

    def file_name(self, frozen: Frozen) -> str:
        """Return the name of the file: ``reports.paper.pdf_name`` builds it."""
        raise NotImplementedError

    def is_draft(self, frozen: Frozen) -> bool:
        """Tell whether the document bears the watermark and can never be verified as authentic."""
        return False

    def subject_url(self, subject_id: str) -> str:
        """Return the address of the page to go back to."""
        raise NotImplementedError

    def readable_subjects(self, scope: Scope) -> models.QuerySet[Any] | None:
        """Return the subjects whose documents this scope may read (as text, one column).

        ``None``: all of its préfecture. Whoever is let in for one thing only (an auditor) needs it.
        """
        return None


class ComposedKind(DocumentKind):
    """A kind whose file is put together from parts: a merged PDF, an archive, a workbook.

    ``compose`` writes the file in the workshop from the frozen data alone and returns it; it tells
    its progress, and makes long parts through ``workshop.part`` so that an interrupted document goes
    on where it stopped. ``file_name`` gives the extension, hence the content type.
    """

    template: ClassVar[str] = ""

    def compose(self, frozen: Frozen, workshop: Workshop, *, document: Any) -> ComposedFile:
        """Write the file; ``DocumentError`` (French) when it cannot be."""
        raise NotImplementedError


@dataclass(frozen=True)
class Section:
    """Data of an app below that a document may insert (a table of modules, of indicators…)."""

    code: str
    title: str
    template: str
    collect: Callable[[Prefecture], Any]

    def frozen(self, prefecture: Prefecture) -> dict[str, Any] | None:
        """Return what a kind puts in its own data; None when the préfecture has nothing to show.

        In the template: ``{% load paper %}{% document_section item %}``.
        """
        data = self.collect(prefecture)
        return None if data is None else {"code": self.code, "title": self.title, "data": data}


_kinds: dict[str, DocumentKind] = {}
_sections: dict[str, Section] = {}
KindClass = TypeVar("KindClass", bound=type[DocumentKind])


def register_document(kind: KindClass) -> KindClass:
    """Declare a kind (class decorator); two kinds with one code stop the server at start."""
    if kind.code in _kinds:
        raise ImproperlyConfigured(f"two kinds of documents are called {kind.code}")
    _kinds[kind.code] = kind()
    return kind


def get_kind(code: str) -> DocumentKind:
    """Return the kind; ``LookupError`` for a code nobody declared."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no kind of document is called {code}") from None


def all_kinds() -> list[DocumentKind]:
    """Return every kind, in the order of their labels."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def readable_kinds(scope: Scope) -> list[DocumentKind]:
    return [kind for kind in all_kinds() if scope.may(*kind.read_permissions)]


def register_section(
    code: str, title: str, template: str
) -> Callable[[Callable[[Prefecture], Any]], Callable[[Prefecture], Any]]:
    """Declare a section by its collecting function (decorator); duplicates stop the server."""

    def declare(collect: Callable[[Prefecture], Any]) -> Callable[[Prefecture], Any]:
        if code in _sections:
            raise ImproperlyConfigured(f"two sections are called {code}")
        _sections[code] = Section(code, title, template, collect)
        return collect

    return declare


def get_section(code: str) -> Section:
    """Return the section; ``LookupError`` for a code nobody declared."""
    try:
        return _sections[code]
    except KeyError:
        raise LookupError(f"no section is called {code}") from None


def all_sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda section: section.title)


def section_choices() -> list[tuple[str, str]]:
    """Return (code, title) of every section, for a form."""
    return [(section.code, section.title) for section in all_sections()]
