"""Confinement: code of a check can neither end the battery's process nor come back from a fork of it."""

import contextlib
import os
from collections.abc import Iterator
from typing import NoReturn

import pytest


class CheckLeft(BaseException):
    """A check tried to end the run. Not an Exception, so that the check itself does not swallow it by accident."""


@contextlib.contextmanager
def confined() -> Iterator[None]:
    """Inside the block, ending the process fails the block; a forked child ends where the block does.

    Raises: CheckLeft inside the block.
    """
    own, leave = os.getpid(), os._exit

    def refuse(status: int) -> NoReturn:
        if os.getpid() != own:
            leave(status)
        raise CheckLeft(f"called os._exit({status}), which would have ended the run")

    # Without this, os._exit(0) in a check would end the battery with the exit code of a certified run.
    os._exit = refuse
    try:
        yield
    except pytest.exit.Exception as error:
        raise CheckLeft(f"called pytest.exit({str(error)!r}), which would have ended the run") from error
    finally:
        os._exit = leave
        if os.getpid() != own:
            leave(1)
