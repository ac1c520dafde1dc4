"""Amounts of bytes in words, one unit for all of the faults."""

MIB = 1024 * 1024


def mib(size: float) -> str:
    """A size as people read it: "512.0 MiB", "20.50 GiB"."""
    if abs(size) >= 1024 * MIB:
        return f"{size / (1024 * MIB):.2f} GiB"
    return f"{size / MIB:.1f} MiB"
