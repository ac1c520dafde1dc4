"""Verification: bytes, a pinned key and demands in; numbered steps with reasons out. Touches no clock and no file."""

from battery.certificate.verification.outcome import Outcome, Step, Verification
from battery.certificate.verification.verify import verify

__all__ = ["Outcome", "Step", "Verification", "verify"]
