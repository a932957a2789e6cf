"""Many small cases of one rule as one test: as tests of their own, they cost more than they ask."""

from __future__ import annotations

import functools
import inspect

import pytest
from lessons import REAL

from kwlesson.tables.schema import OWN_LESSON

# In a fork the tables and notebooks are another lesson's: what says something of ours is left out.
IS_OURS = REAL.id == OWN_LESSON


def each(names, cases, *, made=None, in_a_fork=False, followed=False):
    """Run a test for each case, as `parametrize` does, and name each case that fails.

    No case has a fixture to itself; `made` makes of a case what the test takes. Coverage follows
    where it is told to: it would see the same lines again and again, four times as slowly.
    """
    names = [names] if isinstance(names, str) else names
    cases = [case if isinstance(case, tuple) else (case,) for case in cases]
    tried = [case for case in cases if IS_OURS or in_a_fork or "real" not in case]

    def decorate(test):
        signature = inspect.signature(test)

        @functools.wraps(test)
        def test_all(**fixtures):
            wrong = []
            for case in tried:
                taken = [made(*case)] if made else case
                try:
                    test(**fixtures, **dict(zip(names, taken, strict=True)))
                except Exception as error:  # noqa: BLE001 - told below, with its case
                    error.add_note(f"in the case {', '.join(map(repr, case)):.300}")
                    wrong.append(error)
            if len(wrong) == 1:
                raise wrong[0]
            if wrong:
                raise ExceptionGroup(f"{len(wrong)} of {len(tried)} cases", wrong)

        others = [one for name, one in signature.parameters.items() if name not in names]
        test_all.__signature__ = signature.replace(parameters=others)
        return test_all if followed else pytest.mark.no_cover(test_all)

    return decorate
