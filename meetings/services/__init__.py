"""Every write of the app: keyword-only, atomic, side effects on commit."""
