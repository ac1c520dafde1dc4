"""The tables of the readiness instrument: source, bootstrap and docs, checked for what types cannot say."""

from battery.definitions.commands import check_command
from battery.definitions.durations import check_duration
from battery.definitions.secrets import check_no_secrets
from battery.definitions.spelling import shown
from battery.definitions.urls import check_url
from battery.errors import DefinitionError
from battery.model.definition import Definition
from battery.model.target import PORT, Bootstrap, Docs, Source

_LONGEST_COMMAND, _LONGEST_DRILL = "1 h", "30 min"


def check_readiness(definition: Definition, file: str) -> None:
    """What the types cannot say.

    Raises: DefinitionError.
    """
    if definition.source:
        _check_source(definition.source, file)
    if definition.bootstrap:
        _check_bootstrap(definition.bootstrap, file)
    if definition.docs:
        _check_docs(definition.docs, file)


def _check_source(source: Source, file: str) -> None:
    check_duration(source.coverage_limit, _LONGEST_COMMAND, file, "source.coverage_limit")
    check_no_secrets(source.env, file, "source.env")
    if not source.coverage_command:
        return
    check_command(source.coverage_command, file, "source.coverage_command")
    if not source.coverage:
        problem = "needs coverage beside it: the report that the command writes, relative to the source tree"
        raise DefinitionError(file, problem, key="source.coverage_command")


def _check_bootstrap(bootstrap: Bootstrap, file: str) -> None:
    check_command(bootstrap.command, file, "bootstrap.command")
    check_duration(bootstrap.limit, _LONGEST_DRILL, file, "bootstrap.limit")
    check_no_secrets(bootstrap.env, file, "bootstrap.env")
    check_url(bootstrap.url.replace(PORT, "8000"), file, "bootstrap.url")


def _check_docs(docs: Docs, file: str) -> None:
    check_duration(docs.quickstart_limit, _LONGEST_DRILL, file, "docs.quickstart_limit")
    check_no_secrets(docs.env, file, "docs.env")
    if docs.quickstart_ready:
        check_url(docs.quickstart_ready, file, "docs.quickstart_ready")
    given = {"quickstart": docs.quickstart, "runbooks": docs.runbooks or docs.rules, "api": docs.openapi}
    for part in docs.not_applicable:
        if given[part]:
            problem = "is called not applicable, and [docs] says where it stands: keep one"
            raise DefinitionError(file, problem, key=f"docs.not_applicable.{part}")
    if docs.openapi.startswith("//"):
        problem = f'{shown(docs.openapi)} is neither a file of the tree nor a path that starts with one "/"'
        raise DefinitionError(file, problem, key="docs.openapi")
