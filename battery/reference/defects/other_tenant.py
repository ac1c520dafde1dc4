"""Every tenant reads the notes of every other."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="other_tenant", title="a tenant's notes are open to every other tenant", instrument="security"
)
