"""The battery's own file check as a verifier."""

from pathlib import Path

from battery.readiness.audit_chain.chain_log import ChainUnreadable, read_entries
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.file_check import Anchor, chain_troubles
from battery.readiness.audit_chain.verifier import Opinion


class OwnVerifier:
    """Recomputes the chain; with an anchor it also knows where the chain must end."""

    def __init__(self, description: ChainDescription, anchor: Anchor | None = None) -> None:
        self._description, self._anchor = description, anchor
        self.name = "the battery's file check" + (" with an anchor" if anchor else "")

    def judge(self, file: Path) -> Opinion:
        """The opinion on the log in a file."""
        try:
            troubles = chain_troubles(read_entries(file.read_bytes()), self._description, self._anchor)
        except ChainUnreadable as error:
            return Opinion(intact=False, said=str(error))
        except OSError as error:
            return Opinion(intact=None, said=f"{file} cannot be read: {error.strerror}")
        return Opinion(intact=not troubles, said="; ".join(troubles[:3]) or "the chain holds")
