"""Health: do live, ready and status mean what they say, at rest, under load, and with a dependency cut?"""
