"""All benchmarks, each one a table: `nox -s bench`."""

from tests.benchmarks import load_closed, load_open, load_truth, load_workers, scan, startup, toxiproxy

startup.main()
load_closed.main()
load_open.main()
load_truth.main()
load_workers.main()
scan.main()
toxiproxy.main()
