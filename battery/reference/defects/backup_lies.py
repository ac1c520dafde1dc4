"""A backup that says it is one and holds nothing."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="backup_lies",
    title="a backup says that all is well and holds tables without a row",
    instrument="readiness",
)
