"""Figures in templates: ``{{ rate|percent }}``, ``{{ delay|quantity:"working_days" }}``.

A missing figure writes why: ``{{ value|quantity:unit }}`` gives « non mesuré » for ``None``.
"""

from django import template

from common import numbers


register = template.Library()


register.filter("number", numbers.number)
register.filter("percent", numbers.percent)
register.filter("quantity", numbers.quantity)
register.filter("bare_quantity", numbers.bare_quantity)
register.filter("difference", numbers.difference)
