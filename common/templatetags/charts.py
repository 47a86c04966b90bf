"""Charts in templates: ``{% chart figure %}`` and ``{% sparkline … %}`` (docs/how-to/chart.md)."""

from typing import Any

from django import template

from common.charts import figure as figures
from common.charts import sparkline


register = template.Library()


@register.inclusion_tag("components/chart.html")
def chart(
    figure: figures.Figure | dict[str, Any], on_paper: bool = False, with_table: bool = True
) -> dict[str, Any]:
    """Show what ``common.charts.figure.draw`` returned, or the same once frozen by a document.

    ``on_paper=True`` in documents: the table stands open under the chart. ``with_table=False`` only
    where a fuller table of the same figures follows.
    """
    return {"figure": figures.shown(figure), "on_paper": on_paper, "with_table": with_table}


register.simple_tag(sparkline.sparkline, name="sparkline")
