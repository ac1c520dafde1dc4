"""Logs: can a machine read them, and a person find one request in them?"""
