"""A certificate that nobody has renewed."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="expired_certificate",
    title="serves TLS with a certificate that expired yesterday, which it makes itself",
    instrument="security",
)
