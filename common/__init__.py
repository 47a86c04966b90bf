"""Floor 0: no word of the trade; imports only Python and Django."""
