"""The live face of what a learner answers: one widget, and the kernel's end of its messages."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any, TypeAlias

import anywidget
import ipywidgets
import traitlets

from kwlesson.answers.bundle import modules, strip
from kwlesson.answers.file_format import MAX_FILE_BYTES
from kwlesson.answers.json_values import to_json
from kwlesson.answers.workbook import ConflictError, VisitorWorkbook, Workbook, is_shared
from kwlesson.errors import LessonError
from kwlesson.paths import PACKAGE
from kwlesson.tables.schema import OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    _Encode = Callable[[Mapping[str, Any]], str]

_Message = dict[str, Any]
_Buffers: TypeAlias = "Sequence[memoryview]"


class ScriptModule(ipywidgets.Widget):  # type: ignore[misc]
    """A JavaScript module that a page gets once, however many activities use it."""

    code = traitlets.Unicode().tag(sync=True)


_SHARED: dict[str, ScriptModule] = {}
_VISITORS: dict[tuple[str, str], VisitorWorkbook] = {}


class AnswerWidget(anywidget.AnyWidget):
    """An activity of the lesson that keeps answers.

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
    encode : function, optional
        Makes a short code of the answers, for a class chat.
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
    workbook_id = traitlets.Unicode().tag(sync=True)
    lesson = traitlets.Unicode().tag(sync=True)
    modules = traitlets.List(traitlets.Instance(ScriptModule)).tag(
        sync=True, **ipywidgets.widget_serialization
    )

    def __init__(
        self,
        html: str,
        script: Path,
        context: dict[str, Any],
        encode: _Encode | None = None,
        lesson: str = OWN_LESSON,
    ) -> None:
        workbook = None if is_shared() else Workbook(lesson=lesson)
        super().__init__(
            html=html,
            context=context,
            workbook_id=_workbook_id(workbook.path) if workbook else f"visitors-{lesson}",
            lesson=lesson,
            modules=[_shared(code) for code in modules(script)],
        )
        self._handler = MessageHandler(workbook, encode, lesson)
        self.on_msg(self._reply)

    def _reply(self, _self: AnswerWidget, message: _Message, buffers: Sequence[memoryview]) -> None:
        reply = self._handler.handle(message, buffers)
        if reply:
            self.send(reply)


class MessageHandler:
    """Writes into a workbook what a page asks to be written, and replies in sentences.

    Parameters
    ----------
    workbook : Workbook or None
        The learner's answers. Without it, each message names its visitor, whose answers stay in the
        visitor's browser.
    encode : function, optional
        Makes a short code of the answers, for a class chat.
    lesson : str, optional
        The id of the lesson whose questions are answered.

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

    def __init__(
        self,
        workbook: Workbook | None,
        encode: _Encode | None = None,
        lesson: str = OWN_LESSON,
    ) -> None:
        self._workbook = workbook
        self._encode = encode
        self._lesson = lesson
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
            where an answer stands that the page had not seen. `workbook` is all of it. Empty where
            nothing is to say yet.
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
        visitor = (str(message.get("visitor")), self._lesson)
        visits = VisitorWorkbook(self._lesson)
        workbook = self._workbook or _VISITORS.setdefault(visitor, visits)
        try:
            reply = handler(workbook, message, buffers)
        except (LessonError, OSError, RecursionError) as error:
            reply = {"status": "failed", "message": _sentence(workbook, error)}
        return reply and {**reply, "ticket": message.get("ticket"), **self._state(workbook)}

    def _state(self, workbook: Workbook) -> _Message:
        path = workbook.path
        state: _Message = {"file": f"{path.parent.name}/{path.name}" if self._workbook else ""}
        try:
            state["workbook"] = workbook.snapshot()
        except (LessonError, OSError) as error:
            return {**state, "problem": _sentence(workbook, error)}
        state["notices"] = list(workbook.messages)
        if self._encode:
            entries = state["workbook"]["answers"].items()
            answers = {question: entry["answer"] for question, entry in entries}
            state["code"] = self._encode(answers)
        return state

    def _hello(self, _workbook: Workbook, _message: _Message, _buffers: _Buffers) -> _Message:
        return {"status": "ready"}

    def _record(self, workbook: Workbook, message: _Message, _buffers: _Buffers) -> _Message:
        given = message.get("answer")
        try:
            stands = workbook.record(
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

    def _restore(self, workbook: Workbook, message: _Message, buffers: _Buffers) -> _Message:
        ticket = str(message.get("ticket"))
        content = self._files.setdefault(ticket, bytearray())
        for part in buffers:
            content += part
        if not message.get("last") and len(content) <= MAX_FILE_BYTES:
            return {}
        restored = workbook.restore(self._files.pop(ticket))
        return {"status": "restored", "messages": list(restored.messages)}

    def _forget(self, workbook: Workbook, _message: _Message, _buffers: _Buffers) -> _Message:
        workbook.forget()
        return {"status": "forgotten"}


def _sentence(workbook: Workbook, error: Exception) -> str:
    """Say what went wrong; where the folder lies on this machine stays on this machine."""
    if not isinstance(error, LessonError):
        reason = getattr(error, "strerror", None) or "it cannot be read"
        return f"The file with your answers cannot be used ({reason})."
    return str(error).replace(f"{workbook.path.parent.parent}{os.sep}", "")


def _shared(code: str) -> ScriptModule:
    """Return the one model of a module in this kernel, made anew when somebody closed it."""
    if code not in _SHARED or _SHARED[code].comm is None:
        _SHARED[code] = ScriptModule(code=code)
    return _SHARED[code]


def _workbook_id(path: Path) -> str:
    """Name a workbook for the page, which may hold several, and tell no path."""
    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
