"""Tracing: does a trace that the battery begins go on inside of the target?"""
