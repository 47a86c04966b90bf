"""Charts drawn by the server: one SVG for the page and for the PDF (docs/how-to/chart.md).

``data``: what a caller gives. ``figure``: ``draw(chart)`` gives the figure that ``{% chart %}`` shows.
"""
