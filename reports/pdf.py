def warm_up() -> None:
    import weasyprint  # noqa: F401
