"""What the templates of documents need: frozen dates back as dates, and sections."""

from datetime import date, datetime, time
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.safestring import SafeString, mark_safe

from accounts.scopes import ANONYMOUS
from reports.models import Document
from reports.registry import get_section
from reports.selectors import kind_of
from reports.wording import size_in_words


register = template.Library()


@register.filter
def iso(value: str | None) -> date | datetime | time | None:
    """Read a frozen date, moment or time: ``{{ frozen.held_on|iso|words }}``."""
    if not value:
        return None
    return parse_datetime(value) if "T" in value else parse_date(value) or parse_time(value)


@register.simple_tag
def document_section(item: dict[str, Any]) -> SafeString:
    """Draw a frozen section (``Section.frozen``) by the template of its kind."""
    section = get_section(item["code"])
    context = {"title": item["title"], "data": item["data"]}
    # A rendered template: already escaped.
    return mark_safe(render_to_string(section.template, context))  # noqa: S308


@register.simple_tag(takes_context=True)
def may_request(context: Context, document: Document) -> bool:
    """Tell whether this person may ask for this document again (``… as allowed``)."""
    kind = kind_of(document)
    scope = context.get("scope", ANONYMOUS)
    return kind is not None and scope.may(*kind.request_permissions)


register.filter("file_size", size_in_words)
