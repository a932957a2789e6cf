"""What the server's save hook may take out of a notebook, and what it must leave."""

import copy
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwlesson.jupyter.save_hook import WIDGET_VIEW, drop_widget_views, save_without_widgets

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "content", "metadata", "widgets", "cells", "outputs", "data", WIDGET_VIEW]
            ),
            inner,
            max_size=4,
        )
    ),
)


def model_of_a_run_notebook():
    bundle = {"text/plain": "two reports", "text/html": "<p>two reports</p>"}
    outputs = [
        nbformat.v4.new_output("display_data", {**bundle, WIDGET_VIEW: {"model_id": "2f1c"}}),
        nbformat.v4.new_output("stream", text="a line"),
        nbformat.v4.new_output("execute_result", {**bundle, WIDGET_VIEW: {"model_id": "77aa"}}),
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("Two reports"),
            nbformat.v4.new_code_cell("import kwlesson", outputs=outputs),
        ],
        metadata={"language_info": {"name": "python"}, "widgets": {"state": {}}},
    )
    # A server hands over plain dicts and lists.
    content = json.loads(nbformat.writes(notebook))
    return {"type": "notebook", "format": "json", "content": content}


def test_a_saved_notebook_names_no_dead_widget():
    model = model_of_a_run_notebook()
    assert WIDGET_VIEW in json.dumps(model)
    save_without_widgets(model, path="01.ipynb", contents_manager=None)
    assert WIDGET_VIEW not in json.dumps(model)
    assert "widgets" not in model["content"]["metadata"]


def test_nothing_else_of_a_notebook_is_changed():
    model = model_of_a_run_notebook()
    expected = copy.deepcopy(model)
    del expected["content"]["metadata"]["widgets"]
    for index in (0, 2):
        del expected["content"]["cells"][1]["outputs"][index]["data"][WIDGET_VIEW]
    drop_widget_views(model)
    assert model == expected
    nbformat.validate(nbformat.from_dict(model["content"]))


def test_a_notebook_of_another_course_is_left_alone():
    model = model_of_a_run_notebook()
    model["content"]["cells"][1]["source"] = "import theirs"
    before = copy.deepcopy(model)
    save_without_widgets(model, path="theirs.ipynb", contents_manager=None)
    assert model == before


def test_a_second_save_changes_nothing():
    model = model_of_a_run_notebook()
    drop_widget_views(model)
    once = copy.deepcopy(model)
    drop_widget_views(model)
    assert model == once


@pytest.mark.parametrize(
    "model",
    [
        None,
        {},
        {"type": "file", "format": "text", "content": "type,content\n"},
        {"type": "directory", "content": None},
        {"type": "directory", "content": [{"type": "notebook", "content": None}]},
        {"type": "notebook", "content": {"nbformat": 3, "worksheets": [{"cells": []}]}},
        {"type": "notebook", "content": {"cells": [None, {"outputs": [None, {"data": "x"}]}]}},
    ],
)
def test_what_is_no_notebook_is_left_alone(model):
    before = copy.deepcopy(model)
    drop_widget_views(model)
    assert model == before


@given(ANYTHING)
def test_a_save_never_fails_here(model):
    save_without_widgets(model)
    drop_widget_views(model)
    once = copy.deepcopy(model)
    drop_widget_views(model)
    assert model == once
