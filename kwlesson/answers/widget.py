"""The live face of what a learner answers: one widget, and the kernel's end of its talk."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from kwlesson.answers.file_format import MAX_FILE_BYTES
from kwlesson.answers.workbook import ConflictError, Workbook
from kwlesson.errors import LessonError
from kwlesson.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    _Encode = Callable[[Mapping[str, Any]], str]

PARTS = ("question", "keep", "argument", "look_back", "corroborate")
SCRIPTS = ("copies.js", "store.js", *(f"{part}.js" for part in PARTS), "main.js")
_Message = dict[str, Any]


@cache
def script() -> str:
    """Return the JavaScript of every part, in the one order in which it works.

    Returns
    -------
    str
        A JavaScript module.

    Examples
    --------
    >>> script().count("export default")
    1
    """
    folder = PACKAGE / "scripts"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)


class Worksheet(anywidget.AnyWidget):
    """A part of the lesson that keeps answers.

    Its HTML holds every control and every feedback; its JavaScript shows, hides and fills them,
    so that all of it works without a kernel. The kernel only writes the workbook.

    Parameters
    ----------
    html : str
        The part, drawn by a template.
    part : str
        Which function of the scripts brings it to life.
    facts : dict
        What that function needs to know besides.
    encode : function, optional
        Makes a short code of the answers, for a class chat.

    Examples
    --------
    >>> Worksheet(html="<p>One</p>", part="question", facts={"question": "one"}).part
    'question'
    """

    _esm = script()
    html = traitlets.Unicode().tag(sync=True)
    part = traitlets.Unicode().tag(sync=True)
    facts = traitlets.Dict().tag(sync=True)
    shelf = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, html: str, part: str, facts: dict[str, Any], encode: _Encode | None = None
    ) -> None:
        workbook = Workbook()
        super().__init__(html=html, part=part, facts=facts, shelf=_shelf(workbook.path))
        self._clerk = Clerk(workbook, encode)
        self.on_msg(self._hear)

    def _hear(self, _self: Worksheet, message: _Message, buffers: Sequence[memoryview]) -> None:
        answer = self._clerk.hear(message, buffers)
        if answer:
            self.send(answer)

    def _repr_mimebundle_(self, **formats: Any) -> dict[str, Any]:  # type: ignore[override]  # noqa: ANN401
        """Return the view without anywidget's metadata, which is another notebook host's."""
        shown = super()._repr_mimebundle_(**formats)
        return shown[0] if shown else {}


class Clerk:
    """Writes into a workbook what a page asks to be written, and answers in sentences.

    Parameters
    ----------
    workbook : Workbook
        The learner's answers.
    encode : function, optional
        Makes a short code of the answers, for a class chat.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     clerk = Clerk(Workbook(Path(folder, "answers.json")))
    ...     said = clerk.hear({"do": "record", "question": "one", "answer": "yes", "ticket": 7})
    >>> said["did"], said["ticket"], said["book"]["answers"]["one"]["answer"]
    ('recorded', 7, 'yes')
    """

    def __init__(self, workbook: Workbook, encode: _Encode | None = None) -> None:
        self._workbook = workbook
        self._encode = encode
        self._files: dict[str, bytearray] = {}

    def hear(self, message: _Message, buffers: Sequence[memoryview] = ()) -> _Message:
        """Do what a page asks.

        Parameters
        ----------
        message : dict
            `do` names it: hello, record or restore; `ticket` comes back with the answer. For
            record, `n` and `seen` are `revision` and `base_revision` of `Workbook.record`.
        buffers : sequence of memoryview, optional
            For restore: the next part of the file.

        Returns
        -------
        dict
            `did` says what was done, `book` is the whole workbook; empty where nothing is to say.
            `stays` tells that an answer failed since the page had not seen the one that stands.
        """
        deeds = {"hello": self._hello, "record": self._record, "restore": self._restore}
        do = deeds.get(str(message.get("do")))
        if do is None:
            return {}
        try:
            said = do(message, buffers)
        except (LessonError, OSError, RecursionError) as error:
            said = {"did": "failed", "sentence": self._sentence(error)}
        return said and {**said, "ticket": message.get("ticket"), **self._book()}

    def _sentence(self, error: Exception) -> str:
        """Say what went wrong; where the folder lies on this machine stays on this machine."""
        if not isinstance(error, LessonError):
            reason = getattr(error, "strerror", None) or "it cannot be read"
            return f"The file with your answers cannot be used ({reason})."
        return str(error).replace(f"{self._workbook.path.parent.parent}{os.sep}", "")

    def _book(self) -> _Message:
        where = f"{self._workbook.path.parent.name}/{self._workbook.path.name}"
        try:
            book = self._workbook.snapshot()
        except (LessonError, OSError) as error:
            return {"where": where, "trouble": self._sentence(error)}
        if not self._encode:
            return {"book": book, "where": where}
        answers = {question: entry["answer"] for question, entry in book["answers"].items()}
        return {"book": book, "where": where, "code": self._encode(answers)}

    def _hello(self, _message: _Message, _buffers: Sequence[memoryview]) -> _Message:
        return {"did": "hello"}

    def _record(self, message: _Message, _buffers: Sequence[memoryview]) -> _Message:
        lock = bool(message.get("lock"))
        question, answer = message.get("question", ""), message.get("answer")
        revision, base = message.get("n"), message.get("seen")
        try:
            self._workbook.record(
                question, answer, lock=lock, revision=revision, base_revision=base
            )
        except ConflictError as refusal:
            return {"did": "failed", "stays": True, "sentence": str(refusal)}
        return {"did": "recorded"}

    def _restore(self, message: _Message, buffers: Sequence[memoryview]) -> _Message:
        ticket = str(message.get("ticket"))
        content = self._files.setdefault(ticket, bytearray())
        for part in buffers:
            content += part
        if not message.get("last") and len(content) <= MAX_FILE_BYTES:
            return {}
        restored = self._workbook.restore(self._files.pop(ticket))
        return {"did": "restored", "sentences": list(restored.messages)}


def _shelf(path: Path) -> str:
    """Name a workbook for the page, which may hold several, and tell no path."""
    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
