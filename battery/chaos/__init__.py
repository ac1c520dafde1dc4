"""The chaos instrument: faults that are proven, recovery that is measured, a world put back."""
