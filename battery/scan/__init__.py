"""The security instrument: source and target scanners that say what they found and what they could not look at."""
