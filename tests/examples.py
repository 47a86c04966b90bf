"""Registries that the guards read: an object for each address, and rows for each list.

Each app fills them in ``tests/<app>/examples.py`` (or ``examples_<part>.py``)::

    @example("meetings:committee_detail", "meetings:committee_edit")
    def committee(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
        return {"pk": make_committee(prefecture).pk}     # the URL's arguments

    @growing("meetings:committee_list", reader="referente", budget=9)
    def committees(cast: Cast, numbers: range) -> dict[str, object]:
        for number in numbers:                            # called twice: 0–1, then 2–19
            make_committee(cast.prefecture, name=f"Comité {number}")
        return {}                                         # the URL's arguments, if it has any

The permission matrix calls an example twice: for an object of the home préfecture and one of the
other. ``scoped=False`` says that the object belongs to no préfecture (a référentiel, an account
page): everybody who holds the permission opens it. ``hidden_from=("auditeur",)`` names the people of
the home préfecture for whom this object does not exist (404): a grid that is not accepted yet…
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from accounts.models import Prefecture
from tests.cast import Cast
from tests.guards.repository import APPS, ROOT


MakeExample = Callable[[Cast, Prefecture], dict[str, object]]
MakeRows = Callable[[Cast, range], dict[str, object]]


@dataclass(frozen=True)
class Example:
    """How to make the arguments of an address; ``scoped``: its object belongs to a préfecture.

    ``hidden_from``: people of the home préfecture to whom the object is as good as absent.
    """

    make: MakeExample
    scoped: bool
    hidden_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Growth:
    """A page whose number of queries must not follow its rows; ``budget`` is the most it may do."""

    make: MakeRows
    reader: str
    budget: int
    query: str


EXAMPLES: dict[str, Example] = {}
GROWTHS: dict[str, Growth] = {}


def example(
    *url_names: str, scoped: bool = True, hidden_from: tuple[str, ...] = ()
) -> Callable[[MakeExample], MakeExample]:
    """Register the decorated function for these URL names."""

    def register(make: MakeExample) -> MakeExample:
        for name in url_names:
            if name in EXAMPLES:
                raise RuntimeError(f"two examples for {name}")
            EXAMPLES[name] = Example(make, scoped, hidden_from)
        return make

    return register


def growing(
    *url_names: str, reader: str, budget: int, query: str = ""
) -> Callable[[MakeRows], MakeRows]:
    """Register rows for these pages, read by ``reader`` with the query string ``query``."""

    def register(make: MakeRows) -> MakeRows:
        for name in url_names:
            GROWTHS[name] = Growth(make, reader, budget, query)
        return make

    return register


def load() -> None:
    """Import ``examples.py`` (and ``examples_….py``) of every app's tests."""
    for app in APPS:
        for path in sorted((ROOT / "tests" / app).glob("examples*.py")):
            import_module(f"tests.{app}.{path.stem}")


load()
