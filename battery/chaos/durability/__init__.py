"""Durability: numbered records written through the target, and what became of every acknowledged one."""
