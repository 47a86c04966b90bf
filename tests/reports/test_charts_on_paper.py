"""The same charts on paper: tagged, with their alternative, the same texts as on the page."""

import re
from io import BytesIO

import pikepdf
import pytest
from django.template import Context, Template
from pypdf import PdfReader

from common.catalogue_charts import figures
from reports.pdf import typeset
from reports.rendering import freeze, french_html


PAGE = """{% load charts static %}<!DOCTYPE html><html lang="fr"><head><title>Graphiques</title>
<link rel="stylesheet" href="{% static 'css/document.css' %}"></head><body class="page-portrait">
<h1>Graphiques</h1>{% for figure in frozen.figures %}{% chart figure on_paper=True %}{% endfor %}
</body></html>"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    frozen = freeze({"figures": figures()})
    return typeset(french_html(Template(PAGE).render(Context({"frozen": frozen})))).content


def test_each_chart_is_one_figure_with_its_question(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        found = [
            str(item.Alt)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
    assert sorted(found) == sorted(figure.question for figure in figures())


def test_the_texts_of_the_drawing_are_texts_of_the_pdf(pdf: bytes) -> None:
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    printed = re.sub(r"\s", "", printed)
    for figure in figures():
        drawn = re.findall(r"<text[^>]*>([^<]+)</text>", figure.wide)
        cells = [cell for row in figure.rows for cell in row]
        lost = [text for text in [*drawn, *cells] if re.sub(r"\s", "", text) not in printed]
        assert lost == []
