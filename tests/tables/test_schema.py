"""The tables are described once, in the package; a folder says what it adds, and no more."""

from __future__ import annotations

import json
import re
import socket

import pytest

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check
from kwlesson.tables import reader, schema
from kwlesson.tables.reader import shared_terms

FOLDERS = (paths.DATA, paths.TRANSFER, paths.SAMPLE, paths.STARTER)
LESSONS = {folder.name: folder for folder in FOLDERS if folder.is_dir()}


def describe(folder, *tables):
    described = json.dumps({"name": "harbour", "resources": tables})
    (folder.path / schema.DESCRIPTOR).write_text(described, encoding="utf-8")


def table(name, *fields, **more):
    keys = {key: more.pop(key) for key in ("primaryKey", "foreignKeys") if key in more}
    return {"name": name, "schema": {"fields": list(fields)} | keys} | more


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_says_what_it_is_and_repeats_no_table(name):
    own = json.loads((LESSONS[name] / schema.DESCRIPTOR).read_text(encoding="utf-8"))
    said = {"$schema", "name", "version", "title", "description", "contributors", "licenses"}
    assert {"name"} <= own.keys() <= said | {"homepage"}
    assert schema.added(LESSONS[name]) == {}


def test_no_two_lessons_have_one_name():
    texts = [(path / schema.DESCRIPTOR).read_text(encoding="utf-8") for path in LESSONS.values()]
    assert len({json.loads(text)["name"] for text in texts}) == len(LESSONS)


@pytest.mark.parametrize(
    ("described", "name"),
    [
        ('{"name": "harbour"}', "harbour"),
        ('{"name": "Ha/../rb\\u0000our"}', "ha-rb-our"),
        ('{"name": "%s"}' % ("x" * 999), "x" * 60),
        ('{"name": ""}', "my-tables"),
        ('{"name": "..."}', "lesson"),
        ("[]", "my-tables"),
        ("no json", "my-tables"),
        (None, "my-tables"),
    ],
)
def test_a_lesson_has_a_name_of_its_own_whatever_its_folder_says(tmp_path, described, name):
    folder = tmp_path / "My tables"
    (folder / "part").mkdir(parents=True)
    if described is not None:
        (folder / schema.DESCRIPTOR).write_text(described)
        assert schema.identity(folder / "part") == name
    assert schema.identity(folder) == name


def test_a_folder_without_a_description_is_a_lesson_like_any_other(fiction, invented):
    (fiction.path / schema.DESCRIPTOR).unlink()
    lesson = kwlesson.load(fiction.path)
    assert {name: lesson.records(name) for name in lesson.table_names} == {
        name: invented.records(name) for name in invented.table_names
    }
    assert check(fiction.path) == []


def test_a_column_that_a_folder_adds_is_read_and_held_to_what_it_says(fiction):
    fiction.write("terms", [row | {"colour": "red"} for row in fiction.rows("terms")])
    describe(fiction, table("terms", {"name": "colour", "constraints": {"enum": ["red"]}}))
    assert {row["colour"] for row in kwlesson.load(fiction.path).records("terms")} == {"red", ""}
    assert check(fiction.path) == []
    fiction.change("terms", 0, colour="blue")
    with pytest.raises(kwlesson.LessonError, match=r"terms.csv:2:colour: 'blue': write one"):
        kwlesson.load(fiction.path)


def test_a_column_that_a_folder_adds_may_point_to_a_row_or_hold_a_date(fiction):
    rows = [row | {"keeper": "clerk", "met": "1912-03"} for row in fiction.rows("cases")]
    fiction.write("cases", rows)
    edtf = {"name": "met", "rdfType": schema.EDTF_TYPE}
    key = {"fields": "keeper", "reference": {"resource": "people", "fields": "id"}}
    describe(fiction, table("cases", {"name": "keeper"}, edtf, foreignKeys=[key]))
    assert kwlesson.load(fiction.path).records("cases")[0]["met_label"] == "March 1912"
    fiction.change("cases", 0, keeper="nobody")
    with pytest.raises(kwlesson.LessonError, match=r"cases.csv:2:keeper: 'nobody': no such id"):
        kwlesson.load(fiction.path)


def test_a_table_that_a_folder_adds_is_a_plural_like_any_other(fiction):
    describe(fiction, table("boats", {"name": "id"}, {"name": "crew"}, primaryKey="id"))
    with pytest.raises(kwlesson.LessonError, match=r"boats.csv: file missing"):
        kwlesson.load(fiction.path)
    fiction.bytes("boats", b"id,crew\ngull,3\n")
    fiction.change("notes", 0, about="boats:gull")
    lesson = kwlesson.load(fiction.path)
    assert lesson.get("boats", "gull") == {"id": "gull", "crew": "3"}
    assert lesson.boats.crew.tolist() == ["3"]
    assert "1 boats" in repr(lesson)
    assert check(fiction.path) == []


