"""Compiled templates, kept where Python keeps its compiled modules."""

from __future__ import annotations

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class TemplateCache(jinja2.FileSystemBytecodeCache):
    """A folder of compiled templates; what cannot be read there, or written, is compiled anew.

    What is read there is run. So it is no folder that others may write to, such as the one for
    temporary files, but the `__pycache__` beside the templates: whoever can write to it can change
    the program itself.

    Parameters
    ----------
    package : Path
        The folder of the templates.
    settings : bytes
        What else decides how a template is compiled.
    """

    def __init__(self, package: Path, settings: bytes) -> None:
        folder = Path(cache_from_source(str(package / "__init__.py"))).parent
        made_for = f"{sys.implementation.cache_tag}-{sha256(settings).hexdigest()[:8]}"
        super().__init__(str(folder), f"%s.{made_for}.jinja")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template; jinja2 itself holds it against the template's text."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - half a file may raise anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
