"""The documents: do they say how to run the target, and is what they say true?"""
