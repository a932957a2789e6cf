"""The language that a lesson is shown in, and the words of the package in it.

A message is the English words themselves: English needs no catalog, and what a catalog lacks is
said in English. Catalogs are those of gettext, in `locale`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from gettext import GNUTranslations, NullTranslations
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from kwlesson.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENGLISH = "en"
_FROM_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)

P = ParamSpec("P")
R = TypeVar("R")


def language() -> str:
    """Return the language that is spoken now.

    Returns
    -------
    str
        As BCP 47 names it.

    Examples
    --------
    >>> with speaking("ko"):
    ...     language()
    'ko'
    """
    return _language.get()


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak a language for as long as a block lasts; other lessons keep theirs.

    Parameters
    ----------
    chosen : str
        As BCP 47 names it.

    Yields
    ------
    None

    Examples
    --------
    >>> with speaking("es"):
    ...     _("Sources")
    'Fuentes'
    """
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def in_its_language(method: Callable[..., R]) -> Callable[..., R]:
    """Let a method speak the language of what it is asked of, which that has as its `lang`.

    Parameters
    ----------
    method : callable
        What says something.

    Returns
    -------
    callable

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> in_its_language(lambda self: _("Sources"))(SimpleNamespace(lang="es"))
    'Fuentes'
    """

    @wraps(method)
    def asked(self: Any, *arguments: object, **named: object) -> R:  # noqa: ANN401 - a lesson, a view
        with speaking(self.lang):
            return method(self, *arguments, **named)

    return asked


def catalog_file(chosen: str) -> Path | None:
    """Return the file with the words of the package in a language: that of `es` for `es-MX`, too.

    Parameters
    ----------
    chosen : str
        As BCP 47 names it.

    Returns
    -------
    Path or None
        None where there is none, as for English.

    Examples
    --------
    >>> catalog_file("es-MX").parts[-3], catalog_file("en")
    ('es', None)
    """
    names = (chosen.replace("-", "_"), primary(chosen))
    paths = (PACKAGE / "locale" / name / "LC_MESSAGES" / "kwlesson.mo" for name in names)
    return next((path for path in paths if path.is_file()), None)


@cache
def catalog(chosen: str) -> NullTranslations:
    """Return the words of the package in a language.

    Parameters
    ----------
    chosen : str
        As BCP 47 names it.

    Returns
    -------
    gettext.NullTranslations
        One that changes nothing where there is no catalog.

    Examples
    --------
    >>> catalog("es-MX").gettext("Sources"), catalog("en").gettext("Sources")
    ('Fuentes', 'Sources')
    """
    path = catalog_file(chosen)
    if not path:
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def _(message: str) -> str:
    """Return a message in the language that is spoken now.

    Examples
    --------
    >>> _("Sources")
    'Sources'
    """
    return message and catalog(language()).gettext(message)  # of no words, gettext has its header


def later(message: str) -> str:
    """Return a message as it stands: it is said with `_` once a language is spoken.

    Parameters
    ----------
    message : str
        In English.

    Returns
    -------
    str

    Examples
    --------
    >>> later("Sources")
    'Sources'
    """
    return message


def primary(chosen: str) -> str:
    """Return a language without its region.

    Parameters
    ----------
    chosen : str
        As BCP 47 names it.

    Returns
    -------
    str

    Examples
    --------
    >>> primary("es-MX")
    'es'
    """
    return chosen.split("-", maxsplit=1)[0].casefold()


def direction(chosen: str) -> str:
    """Return whether a language is written from left to right or from right to left.

    Parameters
    ----------
    chosen : str
        As BCP 47 names it.

    Returns
    -------
    str
        As HTML writes it.

    Examples
    --------
    >>> direction("he"), direction("ko")
    ('rtl', 'ltr')
    """
    return "rtl" if primary(chosen) in _FROM_RIGHT_TO_LEFT else "ltr"


def cache_by_language(made: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function returned, for each language apart.

    Parameters
    ----------
    made : callable
        What is made once in each language.

    Returns
    -------
    callable

    Examples
    --------
    >>> sources = cache_by_language(lambda: _("Sources"))
    >>> with speaking("es"):
    ...     sources()
    'Fuentes'
    >>> sources()
    'Sources'
    """

    @cache
    def kept(_spoken: str, *arguments: P.args, **named: P.kwargs) -> R:
        return made(*arguments, **named)

    @wraps(made)
    def asked(*arguments: P.args, **named: P.kwargs) -> R:
        return kept(language(), *arguments, **named)  # type: ignore[arg-type]

    return asked
