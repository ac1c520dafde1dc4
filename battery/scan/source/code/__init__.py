"""The code scan: bandit's rules over every Python file, at several times its speed and with the same findings."""
