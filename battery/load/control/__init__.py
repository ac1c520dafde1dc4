"""The control plane: a Locust master and its workers, each in a process of its own.

Importing locust patches the process for gevent, so these modules are only ever run as `python -m`, never imported.
"""
