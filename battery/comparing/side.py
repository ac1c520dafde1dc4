"""One side of a comparison of loads: a run with the time slices of its profiles."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from battery.errors import EvidenceCorrupt
from battery.load.sharing import all_stages
from battery.load.tally import Slice
from battery.model.evidence import Evidence
from battery.model.profile import Profile, Shape, Stage
from battery.model.run import Run

SLICES = "slices"
_LOCUSTFILE = "locustfile"


class Side(NamedTuple):
    """A run, and the slices blobs of its evidence by check."""

    run: Run
    slices: Mapping[str, bytes]

    def profiles(self) -> dict[str, Profile]:
        """The profiles whose check left time slices."""
        measured = {check.profile for check in self.run.plan.checks if check.id in self.slices}
        return {profile.id: profile for profile in self.run.plan.profiles if profile.id in measured}

    def evidence(self, profile: str) -> Evidence:
        """What the profile's check recorded."""
        checks = [check.id for check in self.run.plan.checks if check.profile == profile]
        return next(item for item in self.run.evidence if item.check in checks and item.check in self.slices)

    def shape(self, profile: str) -> Shape:
        """The stages that were run."""
        found: Shape = getattr(self.profiles()[profile], self.run.plan.intensity)
        return found

    def load(self, profile: str) -> tuple[object, ...]:
        """All that decides which load was sent."""
        chosen, definition = self.profiles()[profile], self.run.plan.definition
        blobs = self.evidence(profile).blobs
        return (
            (chosen.model, chosen.arrivals, _stages(self.shape(profile))),
            definition.endpoint,
            (definition.load.engine, [blob.sha256 for blob in blobs if blob.name == _LOCUSTFILE]),
        )

    def seconds(self, profile: str) -> list[Slice]:
        """The profile's counted seconds in which anything ended, in order of time.

        Raises: EvidenceCorrupt when the blob holds anything else.
        """
        item, stages = self.evidence(profile), all_stages(self.shape(profile))
        try:
            seconds = msgspec.json.decode(
                b"[%s]" % b",".join(self.slices[item.check].splitlines()), type=list[Slice]
            )
            return [each for each in seconds if stages[each.stage].counted and each.ok + each.failed]
        except (msgspec.DecodeError, UnicodeDecodeError, IndexError) as error:
            raise EvidenceCorrupt(
                f"{self.run.folder}: the time slices of {item.check} cannot be read: {error}"
            ) from error


def _stages(shape: Shape) -> tuple[Stage, ...]:
    """What each stage asks for. A lone step asks for the same however long it lasts: a soak may end early."""
    if len(shape.stages) == 1 and shape.stages[0].ramp == "step":
        return (msgspec.structs.replace(shape.stages[0], duration="1 s"),)
    return shape.stages
