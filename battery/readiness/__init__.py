"""The readiness instrument: is the target ready to be run by people who did not write it?"""
