"""The toxics as stages of a pipeline: one file a kind, each behind `Stage`."""
