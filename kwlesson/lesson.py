"""A lesson: its tables, and the views of them. A plural is a table, a verb is a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.frames import Frames

if TYPE_CHECKING:
    from kwlesson.cite import SourceCard
    from kwlesson.compare import Comparison
    from kwlesson.corroborate import Corroboration
    from kwlesson.follow import Routes
    from kwlesson.quotation import Quotation
    from kwlesson.set_aside import SetAside
    from kwlesson.timeline import Timeline
    from kwlesson.trace import Chain
    from kwlesson.who import WhoIsWho


class Lesson(Frames):
    """The tables of a lesson, and its views.

    Every table is a data frame whose cells are the text of the table; a required whole number is
    an integer; an empty cell is the empty text. Each date column `d` (EDTF text) brings two more:
    `d_sort`, text that sorts in order of time, and `d_label`, the date as a person would say it.
    Undated events sort where `after` and `before` put them.

    Made by `load`.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    rows : dict of str to list of dict
        The rows of each table.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
    >>> lesson.accounts.label.tolist()
    ['Harbourmaster', 'Lamplighter']
    """

    def compare(self, case: str, *, masked: bool = False) -> Comparison:
        """Set the accounts of a case side by side, point by point.

        Parameters
        ----------
        case : str
            Id of the case.
        masked : bool, optional
            Hide who reports: names, routes and sensitive rows.

        Returns
        -------
        Comparison
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such case; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.compare("harbour-light").text().splitlines()[0])
        Two accounts of one night
        """
        from kwlesson.compare import Comparison

        return Comparison(self, self.one("cases", case), masked=masked)

    def follow(self, route: str | None = None) -> Routes:
        """Follow a report through all hands, from the one who spoke to the one who reads.

        Parameters
        ----------
        route : str, optional
            Id of a route; without one, all routes.

        Returns
        -------
        Routes
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such route; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.follow("wick-1912").text().splitlines()[0])
        From the lamplighter to the reader
        """
        from kwlesson.follow import Routes

        chosen = self.records("routes") if route is None else [self.one("routes", route)]
        return Routes(self, chosen)

    def who(self, name: str | None = None) -> WhoIsWho:
        """Say who is who, with every spelling and whom not to take them for.

        Parameters
        ----------
        name : str, optional
            A name in any spelling or script, or a part of one; without one, everybody.

        Returns
        -------
        WhoIsWho
            A view with three faces.

        Raises
        ------
        LessonError
            When nobody is called so; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.who("captain BUOY").text().splitlines()[2])
        “captain BUOY” is Silas Buoy.
        >>> lesson.who("Wik")
        Traceback (most recent call last):
        kwlesson.errors.LessonError: nobody here is called 'Wik'; perhaps you meant: Tom Wick, \
Tom Wick the younger; lesson.who() lists everybody
        """
        from kwlesson.who import WhoIsWho

        return WhoIsWho(self, name)

    def quote(self, quote: str) -> Quotation:
        """Show one quotation: its words, whose they are, and how they came to us.

        Parameters
        ----------
        quote : str
            Id of a quotation.

        Returns
        -------
        Quotation
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such quotation; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.quote("quill-hardly").text().splitlines()[0])
        In the words of Ada Quill
        """
        from kwlesson.quotation import Quotation

        return Quotation(self, self.one("quotes", quote))

    def cite(self, source: str) -> SourceCard:
        """Show one source: a note to copy, how much was read, and what rests on it.

        Parameters
        ----------
        source : str
            Id of a source.

        Returns
        -------
        SourceCard
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such source; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.cite("harbour-book").text().splitlines()[2])
          Ada Quill, The Book of the Harbour (Saltmouth: Gull Press, 1931).
        """
        from kwlesson.cite import SourceCard

        return SourceCard(self, self.one("sources", source))

    def trace(self, *, whole: bool = False, sealed: bool = False) -> Chain:
        """Walk the decision chain step by step: who asked, who allowed it, and how we know.

        Parameters
        ----------
        whole : bool, optional
            Show what lies beside the spine too, as side branches.
        sealed : bool, optional
            For sorting: keep what is known, and how, closed until the learner has judged.

        Returns
        -------
        Chain
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> [panel.label for panel in lesson.trace(whole=True).switch().panels]
        ['Overview', '1', '2', '3']
        """
        from kwlesson.trace import Chain

        return Chain(self, whole=whole, sealed=sealed)

    def corroborate(self, case: str) -> Corroboration:
        """Put later evidence on a case to three tests: the learner first, our judgement after.

        Parameters
        ----------
        case : str
            Id of the case.

        Returns
        -------
        Corroboration
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such case, or no later evidence on it; the message names others.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.corroborate("harbour-light").text().splitlines()[0])
        Two accounts of one night: does anything back it up?
        >>> lesson.corroborate("harbour")
        Traceback (most recent call last):
        kwlesson.errors.LessonError: no row 'harbour' in cases; perhaps you meant: harbour-light
        """
        from kwlesson.corroborate import Corroboration

        return Corroboration(self, self.one("cases", case))

    def set_aside(self, what: str = "") -> SetAside:
        """Show what we would still know without a source, a speaker's word or a historian.

        Parameters
        ----------
        what : str, optional
            `source`, `speaker` or `historian` for the choices of one kind, or the id of one source
            or person; without it, the choices that change most.

        Returns
        -------
        SetAside
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such kind, source or person; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> [panel.label for panel in lesson.set_aside("historian").switch().panels]
        ['Nothing yet', 'Historian: Ada Quill']
        >>> lesson.set_aside("historians")
        Traceback (most recent call last):
        kwlesson.errors.LessonError: nothing called 'historians'; perhaps you meant: historian
        """
        from kwlesson.set_aside import SetAside

        return SetAside(self, what)

    def timeline(self, person: str | None = None) -> Timeline:
        """Show the events in order of time: an overview first, then period after period.

        Parameters
        ----------
        person : str, optional
            Id or name of somebody; then only the events that this person had a part in.

        Returns
        -------
        Timeline
            A view with three faces.

        Raises
        ------
        LessonError
            When nobody is called so, or several are; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.timeline().text().splitlines()[4])
        ○ Oil is delivered [oil-delivered]
        """
        from kwlesson.timeline import Timeline, find_person

        return Timeline(self, None if person is None else find_person(self, person))
