"""What a snapshot command says when it does not do what was asked."""


class SnapshotRefused(Exception):
    """Nothing was changed; the text says what was found, against what, and what to do next."""
