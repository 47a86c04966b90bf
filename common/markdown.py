"""Markdown typed or pasted by people, made into safe HTML. Pure functions.

A subset of CommonMark: paragraphs, line breaks, bold, italic, lists, quotes, headings, links. HTML
typed in the text stays text; what leaves goes through an allow-list all the same.
"""

import re
import unicodedata
from collections.abc import Iterator

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from common.typography import NBSP, french_spaces


LINK_SCHEMES = frozenset({"http", "https", "mailto"})
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_LOWEST_HEADING = 6
_SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def _is_allowed_link(url: str) -> bool:
    """Allow absolute web and mail addresses only: a document has no « relative » place."""
    scheme = _SCHEME.match(url)
    return scheme is not None and scheme.group(1).lower() in LINK_SCHEMES


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.disable(["html_block", "html_inline", "code", "fence", "backticks", "image", "hr"])
    parser.disable(["reference"])
    parser.validateLink = _is_allowed_link  # type: ignore[method-assign]
    return parser


_MARKDOWN = _parser()


def render_markdown(text: str, *, heading_level: int = 4) -> SafeString:
    """Return ``text`` as safe HTML with French non-breaking spaces.

    The headings of the text become ``heading_level`` and below, without a gap, so that they take
    their place in the outline of the page or of the document.

    >>> str(render_markdown("**52 %** des usagers")) == "<p><strong>52\u00a0%</strong> des usagers</p>"
    True
    """
    # Once on the source (marks may stand between a word and its sign), once on each piece of text.
    tokens = _MARKDOWN.parse(french_spaces(text))
    _demote_headings(tokens, heading_level)
    for token in _inline_texts(tokens):
        token.content = french_spaces(token.content)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=set(LINK_SCHEMES),
        link_rel="noopener noreferrer",
    )
    # The sign itself rather than its entity: texts are compared, searched and frozen as such.
    return mark_safe(clean.strip().replace("&nbsp;", NBSP))  # noqa: S308 - just sanitised by nh3


def _demote_headings(tokens: list[Token], heading_level: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    depths = sorted({token.tag for token in headings})
    tags = {
        tag: f"h{min(heading_level + rank, _LOWEST_HEADING)}" for rank, tag in enumerate(depths)
    }
    for token in headings:
        token.tag = tags[token.tag]


def _inline_texts(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "text":
                yield child


# --- Paste ------------------------------------------------------------------------------------
# Bullets that word processors put in front of list items (the last two come from symbol fonts).
_BULLET = re.compile(r"^[ \t]*[•◦▪▫‣⁃●○■□❖➢➤✓\uf0b7\uf0a7\uf0d8][ \t\u00a0]*", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d{1,3})[.)]\t+", re.MULTILINE)
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Soft hyphens, zero-width characters, direction marks and byte-order marks: unseen, they break
# searches and screen readers.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_NBSP_RUN = re.compile(rf"[{NBSP}\u202f]{{2,}}")
_TRAILING = re.compile(rf"[ \t{NBSP}]+$", re.MULTILINE)
_MANY_BREAKS = re.compile(r"\n{3,}")
_TABS = re.compile(r"(?<=\S)\t+")


def clean_pasted_text(text: str) -> str:
    """Return ``text`` without what word processors leave in it; idempotent.

    Line ends become ``\\n``, bullets become Markdown list items, control and invisible characters,
    non-characters and private-use signs go, runs of non-breaking spaces become one space.

    >>> clean_pasted_text("Livrables\u00a0:\\r\\n•\\tauto-diag\u00adnostic")
    'Livrables\\xa0:\\n- auto-diagnostic'
    """
    text = _BREAKS.sub("\n", text)
    text = _BULLET.sub("- ", text)
    text = _NUMBERED.sub(r"\1. ", text)
    text = _TABS.sub(" ", text).replace("\t", "    ")
    text = _INVISIBLE.sub("", text)
    text = "".join(char for char in text if char == "\n" or not _is_unwanted(char))
    text = _NBSP_RUN.sub(" ", text)
    text = _TRAILING.sub("", text)
    return _MANY_BREAKS.sub("\n\n", unicodedata.normalize("NFC", text)).strip("\n")


def _is_unwanted(char: str) -> bool:
    """Tell control (Cc), surrogate (Cs), private-use (Co) and unassigned characters (Cn)."""
    return unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"}
