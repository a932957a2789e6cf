"""The keys of JupyterLab that act on cells: a learner has those that go from cell to cell."""

from __future__ import annotations

import json
import operator
from pathlib import Path

from jupyterlab.commands import get_app_dir

from kwlesson.jupyter.launch import FRAME

SHORTCUTS = "@jupyterlab/shortcuts-extension:shortcuts"
OUTSIDE_OUTPUTS = ":not(.jp-OutputArea *)"
# Running a cell harms nothing, and is wanted from everywhere.
HARMLESS = {"notebook:run-cell"}
MOVES = {"notebook:move-cursor-up", "notebook:move-cursor-down"}


def shipped():
    """List the keys of JupyterLab that act on the cells wherever in a notebook the focus is."""
    schemas = Path(get_app_dir(), "schemas", "@jupyterlab")
    for path in sorted(schemas.rglob("*.json")):
        for row in json.loads(path.read_text()).get("jupyter.lab.shortcuts", []):
            everywhere = row["selector"].split(":not(:read-write)")[0].endswith(" :focus")
            if everywhere and any(row["keys"]) and row["command"] not in HARMLESS:
                yield row


def changed():
    path = FRAME / "labconfig" / "default_setting_overrides.json"
    return json.loads(path.read_text())[SHORTCUTS]["shortcuts"]


def test_jupyterlab_has_keys_that_act_on_the_cells():
    assert {"notebook:cut-cell", "kernelmenu:restart"} <= {row["command"] for row in shipped()}


def test_no_key_changes_a_cell_and_the_arrows_act_outside_its_output():
    ours = changed()
    moves = [row for row in shipped() if row["command"] in MOVES]
    assert moves
    assert all({**row, "disabled": True} in ours for row in shipped())
    given = [{**row, "selector": row["selector"] + OUTSIDE_OUTPUTS} for row in moves]
    by_key = operator.itemgetter("command", "keys")
    assert [row for row in ours if not row.get("disabled")] == sorted(given, key=by_key)
