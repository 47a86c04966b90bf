"""What makes the tests strict: patches of the framework, applied once per process."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db.models import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.template.base import FilterExpression, Node
from django.template.defaulttags import ForNode
from django.test import client as test_client


# --- Templates --------------------------------------------------------------------------------


class UndefinedVariable(str):
    """Value of ``string_if_invalid``: its truth is asked exactly when a variable does not exist."""

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if frame.f_code is FilterExpression.resolve.__code__ or isinstance(
            expression, FilterExpression
        ):
            origin = _origin_of_node(frame)
            if _is_ours(origin) and not _says_it_may_be_missing(expression):
                pytest.fail(f"undefined template variable « {expression.token} » in {origin}")
        return False


def _says_it_may_be_missing(expression: FilterExpression) -> bool:
    return any(call.__name__ in {"default", "default_if_none"} for call, _ in expression.filters)


def _origin_of_node(frame: Any) -> str:
    """Return the file of the innermost template node being rendered."""
    while frame is not None:
        node = frame.f_locals.get("self")
        origin = getattr(node, "origin", None)
        if isinstance(node, Node) and origin is not None:
            return str(origin.name)
        frame = frame.f_back
    return "<unknown>"


def _is_ours(origin: str) -> bool:
    """Tell templates of this repository from those of the packages, which we cannot mend."""
    try:
        path = Path(origin).resolve().relative_to(settings.BASE_DIR)
    except ValueError:
        return origin == "<unknown source>"
    return not any(part in {".venv", "site-packages"} for part in path.parts)


@contextmanager
def undefined_variables_fail() -> Iterator[None]:
    """Fail on ``{{ unknown }}``, ``{% for x in unknown %}``, ``{% include … with a=unknown %}``.

    ``{% if unknown %}`` and ``{{ unknown|default:… }}`` stay allowed: they say that the variable is
    optional.
    """
    original = FilterExpression.resolve
    for_loop = ForNode.render.__code__

    def resolve(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        if ignore_failures and sys._getframe(1).f_code is for_loop:
            ignore_failures = False
        return original(self, context, ignore_failures)

    engine = engines["django"].engine
    previous, engine.string_if_invalid = engine.string_if_invalid, UndefinedVariable()
    FilterExpression.resolve = resolve  # type: ignore[method-assign]
    try:
        yield
    finally:
        FilterExpression.resolve = original  # type: ignore[method-assign]
        engine.string_if_invalid = previous


# --- Querysets --------------------------------------------------------------------------------


@contextmanager
def unordered_querysets_shuffled() -> Iterator[None]:
    """Give a random order to queries that ask for none, so that nobody relies on luck."""
    original = SQLCompiler._order_by_pairs  # type: ignore[attr-defined]

    def pairs(self: SQLCompiler) -> Iterator[tuple[Any, bool]]:
        items = list(original(self))
        query = self.query
        ordered = (
            items
            or query.distinct
            or query.combinator
            or query.subquery
            or query.group_by is not None
            or any(item.contains_aggregate for item in query.annotations.values())
        )
        yield from items if ordered else [(OrderBy(Random()), False)]

    SQLCompiler._order_by_pairs = pairs  # type: ignore[attr-defined]
    try:
        yield
    finally:
        SQLCompiler._order_by_pairs = original  # type: ignore[attr-defined]


@contextmanager
def connections_kept_between_requests() -> Iterator[None]:
    """Closing an answer by hand must not close the database connection that holds the test.

    Django's client spares it for most answers, not for files sent in pieces; on PostgreSQL the next
    query would find it closed.
    """

    def nothing(**kwargs: Any) -> None: ...

    original = test_client.close_old_connections  # type: ignore[attr-defined]
    for signal in (request_started, request_finished):
        signal.disconnect(original)
    test_client.close_old_connections = nothing  # type: ignore[attr-defined]
    try:
        yield
    finally:
        test_client.close_old_connections = original  # type: ignore[attr-defined]
        for signal in (request_started, request_finished):
            signal.connect(original)


# --- Network ----------------------------------------------------------------------------------


def close_network() -> None:
    """Refuse every connection that leaves this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_remote(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_remote(self, address)
        return connect_ex(self, address)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]


def _refuse_remote(sock: socket.socket, address: Any) -> None:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host != "localhost" and not _is_loopback(host):
        sock.close()
        pytest.fail(f"a test tried to reach the network: {address}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
