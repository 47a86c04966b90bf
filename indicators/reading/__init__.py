"""Anybody's workbook read with no mapping: plain data in, figures, refusals and questions out."""
