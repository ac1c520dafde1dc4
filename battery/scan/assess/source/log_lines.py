"""Texts for the log scanner's rules: what a service should not have written, and what only reads like it."""

from battery.scan.assess.templates import filled
from battery.scan.assess.words import Words

# What stands before a message in one log or another.
HEADS = (
    "2026-03-«day»T10:«minute»:07Z INFO «word» ",
    "2026-03-«day» 11:«minute»:41,120 [«word»] WARN ",
    '10.0.0.«octet» - - [«day»/Mar/2026:12:«minute»:09 +0000] "GET /«word»" 200 ',
    "«word»[«number»]: ",
    "",
)
NO_SECRET = (
    "request «uuid» took «number» ms",
    "build «commit» deployed",
    "token gh" + "p_" + "x" * 36 + " was masked",
    "the «capitals» of «word» are full",
    "key AKIA… rotated",
    "user «word»@«host» signed in",
    "opened https://«host»/«word»?page=«number»",
    "session eyJ… refreshed",
)
CREDENTIAL = (
    "Authorization: Bearer «secret»",
    "headers={'authorization': 'Basic «secret»'}",
    'body {"user": "«word»", "pass' + 'word": "«secret»"}',
    "GET /«word»?access_token=«secret»&page=«number»",
    "login user=«word» pass" + "word=«secret»",
    "client_secret=«secret» scope=«word»",
    "Set-Cookie: «word»=«digest»; Path=/",
    "X-Api-Key: «digest»",
)
NO_CREDENTIAL = (
    "Authorization: Bearer ********",
    "Authorization: [REDACTED]",
    "pass" + "word=<hidden> user=«word»",
    "invalid pass" + "word: attempt 3 of 5",
    "field pass" + "word: required",
    "authorization: header missing from the request",
    "pass" + "word=None api_key=null",
    "pass" + "word reset mail sent to «word»",
    "sec" + "ret: rotated by «word»",
    "api_key=${«constant»}",
)
TRACE = (
    'Traceback (most recent call last):\n  File "/srv/«word».py", line «number», in «verb»\n    «verb2»()\nKeyError: «word2»',
    "java.lang.IllegalStateException: «text»\n    at com.«word».«title».«verb»(«title».java:«number»)\n    at com.«word».Main.main(Main.java:12)",
    "TypeError: «name» is not a function\n    at «verb» (/srv/«word».js:12:«octet»)\n    at node:internal/main:1:2",
    "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()",
    'unhandled {"message": "Traceback (most recent call last):\\n  File \\"«word».py\\""}',
    "Unhandled exception. System.InvalidOperationException: «text»\n   at «title».«title2».Run(String name) in /src/«title».cs:line «number»",
    "thread 'main' panicked at src/«word».rs:«number»:5:\n«text»",
)
NO_TRACE = (
    "no traceback was written",
    "at 12:30 («word».py:«number») the «word2» was closed",
    "the handler prints 'Traceback (most recent call last)' in colour",
    "nobody panics: the «word» is back",
    "DeprecationWarning: «name» is deprecated at line «number» of «word».yaml",
    "look at https://«host»/«word».js:12:3",
    "retrying after ConnectionError: «text»",
    "a main thread panicked about «word» and was calmed",
)
FAILURE = (
    "login failed for «word»",
    "sshd[«number»]: Failed password for «word» from 10.0.0.«octet»",
    '10.0.0.«octet» - - [STAMP] "POST /login HTTP/1.1" 401 «number»',
    "authentication failure; user=«word»",
    '{"event": "invalid credentials", "user": "«word»"}',
)
NO_FAILURE = (
    "login succeeded for «word»",
    '10.0.0.«octet» - - [STAMP] "GET /«word» HTTP/1.1" 404 «number»',
    "the form asks for a password again",
)
FORBIDDEN = '10.0.0.«octet» - - [STAMP] "GET /assets/«word».js HTTP/1.1" 403 «number»'


def stamped(line: str, second: int, words: Words) -> str:
    """A line with its time, so many seconds after ten o'clock, in the way of its format."""
    minutes, seconds = divmod(second, 60)
    clock = f"{10 + minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    text = filled(line, words)
    return (
        text.replace("STAMP", f"07/Mar/2026:{clock} +0000")
        if "STAMP" in text
        else f"2026-03-07T{clock}Z {text}"
    )
