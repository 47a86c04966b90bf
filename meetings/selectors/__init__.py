"""Reads: one function per page or figure."""
