"""All benchmarks, each one a table: `nox -s bench`."""

from tests.benchmarks import startup

startup.main()
