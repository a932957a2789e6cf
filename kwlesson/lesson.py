"""A lesson: its tables, and the views of them. A plural is a table, a verb is a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.frames import Frames

if TYPE_CHECKING:
    from kwlesson.argue import Argument
    from kwlesson.ask import Question
    from kwlesson.cite import SourceCard, Sources
    from kwlesson.classroom import ClassPicture
    from kwlesson.codeboard import CodeBoard
    from kwlesson.compare import Comparison
    from kwlesson.corroborate import Corroboration
    from kwlesson.define import Definitions
    from kwlesson.follow import Routes
    from kwlesson.keep import Keeping
    from kwlesson.look_back import Path
    from kwlesson.mark import Marking
    from kwlesson.quotation import Quotation
    from kwlesson.set_aside import SetAside
    from kwlesson.tally import Tally
    from kwlesson.teach import Session
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

    def cite(self, source: str | None = None) -> SourceCard | Sources:
        """Show one source: a note to copy, how much was read, and what rests on it.

        Parameters
        ----------
        source : str, optional
            Id of a source; without one, all sources, each with its note.

        Returns
        -------
        SourceCard or Sources
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
        from kwlesson.cite import SourceCard, Sources

        if source is None:
            return Sources(self)
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

    def ask(self, question: str) -> Question:
        """Ask a question, and keep the answer in the learner's workbook.

        Parameters
        ----------
        question : str
            Id of the question.

        Returns
        -------
        Question
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such question; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.ask("who-saw").text().splitlines()[0])
        Who saw the lamp from close by?
        """
        from kwlesson.ask import Question

        return Question(self, self.one("questions", question))

    def keep(self) -> Keeping:
        """Show what is kept of the learner's work, to be saved as a file and brought back.

        Returns
        -------
        Keeping
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.keep().title)
        Your work
        """
        from kwlesson.keep import Keeping

        return Keeping(self)

    def argue(self) -> Argument:
        """Let the learner make an argument: claim, evidence, what speaks against it, how sure.

        Returns
        -------
        Argument
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.argue().title)
        Your argument
        """
        from kwlesson.argue import Argument

        return Argument(self)

    def look_back(self) -> Path:
        """Show how the learner rated the same claim each time, with the reasons given.

        Returns
        -------
        Path
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.look_back().title)
        Your path
        """
        from kwlesson.look_back import Path

        return Path(self)

    def define(self, term: str | None = None) -> Definitions:
        """Say what a word means here; without a word, list all words.

        Parameters
        ----------
        term : str, optional
            Id of a term, or the word itself.

        Returns
        -------
        Definitions
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such word; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.define("oar").title)
        Oar
        """
        from kwlesson.define import Definitions

        return Definitions(self, term)

    def teach(self, minutes: int | None = None) -> Session:
        """Show the plan of a session for whoever teaches it.

        Parameters
        ----------
        minutes : int, optional
            15, 50 or 90; without it, the whole lesson.

        Returns
        -------
        Session
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no plan of that length; the message names those there are.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.teach(15).title)
        A session of 15 minutes
        """
        from kwlesson.teach import Session

        return Session(self, minutes)

    def mark(self, notebook: str | None = None) -> Marking:
        """Show the questions with their model answers, for whoever teaches.

        Parameters
        ----------
        notebook : str, optional
            Number of a notebook, such as 02; without it, all.

        Returns
        -------
        Marking
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no question in that notebook; the message names those with questions.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.mark("02").title)
        Questions of notebook 02, with answers
        """
        from kwlesson.mark import Marking

        return Marking(self, notebook)

    def tally(self, question: str) -> Tally:
        """Give boxes for counted hands, with a bar for each choice of a question.

        Parameters
        ----------
        question : str
            Id of a question that has choices.

        Returns
        -------
        Tally
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such question; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.tally("who-saw").title)
        Who saw the lamp from close by?
        """
        from kwlesson.tally import Tally

        return Tally(self, self.one("questions", question))

    def gather(self, folder: str, *others: Lesson, names: bool = False) -> ClassPicture:
        """Show how a class answered, from the answer files in a folder.

        Parameters
        ----------
        folder : str
            Holds the files loose, in subfolders or in zips; nothing in it is changed.
        *others : Lesson
            More lessons whose questions the same learners answered.
        names : bool, optional
            Show the names that learners gave; otherwise they are numbered.

        Returns
        -------
        ClassPicture
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> lesson.gather("no/such/folder").facts["skipped"][0].reason
        'there is no such folder yet: put the answer files there and run this again'
        """
        from pathlib import Path

        from kwlesson.classroom import ClassPicture
        from kwlesson.gather import Skipped, gather

        path = Path(folder)
        if not path.exists():
            missing = "there is no such folder yet: put the answer files there and run this again"
            return ClassPicture([self, *others], [], [Skipped(folder, missing)], names=names)
        found = gather(path)
        return ClassPicture([self, *others], found.learners, found.skipped, names=names)

    def read_codes(self, chat: str = "", *others: Lesson) -> CodeBoard:
        """Show how a class answered, from the answer codes in a chat, chatter and all.

        Parameters
        ----------
        chat : str, optional
            The chat as it was copied; live, there is a box to paste it into.
        *others : Lesson
            More lessons whose questions the codes may be about.

        Returns
        -------
        CodeBoard
            A view with three faces.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.read_codes("Ada: hello!").text().splitlines()[2])
        0 codes read
        """
        from kwlesson.codeboard import CodeBoard

        return CodeBoard([self, *others], chat)
