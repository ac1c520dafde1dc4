"""The Mozilla HTTP Observatory's ten tests, scores and grades (algorithm version 4), written from its documented behaviour.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
"""
