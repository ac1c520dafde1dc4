"""Agents: the child processes that burn, hold or hammer for a fault, and end with the battery or at their own limit."""
