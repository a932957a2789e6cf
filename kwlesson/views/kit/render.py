"""Templates: every cell is escaped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kwlesson.paths import PACKAGE
from kwlesson.tables.schema import NEW_PARAGRAPH
from kwlesson.translation import cache_by_language, catalog, catalog_file, direction, language
from kwlesson.views.kit.attribution import ADDRESS, paragraphs
from kwlesson.views.kit.glossary import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import jinja2

    from kwlesson.tables.store import Record

_BLANK_LINES = re.compile(r"\n\s*\n+")


@cache_by_language
def templates() -> jinja2.Environment:
    """Return the templates, in which every cell is escaped.

    Returns
    -------
    jinja2.Environment
    """
    import jinja2

    from kwlesson.views.kit import translation
    from kwlesson.views.kit.template_cache import TemplateCache

    views, words = PACKAGE / "views", catalog_file(language())
    made_by = filter(None, (Path(__file__), Path(translation.__file__), words))
    settings = b"".join(path.read_bytes() for path in made_by)
    environment = translation.TranslatedTemplates(
        loader=jinja2.FileSystemLoader(views),
        bytecode_cache=TemplateCache(views, settings),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = catalog(language()).gettext
    environment.translate = say if words else None
    environment.globals |= {"_": say, "lang": language(), "dir": direction(language())}
    environment.filters |= {
        "explained": explained,
        "linked": linked,
        "paragraphs": paragraphs,
        "quoted": quoted,
    }
    return environment


def macro(template: str, name: str, *arguments: object) -> Markup:
    """Draw one part of a view.

    Parameters
    ----------
    template : str
        File name of the template.
    name : str
        The macro in it.
    *arguments : object
        What the macro takes.

    Returns
    -------
    Markup
        HTML in which every cell is escaped.
    """
    part = getattr(templates().get_template(template).module, name)
    return Markup(_BLANK_LINES.sub("\n", part(*arguments)))  # noqa: S704 - the template escaped it


def kept(name: str, files: Iterable[Path], make: Callable[[], str]) -> str:
    """Return a text made of files, kept beside the compiled templates until one of them changes.

    Parameters
    ----------
    name : str
        What it is kept as.
    files : iterable of Path
        All that it is made of.
    make : callable
        What makes it in the language that is spoken.

    Returns
    -------
    str

    Examples
    --------
    >>> kept("example", [Path(__file__)], lambda: "a text")
    'a text'
    """
    from hashlib import sha256

    from jinja2.bccache import Bucket

    environment = templates()
    cache: Any = environment.bytecode_cache
    content = b"\0".join(part for path in files for part in (bytes(path), path.read_bytes()))
    bucket: Any = Bucket(environment, name, sha256(content).hexdigest())
    cache.load_bytecode(bucket)
    if bucket.code is None:
        bucket.code = make()
        cache.dump_bytecode(bucket)
    return str(bucket.code)


def explained(text: str) -> Markup:
    """Draw a passage with its explained words: the filter `explained` of the HTML templates.

    Its place is a `div`, `li`, `dd` or `td`. A browser ends a `p` where `details` begins, and in
    a heading or a summary a disclosure cannot be reached.

    Parameters
    ----------
    text : str
        A `Passage`; any other text is drawn as it stands.

    Returns
    -------
    Markup
        HTML in which every cell is escaped.

    Examples
    --------
    >>> print(explained("<b>"))
    &lt;b&gt;
    """
    return macro("kit/glossary.html", "passage", getattr(text, "pieces", (Piece(text),)))


_BREAK = Markup('<br data-text="none"><br data-text="none"> ')  # in a text the words run on


def quoted(words: str) -> Markup:
    """Draw the words of a quotation, each new paragraph apart: the filter `quoted`.

    Parameters
    ----------
    words : str
        The cell `words` of a row of `quotes`.

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(quoted("The lamp. [new paragraph] The <fog>."))
    The lamp.<br data-text="none"><br data-text="none"> The &lt;fog&gt;.
    """
    return _BREAK.join(part.strip() for part in words.split(NEW_PARAGRAPH))


_ABOUT = re.compile(r", (?:on|to|with|which) .*| \([^()]*\)$")


def short_title(source: Record) -> str:
    """Return the title of a source without what it adds on what it is about.

    Parameters
    ----------
    source : dict
        A row of `sources`.

    Returns
    -------
    str

    Examples
    --------
    >>> short_title({"title": "A letter of 3 May 1912, on the fog"})
    'A letter of 3 May 1912'
    """
    return _ABOUT.sub("", source["title"])


def capital(words: str) -> str:
    """Return words as a heading begins, all other letters as they are.

    Parameters
    ----------
    words : str
        Any words.

    Returns
    -------
    str

    Examples
    --------
    >>> capital("diaries of MPs")
    'Diaries of MPs'
    """
    return words[:1].upper() + words[1:]


def linked(source: Record) -> Markup | str:
    """Draw the title of a source, with a link to where it can be read: the filter `linked`.

    Parameters
    ----------
    source : dict
        A row of `sources`.

    Returns
    -------
    Markup or str
        The title alone where no public address is known.

    Examples
    --------
    >>> print(linked({"title": "A log", "url": "https://example.org/log"}))
    <a href="https://example.org/log">A log</a>
    """
    title = short_title(source)
    if not ADDRESS.fullmatch(source["url"]):
        return title
    return Markup('<a href="{}">{}</a>').format(source["url"], title)
