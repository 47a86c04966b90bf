"""Components of the pages that need more than an ``{% include %}``."""

from django import template
from django.core.paginator import Page
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.enums import Tone


register = template.Library()

# DSFR badge class and icon of each tone: word + icon + colour, never colour alone.
BADGES: dict[Tone, str] = {
    Tone.DRAFT: "fr-badge fr-badge--icon-left fr-icon-pencil-line qp-badge--draft",
    Tone.PROGRESS: "fr-badge fr-badge--info",
    Tone.WATCH: "fr-badge fr-badge--warning",
    Tone.BAD: "fr-badge fr-badge--error",
    Tone.GOOD: "fr-badge fr-badge--success",
    Tone.NOT_APPLICABLE: "fr-badge fr-badge--icon-left fr-icon-subtract-line qp-badge--na",
    Tone.NOT_MEASURED: "fr-badge fr-badge--icon-left fr-icon-question-line qp-badge--unmeasured",
}
if set(BADGES) != set(Tone):
    raise RuntimeError("every tone needs a badge")


@register.simple_tag
def badge(label: str, tone: str, small: bool = True) -> SafeString:
    """Draw a state: ``{% badge state.label state.tone %}``."""
    size = " fr-badge--sm" if small else ""
    return format_html('<p class="{}{}">{}</p>', BADGES[Tone(tone)], size, label)


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """Draw the CSRF field inside ``{% include … only %}``, where ``{% csrf_token %}`` is blank."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(context.request)
    )


@register.filter
def page_numbers(page: Page) -> list[int | None]:
    """Return the pages to offer: ends and neighbours, ``None`` where some are left out."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
