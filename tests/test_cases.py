"""Many cases in one test: each is tried, and each that fails is named."""

from __future__ import annotations

import pytest
from cases import each


@each(("number", "is_even"), [(1, False), (2, False), (4, False), (6, True)])
def both_are_wrong(number, is_even):
    assert (number % 2 == 0) == is_even


def test_each_case_that_fails_is_named():
    with pytest.raises(ExceptionGroup, match="2 of 4 cases") as failed:
        both_are_wrong()
    notes = [wrong.__notes__ for wrong in failed.value.exceptions]
    assert notes == [["in the case 2, False"], ["in the case 4, False"]]


@each("number", [1, 2, 3], made=lambda number: number + 1)
def three_is_wrong(number):
    assert number != 3


def test_a_case_that_fails_alone_fails_as_itself():
    with pytest.raises(AssertionError, match="assert 3 != 3") as failed:
        three_is_wrong()
    assert failed.value.__notes__ == ["in the case 2"]
