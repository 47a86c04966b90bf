"""Codes of indicators in addresses: capitals, so that no page of the app is taken for one."""

from django.urls import register_converter

from modules.limits import CODE


class IndicatorCode:
    """« TEL-ABOUTI »."""

    regex = rf"[A-Z0-9][A-Z0-9.-]{{1,{CODE - 1}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IndicatorCode, "indicator")
