"""Tie the sentences of the notebooks to the rows that they rest on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from kwlesson import paths
from kwlesson.authoring import table_diff
from kwlesson.errors import LessonError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MARKER = re.compile(r"<!--([a-z]+:[a-z0-9-]+(?: [a-z]+:[a-z0-9-]+)*)-->")
_HELD = "\x00"
_BLOCK_TAG = re.compile(r"</?(?:details|summary|p|div|br|hr|ul|ol|li|table|tr|td|th)\b[^<>]*>")
_INLINE_TAG = re.compile(r"</?[a-z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}\)")
_EMPHASIS = re.compile(r"\*\*|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_OPENING = re.compile(r"\s*(?P<quote>(?:> ?)*)(?P<mark>#+ |\d+[.)] |[-*+] |\|)?")
_ENDING = re.compile(
    rf"(?<=[.!?…])[\"'\u2019\u201d)\]]*(?:{_HELD}\d+{_HELD})*(\s+)(?=[\"'\u2018\u201c(\[]*[^\W_a-z])"
)
_NO_ENDING = re.compile(
    r"(?:(?<!form )(?<!part )(?<!plan )\b[A-Z]"
    r"|\b(?:Mr|Mrs|Dr|St|No|vs|cf|pp?|ed|eds|vol|ca?|e\.g|i\.e))\.\Z"
)
_LOOKED_BACK = 12  # characters, more than any of these is long
_LOADING = re.compile(r"kwlesson\.load\((?:kwlesson\.([A-Z]+))?\)")


class Sentence(NamedTuple):
    """A sentence of a notebook, and the rows that it says it rests on.

    Parameters
    ----------
    notebook : str
        Path of the notebook below the folder of notebooks.
    cell : int
        The number of its cell, from 1.
    kind : str
        `heading`, `step` (of a numbered list) or `text`.
    text : str
        Its words, without the marks of Markdown.
    rows : tuple of str
        As `table:id`.
    """

    notebook: str
    cell: int
    kind: str
    text: str
    rows: tuple[str, ...]


class Notebook(NamedTuple):
    """The prose of a notebook: its sentences, comments that are no marker, lessons it loads."""

    name: str
    sentences: list[Sentence]
    invalid_comments: list[tuple[int, str]]
    lessons: tuple[str, ...]


def split(markdown: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    r"""Split Markdown into its sentences.

    Parameters
    ----------
    markdown : str
        The source of a cell.

    Yields
    ------
    tuple
        Kind, words and rows of a sentence.

    Examples
    --------
    >>> for sentence in split("## The lamp\n\nWick lit it.<!--events:inquiry--> Did it burn?"):
    ...     print(*sentence)
    heading The lamp ()
    text Wick lit it. ('events:inquiry',)
    text Did it burn? ()
    """
    comments: list[str] = []

    def hold(match: re.Match[str]) -> str:
        comments.append(match[0])
        return f"{_HELD}{len(comments) - 1}{_HELD}"

    held = re.compile(rf"\s*{_HELD}(\d+){_HELD}")
    text = re.sub(rf"(?<!\s)\s+(?={_HELD})", "", _COMMENT.sub(hold, markdown.replace(_HELD, " ")))
    for kind, block in _blocks(_INLINE_TAG.sub("", _BLOCK_TAG.sub("\n\n", text))):
        for sentence in _sentences(_EMPHASIS.sub("", _LINK.sub(r"\1", block))):
            markers = [_MARKER.fullmatch(comments[int(n)]) for n in held.findall(sentence)]
            rows = tuple(row for found in markers if found for row in found[1].split())
            words = held.sub("", sentence).strip()
            if words or rows:
                yield kind, words, rows


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    kind, lines = "text", list[str]()
    for line in [*text.split("\n"), ""]:
        opening = _OPENING.match(line)
        mark = (opening["mark"] or "") if opening else ""
        rest = line[opening.end() :].strip() if opening else line.strip()
        if (mark or not rest) and lines:
            yield kind, " ".join(lines)
            kind, lines = "text", []
        if mark == "|":
            cells = [cell.strip() for cell in rest.strip("|").split("|")]
            yield from (("text", cell) for cell in cells if cell.strip(":-"))
        elif mark.startswith("#"):
            yield "heading", rest
        elif rest:
            kind = "step" if mark[:1].isdigit() else kind
            lines.append(rest)


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for end in _ENDING.finditer(block):
        before = block[max(start, end.start() - _LOOKED_BACK) : end.start()]
        if not _NO_ENDING.search(before):
            yield block[start : end.start(1)]
            start = end.end()
    yield block[start:]


def read(path: Path, name: str = "") -> Notebook:
    """Read the prose of a notebook.

    Parameters
    ----------
    path : Path
        The notebook.
    name : str, optional
        What to call it.

    Returns
    -------
    Notebook

    Raises
    ------
    LessonError
        When it cannot be read.
    """
    name = name or path.name
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise LessonError(f"{path}: cannot be read as a notebook ({error})") from None
    sentences, invalid, code = [], [], ""
    for number, (kind, source) in enumerate(sources, start=1):
        if kind == "code":
            code += f"{source}\n"
        if kind == "markdown":
            sentences += [Sentence(name, number, *parts) for parts in split(source)]
            comments = (found[0] for found in _COMMENT.finditer(source))
            invalid += [(number, comment) for comment in comments if not _MARKER.fullmatch(comment)]
    return Notebook(name, sentences, invalid, tuple(dict.fromkeys(_LOADING.findall(code))) or ("",))


def read_all(folder: Path) -> list[Notebook]:
    """Read the prose of every notebook below a folder.

    Parameters
    ----------
    folder : Path
        It need not be there.

    Returns
    -------
    list of Notebook
        In the order of their names.
    """
    found = paths.list_files(folder, "*.ipynb")
    return [read(path, path.relative_to(folder).as_posix()) for path in found]


def notebooks_beside(folder: Path) -> Path | None:
    """Return the notebooks that lie beside a lesson's folder of tables.

    Parameters
    ----------
    folder : Path
        The tables.

    Returns
    -------
    Path or None
        None where there are none, and for the invented lesson, of which no notebook tells.
    """
    place = folder.resolve().parent / paths.NOTEBOOKS.name
    return place if place.is_dir() and folder.resolve() != paths.SAMPLE else None


def _folder(lesson: str, folder: Path) -> Path:
    if lesson == "SAMPLE":
        return paths.SAMPLE
    return folder / lesson.lower()


def problems(folder: Path, notebooks: list[Notebook]) -> list[Problem]:
    """Find markers that lead nowhere, and comments that are no marker.

    Parameters
    ----------
    folder : Path
        The lesson.
    notebooks : list of Notebook
        Those that tell of it.

    Returns
    -------
    list of Problem
        The row is the number of the cell.
    """
    found, known = [], dict[str, set[str]]()
    for notebook in notebooks:
        for lesson in notebook.lessons:
            if lesson not in known:
                known[lesson] = set(table_diff.rows(_folder(lesson, folder), table_diff.on_disk))
        for cell, comment in notebook.invalid_comments:
            remedy = "not a marker; write <!--table:id--> after the full stop, or take it out"
            found.append(Problem(notebook.name, cell, "cell", comment, remedy))
        for sentence in notebook.sentences:
            for row in sentence.rows:
                if not any(row in known[lesson] for lesson in notebook.lessons):
                    remedy = f"no such row, but a sentence rests on it: {sentence.text}"
                    found.append(Problem(notebook.name, sentence.cell, "cell", row, remedy))
    return found


def affected_sentences(
    folder: Path, notebooks: list[Notebook], before: table_diff.Reader
) -> list[tuple[table_diff.Change, list[Sentence]]]:
    """Find the sentences that rest on a row which is no longer what it was.

    Parameters
    ----------
    folder : Path
        The lesson as it is.
    notebooks : list of Notebook
        Those that tell of it.
    before : callable
        Gives the rows of a table as they were, from the lesson's folder and the file's name.

    Returns
    -------
    list of tuple of Change and list of Sentence
        Changes that no sentence tells of are left out.
    """
    found = []
    for lesson in dict.fromkeys(one for notebook in notebooks for one in notebook.lessons):
        resting: dict[str, list[Sentence]] = {}
        for notebook in notebooks:
            for sentence in notebook.sentences if lesson in notebook.lessons else ():
                for row in dict.fromkeys(sentence.rows):
                    resting.setdefault(row, []).append(sentence)
        found += [
            (change, resting[change.row])
            for change in table_diff.between(_folder(lesson, folder), before)
            if change.row in resting
        ]
    return found
