"""Pages of the app, cut by noun."""
