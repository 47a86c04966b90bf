"""Pages of the committees: gate, fetch, form, service, render."""
