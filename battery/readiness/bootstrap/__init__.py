"""The bootstrap drill: does a clean checkout come up by the one command that its README names?"""
