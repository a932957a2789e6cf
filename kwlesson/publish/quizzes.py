"""The questions with their feedback for learning systems: Moodle XML, and QTI 2.1 in a zip."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markupsafe import Markup

from kwlesson.paths import PACKAGE
from kwlesson.views.kit.attribution import origin, rests_on

if TYPE_CHECKING:
    from pathlib import Path

    import jinja2

    from kwlesson.tables.store import Record, Tables

FOLDER = "quizzes"
_TEMPLATES = PACKAGE / "publish" / "quiz"
# What XML has no way to write.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SINCE = (1980, 1, 1, 0, 0, 0)  # the same bytes every time


def build(lesson: Tables, notebooks: Path, out: Path) -> None:
    """Write the questions of a lesson for learning systems, with their feedback.

    They are for teachers: what fits, and the model answers, stand in them.

    Parameters
    ----------
    lesson : Tables
        The lesson.
    notebooks : Path
        The folder of its notebooks, by whose names the questions are sorted.
    out : Path
        The folder of the site. `quizzes/moodle.xml` and `quizzes/qti.zip` are written in it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import kwlesson
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     build(kwlesson.load(kwlesson.SAMPLE), Path(folder), Path(folder))
    ...     sorted(path.name for path in Path(folder, "quizzes").iterdir())
    ['moodle.xml', 'qti.zip']
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    context = {
        "id": lesson.id,
        "title": lesson.records("cases")[0]["title"],
        "sections": _sections(lesson, notebooks),
    }
    (folder / "moodle.xml").write_text(_draw("moodle.xml", context), encoding="utf-8", newline="\n")
    files = {
        "imsmanifest.xml": _draw("imsmanifest.xml", context),
        "test.xml": _draw("test.xml", context),
    } | {
        f"items/{one['id']}.xml": _draw("item.xml", one)
        for section in context["sections"]
        for one in section["questions"]
    }
    with ZipFile(folder / "qti.zip", "w") as package:
        for name, text in files.items():
            entry = ZipInfo(name, _SINCE)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, text.encode())


def _sections(lesson: Tables, notebooks: Path) -> list[dict[str, Any]]:
    """Gather the questions of each notebook, in the order of the lesson."""
    names = {path.stem[:2]: path.stem for path in notebooks.glob("[0-9]*.ipynb")}
    by_notebook = lesson.grouped("questions", "notebook")
    return [
        {
            "name": names.get(notebook, notebook),
            "questions": [_question(lesson, one) for one in by_notebook[notebook]],
        }
        for notebook in sorted(by_notebook)
    ]


def _question(lesson: Tables, question: Record) -> dict[str, Any]:
    choices = lesson.records("choices", question=question["id"])
    # Of an opinion, and of the first round of two, no choice is the best: to answer is enough.
    is_open = question["kind"] == "scale" or question["round"] == "1"
    is_many = question["kind"] == "evidence"
    best = [one for one in choices if one["best"] == "yes"]
    share = 1 / len(best) if is_many and best else 1.0
    wrong = -share if is_many else 0.0
    return {
        "id": question["id"],
        "prompt": question["prompt"],
        "prompt_html": _lines(question["prompt"]),
        "frame": question["frame"],
        "is_many": is_many,
        "model_html": Markup() if is_open else _model(lesson, question),
        "choices": [
            _choice(lesson, one, share if is_open or one in best else wrong, is_open)
            for one in choices
        ],
    }


def _choice(lesson: Tables, choice: Record, share: float, is_open: bool) -> dict[str, Any]:  # noqa: FBT001
    quote = lesson.by_id("quotes").get(choice["quote"])
    text = f"{choice['text']} “{quote['words']}”" if quote else choice["text"]
    source = f"({origin(lesson, quote)})" if quote else ""
    return {
        "id": choice["id"],
        "text": text,
        "html": _lines(text),
        "is_best": share > 0,
        "share": f"{share:.16g}",
        "percent": f"{100 * share:.7g}",  # as Moodle writes the shares it knows
        "feedback_html": Markup() if is_open else _lines(choice["feedback"], source),
    }


def _model(lesson: Tables, question: Record) -> Markup:
    titles = "; ".join(source["title"] for source in rests_on(lesson, question))
    also = question["also_accept"]
    return _lines(
        question["model_answer"],
        also and f"Or: {also}",
        titles and f"It rests on: {titles}",
    )


def _lines(*lines: str) -> Markup:
    return Markup().join(Markup("<p>{}</p>").format(line) for line in lines if line)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


def _draw(template: str, context: dict[str, Any]) -> str:
    return _NO_XML.sub("\ufffd", _templates().get_template(template).render(context))
