"""`python project ask`: wait for the service that serves from a data folder, ask it, print what it says."""

import os
import sys
import time
from pathlib import Path

import msgspec

from battery.reference.child import number_in
from battery.reference.project.asking import Answer, Question, answer_to
from battery.reference.project.serve import PORT_FILE

_POLL_SECONDS = 0.1


def ask(question: Question, data: Path, seconds: float) -> int:
    """0 for an answer of success, 1 for any other and for none in time; `question.token` names a variable here."""
    if question.token:
        token = os.environ.get(question.token, "")
        if not token:
            sys.stderr.write(f"{question.token} is not set: it must hold the token\n")
            return 2
        question = msgspec.structs.replace(question, token=token)
    if question.body and question.method == "GET":
        question = msgspec.structs.replace(question, method="POST")
    answer = _patiently(question, data / PORT_FILE, seconds)
    sys.stdout.write(f"{answer.body.rstrip()}\n")
    if answer.status == 0:
        sys.stderr.write(f"no answer within {seconds:g} s; is the service started, with --data {data}?\n")
    elif not 200 <= answer.status < 300:
        sys.stderr.write(f"HTTP {answer.status}\n")
    return 0 if 200 <= answer.status < 300 else 1


def _patiently(question: Question, port_file: Path, seconds: float) -> Answer:
    """The first answer; a service that comes up is waited for, also until it is ready."""
    until = time.monotonic() + seconds
    answer = Answer(0, f"{port_file} does not exist")
    while True:
        if (port := number_in(port_file)) is not None:
            answer = answer_to(question, f"127.0.0.1:{port}")
        is_early = answer.status == 0 or (answer.status == 503 and question.method == "GET")
        if not is_early or time.monotonic() >= until:
            return answer
        time.sleep(_POLL_SECONDS)
