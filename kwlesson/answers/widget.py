"""The live face of what a learner answers: one widget, and the kernel's end of its messages."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from kwlesson.answers.bundle import modules, strip
from kwlesson.answers.file_format import MAX_FILE_BYTES
from kwlesson.answers.json_values import to_json
from kwlesson.answers.workbook import ConflictError, Workbook, is_shared
from kwlesson.errors import LessonError
from kwlesson.paths import PACKAGE
from kwlesson.tables.schema import OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_Message = dict[str, Any]


class ScriptModule(ipywidgets.Widget):  # type: ignore[misc]
    """A JavaScript module that a page gets once, however many activities use it."""

    code = traitlets.Unicode().tag(sync=True)


_SHARED: dict[str, ScriptModule] = {}


class Connection(anywidget.AnyWidget):
    """What a kernel shows once, and nobody sees: the page's way to the learner's workbook.

    Where several visitors use one folder it leads nowhere, and answers stay in their browsers.

    Parameters
    ----------
    lesson : str, optional
        Whose answers they are.
    **state
        What a widget that shows something knows besides.

    Examples
    --------
    >>> len(Connection().workbook_id)
    12
    """

    _esm = strip((PACKAGE / "answers" / "connection.js").read_text(encoding="utf-8"))
    workbook_id = traitlets.Unicode().tag(sync=True)
    lesson = traitlets.Unicode().tag(sync=True)

    def __init__(self, lesson: str = OWN_LESSON, **state: object) -> None:
        super().__init__(lesson=lesson, **state)
        if is_shared():
            return
        workbook = Workbook(lesson=lesson)
        self.workbook_id = _workbook_id(workbook.path)
        self._handler = MessageHandler(workbook)
        self.on_msg(self._reply)

    def _reply(self, _self: Connection, message: _Message, buffers: Sequence[memoryview]) -> None:
        reply = self._handler.handle(message, buffers)
        if reply:
            self.send(reply)


class AnswerWidget(Connection):
    """An activity of the lesson that keeps answers, where each output is a page of its own.

    Its HTML holds every control and every feedback; its JavaScript shows, hides and fills them,
    so that all of it works without a kernel. The kernel only writes the workbook.

    Parameters
    ----------
    html : str
        The activity, drawn by a template.
    script : Path
        The JavaScript module that brings it to life.
    context : dict
        What the script needs to know besides.
    lesson : str, optional
        The id of the lesson whose questions are answered.

    Examples
    --------
    >>> script = PACKAGE / "views" / "ask" / "script.js"
    >>> one, other = (AnswerWidget("", script, {"question": name}) for name in ("one", "other"))
    >>> one.modules == other.modules, one.context
    (True, {'question': 'one'})
    """

    _esm = strip((PACKAGE / "answers" / "loader.js").read_text(encoding="utf-8"))
    html = traitlets.Unicode().tag(sync=True)
    context = traitlets.Dict().tag(sync=True)
    modules = traitlets.List(traitlets.Instance(ScriptModule)).tag(
        sync=True, **ipywidgets.widget_serialization
    )

    def __init__(
        self,
        html: str,
        script: Path,
        context: dict[str, Any],
        lesson: str = OWN_LESSON,
    ) -> None:
        super().__init__(
            html=html,
            context=context,
            lesson=lesson,
            modules=[_shared(code) for code in modules(script)],
        )


class MessageHandler:
    """Writes into a workbook what a page asks to be written, and replies in sentences.

    Parameters
    ----------
    workbook : Workbook
        The learner's answers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> message = {"type": "record", "question": "one", "answer": "yes", "ticket": 7}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     handler = MessageHandler(Workbook(Path(folder, "answers.json")))
    ...     reply = handler.handle(message)
    >>> reply["status"], reply["ticket"], reply["workbook"]["answers"]["one"]["answer"]
    ('recorded', 7, 'yes')
    """

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._files: dict[str, bytearray] = {}

    def handle(self, message: _Message, buffers: Sequence[memoryview] = ()) -> _Message:
        """Do what a page asks.

        Parameters
        ----------
        message : dict
            Its `type` is hello, record, restore or forget; `ticket` comes back with the reply. For
            record, `revision` and `baseRevision` are those of `Workbook.record`.
        buffers : sequence of memoryview, optional
            For restore: the next part of the file.

        Returns
        -------
        dict
            `status` says what was done: ready, recorded, restored, forgotten, failed, or conflict,
            where an answer stands that the page had not seen. `workbook` is all of it, `notices`
            what is to be said of its file. Empty where nothing is to say yet.
        """
        handlers = {
            "hello": self._hello,
            "record": self._record,
            "restore": self._restore,
            "forget": self._forget,
        }
        handler = handlers.get(str(message.get("type")))
        if handler is None:
            return {}
        try:
            reply = handler(message, buffers)
        except (LessonError, OSError, RecursionError) as error:
            reply = {"status": "failed", "message": self._sentence(error)}
        return reply and {**reply, "ticket": message.get("ticket"), **self._state()}

    def _sentence(self, error: Exception) -> str:
        """Say what went wrong; where the folder lies on this machine stays on this machine."""
        if not isinstance(error, LessonError):
            reason = getattr(error, "strerror", None) or "it cannot be read"
            return f"The file with your answers cannot be used ({reason})."
        return str(error).replace(f"{self._workbook.path.parent.parent}{os.sep}", "")

    def _state(self) -> _Message:
        file = f"{self._workbook.path.parent.name}/{self._workbook.path.name}"
        try:
            workbook = self._workbook.snapshot()
        except (LessonError, OSError) as error:
            return {"file": file, "problem": self._sentence(error)}
        return {"workbook": workbook, "file": file, "notices": list(self._workbook.messages)}

    def _hello(self, _message: _Message, _buffers: Sequence[memoryview]) -> _Message:
        return {"status": "ready"}

    def _record(self, message: _Message, _buffers: Sequence[memoryview]) -> _Message:
        given = message.get("answer")
        try:
            stands = self._workbook.record(
                message.get("question", ""),
                given,
                lock=bool(message.get("lock")),
                revision=message.get("revision"),
                base_revision=message.get("baseRevision"),
            )
        except ConflictError as refusal:
            return {"status": "conflict", "message": str(refusal)}
        is_ours = json.dumps(stands) == json.dumps(to_json(given, "The answer"))
        return {"status": "recorded" if is_ours else "conflict"}

    def _forget(self, _message: _Message, _buffers: Sequence[memoryview]) -> _Message:
        self._workbook.forget()
        return {"status": "forgotten"}

    def _restore(self, message: _Message, buffers: Sequence[memoryview]) -> _Message:
        ticket = str(message.get("ticket"))
        content = self._files.setdefault(ticket, bytearray())
        for part in buffers:
            content += part
        if not message.get("last") and len(content) <= MAX_FILE_BYTES:
            return {}
        restored = self._workbook.restore(self._files.pop(ticket))
        return {"status": "restored", "messages": list(restored.messages)}


def _shared(code: str) -> ScriptModule:
    """Return the one model of a module in this kernel, made anew when somebody closed it."""
    if code not in _SHARED or _SHARED[code].comm is None:
        _SHARED[code] = ScriptModule(code=code)
    return _SHARED[code]


def _workbook_id(path: Path) -> str:
    """Name a workbook for the page, which may hold several, and tell no path."""
    import hashlib

    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
