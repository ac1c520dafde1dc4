"""The [capabilities] table, checked for what types cannot say."""

from battery.definitions.commands import check_command
from battery.definitions.durations import check_duration
from battery.definitions.secrets import check_headers
from battery.definitions.spelling import shown
from battery.errors import DefinitionError
from battery.model.capabilities import (
    JOB,
    AuditShown,
    Capabilities,
    QueueShown,
    SnapshotsShown,
    Told,
)
from battery.model.definition import Definition

_LONGEST, _FILE = "10 min", "{file}"


def check_capabilities(definition: Definition, file: str) -> None:
    """What the types cannot say.

    Raises: DefinitionError.
    """
    table = definition.capabilities
    for key, request in table.requests():
        check_headers(request.headers, file, f"capabilities.{key}.headers")
        if isinstance(request, Told):
            _check_told(request, definition, file, f"capabilities.{key}")
    _check_patience(table, file)
    if table.degradation and table.degradation.dependency:
        _check_dependency(table.degradation.dependency, definition, file)
    if table.audit:
        _check_audit(table.audit, file)
    if table.queue:
        _check_queue(table.queue, file)
    if table.snapshots:
        _check_snapshots(table.snapshots, file)


def _check_told(told: Told, definition: Definition, file: str, key: str) -> None:
    if bool(told.metric) == bool(told.path):
        raise DefinitionError(file, "needs a path (with json) or a metric, and not both", key=key)
    if bool(told.path) != bool(told.json):
        raise DefinitionError(
            file, "needs json beside its path: where the value stands in the answer", key=key
        )
    if told.metric and not definition.target.metrics:
        raise DefinitionError(file, "names a metric, and [target] has no metrics path", key=key)


def _check_patience(table: Capabilities, file: str) -> None:
    for name in ("restart", "degradation", "audit", "guardian", "queue"):
        if shown_by := getattr(table, name):
            check_duration(shown_by.patience, _LONGEST, file, f"capabilities.{name}.patience")


def _check_dependency(name: str, definition: Definition, file: str) -> None:
    known = [each.name for each in definition.dependency if each.upstream]
    if name not in known:
        problem = f"{shown(name)} names no dependency with an upstream; there is {', '.join(known) or 'none'}"
        raise DefinitionError(file, problem, key="capabilities.degradation.dependency")


def _check_audit(audit: AuditShown, file: str) -> None:
    key = "capabilities.audit"
    if audit.verify_command:
        check_command(audit.verify_command, file, f"{key}.verify_command")
        if not any(_FILE in word for word in audit.verify_command):
            problem = f"needs {_FILE} where the log's path shall stand: it would judge the same log each time"
            raise DefinitionError(file, problem, key=f"{key}.verify_command")
    if audit.verify_command and audit.verify_path:
        raise DefinitionError(file, "has a verify_command and a verify_path: keep one", key=key)
    if bool(audit.records) != bool(audit.head):
        problem = "records and head belong together: how many records there are, and the last hash"
        raise DefinitionError(file, problem, key=key)


def _check_queue(queue: QueueShown, file: str) -> None:
    if JOB not in queue.job.path:
        problem = f"{shown(queue.job.path)} needs {JOB} where the job's id shall stand"
        raise DefinitionError(file, problem, key="capabilities.queue.job.path")


def _check_snapshots(snapshots: SnapshotsShown, file: str) -> None:
    key = "capabilities.snapshots"
    for name in ("backup", "destroy", "restore", "digest_command"):
        if command := getattr(snapshots, name):
            check_command(command, file, f"{key}.{name}")
    check_duration(snapshots.limit, _LONGEST, file, f"{key}.limit")
    if bool(snapshots.content) == bool(snapshots.digest_command):
        problem = "needs content (files and folders to hash) or a digest_command, and not both"
        raise DefinitionError(file, problem, key=key)
