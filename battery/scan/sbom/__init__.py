"""The software bill of materials: what a tree or an environment is made of, read from six kinds of source."""
