"""The generator: a lean HTTP/1.1 load engine in a process of its own, on uvloop and httptools.

`python -m battery.load.generator` reads one job as JSON from stdin and writes one snapshot a second to stdout.
It imports neither Locust nor the rest of the battery's instruments, so that it can be tested alone.
"""
