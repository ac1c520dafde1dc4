"""Patches the standard library for gevent; to be imported before anything else, and only in a process of its own."""

from gevent import monkey

monkey.patch_all()