OTHERWISE = {
    "longer": {"name": "title", "constraints": {"required": True, "maxLength": 9000}},
    "optional": {"name": "title"},
    "another type": {"name": "title", "type": "integer", "constraints": {"required": True}},
    "a key to nothing": {"name": "cited_in"},
    "any word": {"name": "kind", "constraints": {"required": True}},
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_a_column_that_every_lesson_has_stays_as_it_is_and_check_says_so(fiction, what):
    describe(fiction, table("sources", OTHERWISE[what]))
    assert schema.layout(fiction.path) == schema.binding()
    place = f"sources.{OTHERWISE[what]['name']}"
    assert [(p.file, p.column) for p in check(fiction.path)] == [(schema.DESCRIPTOR, place)]


def test_a_description_of_all_tables_such_as_older_lessons_have_still_reads(fiction):
    whole = (paths.PACKAGE / "tables" / schema.DESCRIPTOR).read_text(encoding="utf-8")
    (fiction.path / schema.DESCRIPTOR).write_text(whole, encoding="utf-8")
    assert kwlesson.load(fiction.path).table_names == tuple(schema.binding())
    assert check(fiction.path) == []


UNREADABLE = {
    "half of it": b"{",
    "a list": b"[]",
    "a number of tables": b'{"resources": 1}',
    "a table without a name": b'{"resources": [{}]}',
    "a table without columns": b'{"resources": [{"name": "boats"}]}',
    "brackets": b"[" * 100_000,
    "Latin-1": b'{"name": "\xe9"}',
    "a path out of the folder": json.dumps(
        {"resources": [table("boats", {"name": "id"}, path="../boats.csv")]}
    ).encode(),
    "a path to elsewhere": json.dumps(
        {"resources": [table("boats", {"name": "id"}, path="https://example.org/boats.csv")]}
    ).encode(),
    "a key of no column": json.dumps(
        {"resources": [table("boats", {"name": "id"}, primaryKey="number")]}
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_description_that_cannot_be_read_is_named(fiction, what):
    (fiction.path / schema.DESCRIPTOR).write_bytes(UNREADABLE[what])
    for read in (kwlesson.load, check):
        with pytest.raises(kwlesson.LessonError, match=schema.DESCRIPTOR):
            read(fiction.path)


SEVEN = {"cases", "accounts", "people", "points", "claims", "quotes", "sources"}


def test_seven_tables_make_a_lesson():
    binding = schema.binding()
    assert {name for name, table in binding.items() if not table.optional} == SEVEN


def test_a_lesson_may_do_without_columns_that_are_not_required(fiction):
    left_out = {
        (table, column.name)
        for table in SEVEN
        for column in schema.binding()[table].columns.values()
        if not column.required and all(row.get(column.name, "") == column.default
                                       for row in fiction.rows(table))
    }  # fmt: skip
    whole = kwlesson.load(fiction.path)
    for table in SEVEN:
        rows = [{name: cell for name, cell in row.items() if (table, name) not in left_out}
                for row in fiction.rows(table)]  # fmt: skip
        fiction.write(table, rows)
    assert ("sources", "url") in left_out
    lesson = kwlesson.load(fiction.path)
    assert {name: lesson.records(name) for name in SEVEN} == {
        name: whole.records(name) for name in SEVEN
    }


def test_an_empty_cell_of_a_column_with_a_default_says_the_default(fiction):
    fiction.change("points", 0, core="")
    assert kwlesson.load(fiction.path).get("points", "lamp")["core"] == "yes"


def test_words_that_every_lesson_has_come_with_the_package_and_a_row_says_them_otherwise(fiction):
    shared = {row["id"]: row for row in shared_terms()}
    assert not shared.keys() & {row["id"] for row in fiction.rows("terms")}
    assert kwlesson.load(fiction.path).get("terms", "agree")["term"] == "agree"
    own = {"id": "agree", "term": "de acuerdo", "meaning": "Dicen lo mismo.", "mark": ""}
    fiction.write("terms", [own])
    lesson = kwlesson.load(fiction.path)
    said = lesson.get("terms", "agree")
    assert own | {"mark": shared["agree"]["mark"]} == {name: said[name] for name in own}
    assert [row["id"] for row in lesson.records("terms")] == list(shared)


def test_no_folder_repeats_a_word_as_it_comes_with_the_package():
    shared = {(row["id"], row["term"], row.get("meaning", "")) for row in shared_terms()}
    for folder in LESSONS.values():
        own = [row for row in reader.read_folder(folder)[1]["terms"] if row.number]
        assert not {(row["id"], row["term"], row["meaning"]) for row in own} & shared


def test_no_address_of_a_description_is_asked(fiction, monkeypatch):
    address = "https://example.org/tables.json"
    added = table("terms", url=address, sources=[{"path": address}])
    described = {"$schema": address, "profile": address, "id": address, "resources": [added]}
    (fiction.path / schema.DESCRIPTOR).write_text(json.dumps(described), encoding="utf-8")

    def ask(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", ask)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    assert check(fiction.path) == []
    described["resources"][0]["path"] = address
    (fiction.path / schema.DESCRIPTOR).write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(kwlesson.LessonError, match="not a file in the folder"):
        check(fiction.path)


def test_every_column_is_described_in_general_words():
    described = paths.PACKAGE / "tables" / schema.DESCRIPTOR
    package = json.loads(described.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert len(field["description"]) > 5, (resource["name"], field["name"])
            assert not re.search("[0-9]{4}", field["description"]), field
