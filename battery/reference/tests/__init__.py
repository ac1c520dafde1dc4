"""The project's own tests: `python project test` runs them, `python project measure` counts what they cover."""
