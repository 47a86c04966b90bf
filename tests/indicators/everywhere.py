"""Every page and file that shows a figure, read back as a person reads it: one dictionary for each."""

import contextlib
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse

from common.spreadsheets import read_lines
from indicators.reading.periods import Period
from reports.registry import get_section
from reports.selectors import preview_html
from tests.cast import Cast


FORMATS = ("csv", "ods", "xlsx")
# Of a figure: « 90,0 % », « 18 sur 20 », what it lacks, « Cible atteinte ».
Told = tuple[str, str, str, str]


def words(node: Any) -> str:
    """Return the text of a node (or a text) in plain spaces."""
    text = node if isinstance(node, str) else node.text_content()
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def number(cell: Any) -> Decimal | None:
    """Return what a cell holds, « −1 234,50 » or 1234.5, whatever follows it."""
    if cell in (None, ""):
        return None
    text = words(str(cell)).replace("−", "-").replace(",", ".").removesuffix("/10")
    bare = re.match(r"-?[0-9.]+", text.replace(" ", ""))
    return Decimal(bare[0]) if bare else None


class Pages:
    """What one person sees."""

    def __init__(self, cast: Cast, who: str) -> None:
        self.client, self.scope = cast.client(who), cast.scope(who)

    def tree(self, url: str, **query: str) -> Any:
        return lxml.html.fromstring(self.client.get(url, query).text)

    def file(self, url: str, **query: str) -> list[dict[str, Any]]:
        head, *rows = read_lines(self.client.get(url, query).content)
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]

    # --- The list -----------------------------------------------------------------------------
    def listed(self, **query: str) -> dict[str, tuple[str, str, str, str]]:
        """Return value, period, what it lacks and state of the last figure, by code."""
        found = {}
        for row in self.tree(reverse("indicators:figure_list"), **query).xpath(
            "//table[contains(@class, 'qp-figures__table')]/tbody/tr"
        ):
            head, value, state, *_ = row.xpath("./*")
            code = words(notes(head)[0]).split(" · ")[0]
            (shown,) = value.xpath(".//*[contains(@class, '__value')]") or ("",)
            told = [words(note) for note in notes(value)]
            found[code] = (words(shown), *[*told, "", ""][:2], words(badges(state)[0]))
        return found  # type: ignore[return-value]

    def listed_in_file(self, fmt: str, **query: str) -> dict[str, dict[str, Any]]:
        url = reverse("indicators:figure_export", args=[fmt])
        return {row["Code"]: row for row in self.file(url, **query)}

    # --- One indicator ------------------------------------------------------------------------
    def page(self, code: str, place: str = "", *, whole: bool = False) -> dict[str, Told]:
        """Return every period of the table of an indicator; the chart says the same or it fails."""
        query = {"lieu": place} | ({"periodes": "toutes"} if whole else {})
        tree = self.tree(reverse("indicators:figure_detail", args=[code]), **query)
        found = {}
        for row in tree.xpath("//section[@id='chiffres']//tbody/tr"):
            cell = {item.get("data-label"): item for item in row.xpath("./*")}
            told = [words(note) for note in notes(cell["Valeur"])]
            ratio = next((text for text in told if not text.startswith(("Calc", "Auc", "Ces"))), "")
            gap = next((text for text in told if text != ratio), "")
            shown = words(cell["Valeur"].text)
            state = words(badges(cell["État"])[0])
            found[words(cell["Période"].text)] = (shown, ratio, gap, state)
        drawn = tree.xpath("(//table[contains(@class, 'qp-chart__table')])[1]/tbody/tr")
        for row in drawn:
            period, value = (words(item) for item in row.xpath("./*")[:2])
            shown = found[period][0]
            assert (number(value), value) == (number(shown), value) or value == shown, (
                code,
                period,
            )
        return found

    def page_in_file(self, code: str, fmt: str, place: str = "") -> list[dict[str, Any]]:
        return self.file(reverse("indicators:points_export", args=[code, fmt]), lieu=place)

    def page_as_file(self, code: str, fmt: str, place: str = "") -> bytes:
        url = reverse("indicators:points_export", args=[code, fmt])
        return bytes(self.client.get(url, {"lieu": place}).content)

    # --- Paper --------------------------------------------------------------------------------
    def printed_list(self, subject: str) -> dict[str, tuple[str, str, str, str]]:
        tree = lxml.html.fromstring(self._printed("indicators.dashboard", subject))
        found = {}
        for row in tree.xpath("//table[.//th[text()='Dernière valeur']]/tbody/tr"):
            head, value, state, *_ = row.xpath("./*")
            small = [words(item) for item in value.xpath("./span")]
            shown = words(value.xpath("./strong")[0])
            code = words(head.xpath("./span")[0])
            found[code] = (shown, *[*small, "", ""][:2], words(state.text))
        return found  # type: ignore[return-value]

    def printed_sheet(self, subject: str) -> dict[str, Told]:
        tree = lxml.html.fromstring(self._printed("indicators.sheet", subject))
        found = {}
        for row in tree.xpath("//table[.//th[text()='Origine']]/tbody/tr"):
            period, value, state, *_, origin = row.xpath("./*")
            ratio = "".join(words(item) for item in value.xpath("./span"))
            gap = "".join(words(item) for item in origin.xpath("./span"))
            found[words(period)] = (words(value.text), ratio, gap, words(state))
        return found

    def _printed(self, kind: str, subject: str) -> str:
        return preview_html(kind=kind, subject_id=subject, scope=self.scope)

    # --- Strong and weak points, preparation of the committee ----------------------------------
    def strengths(self, period: str) -> dict[str, tuple[str, str]]:
        """Return the beginning of the sentence and the state of each point, by label."""
        tree = self.tree(reverse("indicators:strengths_detail", args=[period]))
        found = {}
        for point in tree.xpath("//div[@class='qp-point']"):
            said = next(
                words(item)
                for item in point.xpath("./p")
                if "badge" not in (item.get("class") or "")
            )
            found[words(point.xpath("./h3")[0])] = (said, words(badges(point)[0]))
        return found

    # --- The ministry ---------------------------------------------------------------------------
    def national(self, code: str, period: str) -> dict[str, tuple[str, str, str]]:
        """Return value, parts and state of each line, by préfecture and place; files say the same."""
        query = {"indicator": code, "period": period}
        tree = self.tree(reverse("indicators:prefecture_list"), **query)
        found = {}
        for row in tree.xpath("//table[contains(@class, 'qp-table')]/tbody/tr[td[@data-label]]"):
            cell = {item.get("data-label"): item for item in row.xpath("./*")}
            if "Préfecture" not in cell:
                continue
            shown = words(cell["Valeur"].xpath(".//*[contains(@class, '__value')]")[0])
            ratio = next((words(n) for n in notes(cell["Valeur"]) if " sur " in words(n)), "")
            state = words(badges(cell["Face à la cible nationale"])[0])
            found[words(cell["Préfecture"])] = (shown, ratio, state)
        for fmt in FORMATS:
            lines = self.file(reverse("indicators:prefecture_export", args=[fmt]), **query)
            told = {words(f"{line['Qui']} {line['Lieu'] or ''}"): line for line in lines}
            for name, (shown, _, state) in found.items():
                assert number(told[name]["Valeur"]) == number(shown), (code, fmt)
                assert told[name]["État"] == state
        return found


