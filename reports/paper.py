"""The head of every document, frozen with it: letterhead, title, running title, notice."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from accounts.models import Prefecture


# The motto is set apart from the name of the office when the brand block carries it.
MOTTO = frozenset({"liberté", "égalité", "fraternité"})


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What ``documents/base.html`` draws around the content; kinds put it in ``frozen["paper"]``.

    ``running_title`` is the footer and the title of the PDF (« Compte rendu du CLU du 30 juin
    2022 »); ``notice`` is said at the top of the first page (« Version 2 : corrige… »).
    """

    brand_lines: list[str]
    motto_lines: list[str]
    author: str
    title: str
    running_title: str
    kicker: str = ""
    subtitle: str = ""
    service: str = ""
    reference: str = ""
    place: str = ""
    dated_on: date | None = None
    contact_lines: list[str]
    notice: str = ""
    version: int = 1


def paper_of(prefecture: Prefecture, *, title: str, running_title: str, **details: object) -> Paper:
    """Return the head of a document of this préfecture; ``details`` are the other fields."""
    lines = prefecture.brand_lines
    given = {"place": prefecture.city, **details}
    return Paper(
        brand_lines=[line for line in lines if line.strip(" ,").lower() not in MOTTO],
        motto_lines=[line for line in lines if line.strip(" ,").lower() in MOTTO],
        author=str(prefecture),
        title=title,
        running_title=running_title,
        contact_lines=[
            *prefecture.address.splitlines(),
            *(line for line in (prefecture.phone, prefecture.email) if line),
        ],
        **given,  # type: ignore[arg-type]
    )


def pdf_name(day: date | str | None, *words: str, version: int | None = None) -> str:
    """Return the name of a file that sorts by date and that every system takes.

    Acronyms keep their capitals; ``day`` may be frozen (ISO); a document without a date has none.

    >>> pdf_name("2022-06-30", "CLU", "Compte rendu", version=1)
    '2022-06-30_CLU_compte-rendu_v1.pdf'
    """
    parts = [str(day)] if day else []
    parts += [word if word.isascii() and word.isupper() else slugify(word)[:60] for word in words]
    parts += [f"v{version}"] if version else []
    return "_".join(part for part in parts if part) + ".pdf"
