"""The test client that looks at every answer: a GET wrote? on-commit work left? unsafe HTML?"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client, TestCase


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE)\b", re.IGNORECASE)
# Sessions are renewed by every visit, and the lock-out counts them: neither is business data.
_TOLERATED_TABLE = re.compile(r"^\s*\w+\s+(?:INTO\s+|FROM\s+)?\"?(django_session|axes_)", re.I)
_TEMPLATE_LEFTOVER = re.compile(r"\{\{|\{%|\{#")
# Blocks of data, never executed: allowed by the Content-Security-Policy.
_DATA_SCRIPTS = frozenset({"application/json", "text/template"})


class StrictClient(Client):
    """Django's client, plus the checks of house.md §8.

    - a GET or HEAD that writes fails;
    - what waits for the commit is run after each request, as in production;
    - each HTML answer is checked by ``html_defects``.
    """

    check_html = True

    def request(self, **request: Any) -> Any:
        safe = request.get("REQUEST_METHOD", "GET") in SAFE_METHODS
        guard = connection.execute_wrapper(_refuse_write) if safe else nullcontext()
        with guard, TestCase.captureOnCommitCallbacks(execute=True):
            response = super().request(**request)
        if self.check_html:
            _refuse_defects(response, request.get("PATH_INFO", "?"))
        return response


def _refuse_write(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if _WRITE.match(sql) and not _TOLERATED_TABLE.match(sql):
        pytest.fail(f"a GET wrote to the database: {sql}")
    return execute(sql, params, many, context)


def _refuse_defects(response: HttpResponseBase, path: str) -> None:
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return
    defects = html_defects(response.content.decode())  # type: ignore[attr-defined]
    if defects:
        pytest.fail(f"HTML of {path}:\n  " + "\n  ".join(defects))


def html_defects(html: str) -> list[str]:
    """Return what the page must not contain: inline code or style, leftovers, unprotected forms."""
    page = _Page()
    page.feed(html)
    page.close()
    repeated = [name for name, count in Counter(page.ids).items() if count > 1]
    lost = [name for name in page.anchors if name not in page.ids] if page.is_whole else []
    return [
        *page.defects,
        *(f"id « {name} » is used more than once" for name in repeated),
        *(f"a link leads to « #{name} », which is not on the page" for name in lost),
    ]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.defects: list[str] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.is_whole = False  # a fragment leads to the rest of its page
        self._open_form: str | None = None
        self._form_has_token = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.is_whole = True
        if tag == "a" and len(values.get("href", "")) > 1 and values["href"].startswith("#"):
            self.anchors.append(values["href"][1:])
        inline = [name for name in values if name == "style" or name.startswith("on")]
        self.defects += [f"inline {name}= on <{tag}>" for name in inline]
        if tag == "style" or (
            tag == "script" and "src" not in values and values.get("type") not in _DATA_SCRIPTS
        ):
            self.defects.append(f"inline <{tag}>")
        if tag == "form" and values.get("method", "").lower() == "post":
            self._open_form, self._form_has_token = values.get("action", ""), False
        if tag == "input" and values.get("name") == "csrfmiddlewaretoken":
            self._form_has_token = True
        if any(value.startswith("javascript:") for value in values.values()):
            self.defects.append(f"javascript: address on <{tag}>")
        for name, value in values.items():
            self._refuse_leftover(f"{name}= of <{tag}>", value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open_form is not None:
            if not self._form_has_token:
                self.defects.append(f"POST form to « {self._open_form} » without CSRF token")
            self._open_form = None

    def handle_data(self, data: str) -> None:
        self._refuse_leftover("text", data)

    def _refuse_leftover(self, where: str, text: str) -> None:
        if _TEMPLATE_LEFTOVER.search(text):
            self.defects.append(f"leftover of a template in {where}: {text.strip()[:80]}")
