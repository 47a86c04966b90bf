"""Frozen data → HTML: one function for the preview on screen and for the PDF."""

import html
import json
import re
from dataclasses import asdict, is_dataclass
from typing import Any

import segno
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.urls import reverse

from common.typography import NBSP, french_spaces
from reports.models import Document
from reports.registry import DocumentKind, Frozen


# Tags are kept as they are; so is everything inside these elements.
_TAG = re.compile(r"(<!--.*?-->|<(?:title|style|script|pre|code)\b.*?</[a-z]+\s*>|<[^>]*>)", re.S)
# « <strong>Lieu</strong> : Blois »: the sign is at the start of its own piece of text.
_LEADING_SIGN = re.compile(r"^[ \u00a0]+([:;?!%»])(?=\s|$)")


class _FrozenEncoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        return super().default(o)


def freeze(data: Frozen) -> Frozen:
    """Return the data as JSON gives it back: dates become ISO text, dataclasses become dicts.

    ``TypeError`` when a kind collected something else than plain data.
    """
    return json.loads(json.dumps(data, cls=_FrozenEncoder))


def render_html(kind: DocumentKind, frozen: Frozen, *, document: Document | None = None) -> str:
    """Return the whole page of a document, from frozen data only.

    With ``document`` its last page bears the verification code; without, it is a preview that says
    where the code will be.
    """
    is_draft = kind.is_draft(frozen)
    page = "landscape" if kind.landscape else "portrait"
    context = {
        "frozen": frozen,
        "paper": frozen["paper"],
        "title": kind.title(frozen),
        "is_draft": is_draft,
        "page_class": f"page-{page}-draft" if is_draft else f"page-{page}",
        "verification": verification_of(document) if document else None,
        "app_version": settings.VERSION,
    }
    return french_html(render_to_string(kind.template, context))


def verification_of(document: Document) -> dict[str, str]:
    """Return what the last page says: the code, its public address and that address as a QR code."""
    address = reverse("reports:verify_code", args=[document.verification_code])
    url = settings.PUBLIC_URL + address
    return {
        "code": document.verification_code,
        "url": url,
        "shown_url": url.split("://", 1)[-1],
        "qr": segno.make(url, error="m", micro=False).svg_data_uri(border=0),
    }


def french_html(page: str) -> str:
    """Return the page with non-breaking spaces in its texts; tags and attributes are untouched."""
    pieces = _TAG.split(page)
    # The pattern captures: texts stand at even places, tags at odd ones.
    for place in range(0, len(pieces), 2):
        text = pieces[place]
        if text and not text.isspace():
            pieces[place] = _french_text(text)
    return "".join(pieces)


def _french_text(text: str) -> str:
    plain = _LEADING_SIGN.sub(NBSP + r"\1", html.unescape(text))
    return html.escape(french_spaces(plain), quote=False)
