"""The keys of JupyterLab that act on cells: ours act where the focus is outside their outputs."""

from __future__ import annotations

import json
from pathlib import Path

from jupyterlab.commands import get_app_dir

from kwlesson.jupyter.launch import SETTINGS

SHORTCUTS = "@jupyterlab/shortcuts-extension:shortcuts"
OUTSIDE_OUTPUTS = ":not(.jp-OutputArea *)"
# Running a cell harms nothing, and is wanted from everywhere.
HARMLESS = {"notebook:run-cell"}


def shipped():
    """List the keys of JupyterLab that act on the cells wherever in a notebook the focus is."""
    schemas = Path(get_app_dir(), "schemas", "@jupyterlab")
    for path in sorted(schemas.rglob("*.json")):
        for row in json.loads(path.read_text()).get("jupyter.lab.shortcuts", []):
            everywhere = row["selector"].split(":not(:read-write)")[0].endswith(" :focus")
            if everywhere and any(row["keys"]) and row["command"] not in HARMLESS:
                yield row


def changed():
    path = SETTINGS / "labconfig" / "default_setting_overrides.json"
    return json.loads(path.read_text())[SHORTCUTS]["shortcuts"]


def test_jupyterlab_has_keys_that_act_on_the_cells():
    assert {"notebook:cut-cell", "kernelmenu:restart"} <= {row["command"] for row in shipped()}


def test_a_key_that_acts_on_cells_asks_for_a_focus_outside_their_outputs():
    ours = changed()
    for row in shipped():
        assert {**row, "disabled": True} in ours
        assert {**row, "selector": row["selector"] + OUTSIDE_OUTPUTS} in ours


def test_no_key_is_given_that_jupyterlab_has_not():
    given = [row for row in changed() if not row.get("disabled")]
    assert given == sorted(
        ({**row, "selector": row["selector"] + OUTSIDE_OUTPUTS} for row in shipped()),
        key=lambda row: row["command"],
    )
