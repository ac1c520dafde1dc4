"""The HTTP/2 generator: the generator's engine and models, with httpx's own connections (httpcore and h2) underneath.

`python -m battery.load.http2` speaks with whoever steers it as `battery.load.generator` does: one job in, a snapshot
a second out. Over TLS it offers HTTP/2 and HTTP/1.1 and takes what the target chooses; without TLS it speaks
HTTP/1.1, as httpx does. A connection carries one request at a time, so that a request that hangs or fails costs no
other its answer; load comes from many connections, not from many streams in one.
"""
