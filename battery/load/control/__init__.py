"""The control plane: a Locust master and its workers, each in a process of its own.

Importing locust patches the process for gevent, so `master` and `worker` are only ever run as `python -m`, never
imported; `words` and `telling` know nothing of it.
"""
