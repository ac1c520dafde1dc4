"""The capability matrix: eight things that let a service survive, each judged from recorded facts only."""
