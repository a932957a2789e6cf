"""What a Jupyter server does for the lesson: keep dead widgets out of saved notebooks."""

from __future__ import annotations

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# The metadata of a cell that no double click opens and no key deletes.
LOCK = {"deletable": False, "editable": False}


def save_without_widgets(model: object, **_saving: object) -> None:
    """Do before each save what the lesson's notebooks need, and leave all others alone.

    Parameters
    ----------
    model : dict
        The server's contents model. It is changed in place.
    **_saving
        Whatever else the server tells about the save.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "x", "outputs": []}
    >>> notebook = {"cells": [cell], "metadata": {"widgets": {}}}
    >>> save_without_widgets({"type": "notebook", "content": notebook})
    >>> notebook["metadata"]
    {'widgets': {}}
    >>> cell["source"] = "import kwlesson"
    >>> save_without_widgets({"type": "notebook", "content": notebook})
    >>> notebook["metadata"]
    {}
    """
    cells = _rows(_mapping(_mapping(model).get("content")).get("cells"))
    if any("kwlesson" in str(_mapping(cell).get("source")) for cell in cells):
        drop_widget_views(model)


def drop_widget_views(model: object) -> None:
    """Drop the live face of every output from a notebook that is about to be saved.

    A stored widget view names a widget that died with its kernel: reopened, it shows an error
    where the stored page of the same view would do; one that has no page goes. What is on the
    learner's screen stays live.

    Parameters
    ----------
    model : dict
        The server's contents model. It is changed in place; anything that is not a notebook of
        format 4 is left alone, since a save must never fail here.

    Examples
    --------
    >>> data = {"text/plain": "a view", WIDGET_VIEW: {"model_id": "2f1c"}}
    >>> cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": data}]}
    >>> notebook = {"cells": [cell], "metadata": {"widgets": {}, "kernelspec": {}}}
    >>> drop_widget_views({"type": "notebook", "content": notebook})
    >>> data
    {'text/plain': 'a view'}
    >>> notebook["metadata"]
    {'kernelspec': {}}
    """
    notebook = _mapping(_mapping(model).get("content"))
    _mapping(notebook.get("metadata")).pop("widgets", None)
    for cell in _rows(notebook.get("cells")):
        outputs = _rows(_mapping(cell).get("outputs"))
        for output in tuple(outputs):
            data = _mapping(_mapping(output).get("data"))
            if data.pop(WIDGET_VIEW, None) and not data:
                outputs.remove(output)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else []
