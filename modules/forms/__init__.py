"""Forms of the app, cut by noun."""
