"""Kinds: what an exception of httpcore, h2 or h11 says about the target, in the words of the ledger. Pure."""

import h2.events
import h2.exceptions
import h11
import httpcore

# ValueError: a :status that is no number. Whatever else is raised is a defect of ours.
TARGETS_OWN = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    h2.exceptions.H2Error,
    h11.ProtocolError,
    ValueError,
)
_GIVEN_UP = (h2.events.StreamReset, h2.events.ConnectionTerminated)


def kind_of(error: Exception, *, torn: bool) -> str:
    """The error kind; `torn` says that the end of the connection had been read before."""
    given_up = any(isinstance(argument, _GIVEN_UP) for argument in error.args)
    return "reset" if torn or given_up or isinstance(error, httpcore.NetworkError) else "protocol"
