"""TLS as it was twenty years ago."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="weak_tls",
    title="serves TLS from version 1.0 on, without forward secrecy; makes its own certificate where none is given",
    instrument="security",
)
