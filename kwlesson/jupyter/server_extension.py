"""What any Jupyter server does for the lesson where the package is installed.

`etc/jupyter/jupyter_server_config.d/kwlesson.json` in the wheel switches it on: in JupyterLab, in
Notebook 7 and on a hub the lesson's own notebooks are trusted, and saved without dead widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.errors import LessonError
from kwlesson.jupyter import launch
from kwlesson.jupyter.save_hook import save_without_widgets

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add our hook to whatever else happens before a save, and sign our notebooks.

    A signature is of what stands in a notebook and not of its place: any copy that is the
    lesson's own to the byte is trusted by it, and none in which a letter was changed.
    """
    contents = server.contents_manager
    contents.register_pre_save_hook(save_without_widgets)  # type: ignore[no-untyped-call]
    try:
        launch.trust(launch.own_notebooks(paths.NOTEBOOKS), contents.notary)
    except LessonError as error:  # the server does all else without it
        server.log.warning("%s", error)
