"""Journeys: a user's own Locust `User` classes under the battery's profiles, ledger and histograms, in a process of its own.

`python -m battery.load.journeys` reads one JourneyJob as JSON from stdin and writes one JourneySnapshot a second to
stdout, as the generator does. Another line on stdin ends it early; the end of stdin ends it at once.
"""
