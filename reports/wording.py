"""Quantities of a document in words. Pure functions."""

from common.typography import NBSP, number_in_words


def size_in_words(size: int) -> str:
    """Write a number of bytes as file managers do: « 118 ko », « 2,4 Mo », « 10 Mo »."""
    kilobytes = size / 1024
    if kilobytes < 1000:
        return f"{number_in_words(max(1, round(kilobytes)))}{NBSP}ko"
    return f"{number_in_words(kilobytes / 1024, 1).removesuffix(',0')}{NBSP}Mo"


def count_of(number: int, noun: str) -> str:
    """Write « 1 page », « 4 pages »."""
    return f"{number_in_words(number)}{NBSP}{noun}{'s' if number > 1 else ''}"
