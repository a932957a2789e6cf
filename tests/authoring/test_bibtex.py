"""Every reference is one entry of BibTeX, whose signs mean nothing to LaTeX."""

from __future__ import annotations

import json
import re

import pytest

from kwlesson import cli, paths
from kwlesson.authoring.bibtex import to_bibtex

REFERENCES = json.loads((paths.DATA / "references.json").read_text(encoding="utf-8"))
ENTRY = re.compile(r"@[a-z]+\{([a-z0-9-]+),\n((?:  [a-z]+ = (?:[a-z]{3}|\{.*\}),\n)+)\}\n")


def test_every_reference_is_an_entry_and_nothing_lies_between_them():
    text = to_bibtex(REFERENCES)
    entries = ENTRY.findall(text)
    assert [key for key, _ in entries] == [item["id"] for item in REFERENCES]
    assert ENTRY.sub("", text).strip() == ""
    for (_, fields), item in zip(entries, REFERENCES, strict=True):
        assert item["title"].split()[0] in fields
        assert ("author = " in fields) == ("author" in item)


def test_the_command_writes_them_and_says_where_they_cannot_be_read(tmp_path, capsys):
    file = tmp_path / "sources.bib"
    assert cli.main(["export", str(paths.DATA), str(file)]) == 0
    assert file.read_text(encoding="utf-8") == to_bibtex(REFERENCES)
    assert cli.main(["export", str(paths.SAMPLE / "texts"), str(file)]) == 1
    assert "references.json: not there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sign", "written"),
    [*((sign, f"\\{sign}") for sign in "{}$&#_%"), ("\\", r"\textbackslash{}"),
     ("^", r"\textasciicircum{}"), ("~", r"\textasciitilde{}")],
)  # fmt: skip
def test_a_sign_that_latex_obeys_is_written_out(sign, written):
    entry = to_bibtex([{"id": "one", "type": "book", "title": f"a{sign}b"}])
    assert f"title = {{{{a{written}b}}}}" in entry
