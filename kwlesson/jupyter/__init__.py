"""How Jupyter opens the lesson and saves its notebooks."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name what every Jupyter server loads that finds the package installed."""
    return [{"module": "kwlesson.jupyter.server_extension"}]
