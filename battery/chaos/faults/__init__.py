"""The faults: one file each behind one small interface (`interface.py`)."""