def notes(node: Any) -> list[Any]:
    return list(node.xpath(".//*[contains(@class, 'qp-figures__note')]"))


def badges(node: Any) -> list[Any]:
    return list(node.xpath(".//*[contains(@class, 'fr-badge')]"))


def minutes(cast: Cast) -> dict[str, tuple[str, str]]:
    """Return value and state of each point, by label, as the section of the minutes prints them."""
    section = get_section("indicateurs")
    context = {"title": section.title, "data": section.collect(cast.prefecture)}
    tree = lxml.html.fromstring(f"<div>{render_to_string(section.template, context)}</div>")
    found = {}
    for row in tree.xpath("//tbody/tr"):
        name, result = row.xpath("./*")[:2]
        found[words(name)] = (words(result.text), words(result.xpath("./span")[0]))
    return found


def preview(path: Path, text: str) -> list[dict[str, Any]]:
    """Return what ``told_of`` says of a file that holds a text."""
    path.write_text(text)
    return told_of(path)


def told_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows that ``import_indicators --json`` tells of a file."""
    out = io.StringIO()
    with contextlib.suppress(SystemExit):  # one cell to mend is enough for it
        call_command("import_indicators", str(path), "--prefecture", "41", "--json", stdout=out)
    return list(json.loads(out.getvalue())["rows"])


def pilote() -> dict[tuple[str, str], str]:
    """Return the values sent to PILOTE, by code and period that ends that day (quarters)."""
    out = io.StringIO()
    call_command("pilote_export", "--prefecture", "41", "--json", stdout=out, stderr=io.StringIO())
    lines = [line.split(";") for line in json.loads(out.getvalue())["text"].splitlines()[1:]]
    return {(code, day): value for code, _, _, day, kind, value in lines if kind == "va"}


def label(code: str) -> str:
    return words(Period.from_code(code).label)
