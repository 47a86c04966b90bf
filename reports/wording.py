"""Quantities of a document in words. Pure functions."""

from common.typography import NBSP, number_in_words


def size_in_words(size: int) -> str:
    """Write a number of bytes: « 118 ko », « 2,4 Mo »."""
    if size < 1_000_000:
        return f"{number_in_words(max(1, round(size / 1000)))}{NBSP}ko"
    return f"{number_in_words(size / 1_000_000, 1)}{NBSP}Mo"


def count_of(number: int, noun: str) -> str:
    """Write « 1 page », « 4 pages »."""
    return f"{number_in_words(number)}{NBSP}{noun}{'s' if number > 1 else ''}"
