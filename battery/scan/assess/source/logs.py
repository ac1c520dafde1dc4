"""Cases for the log scanner: one log each, most of it innocent."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from battery.scan.assess.case import Bench, Exam, Sighting, Sizes
from battery.scan.assess.source.files import FileCase, pool, sighted, written
from battery.scan.assess.source.log_lines import (
    CREDENTIAL,
    FAILURE,
    FORBIDDEN,
    HEADS,
    NO_CREDENTIAL,
    NO_FAILURE,
    NO_SECRET,
    NO_TRACE,
    TRACE,
    stamped,
)
from battery.scan.assess.source.tokens import FORMS, Form
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words
from battery.scan.source.logs.bursts import FEWEST
from battery.scan.source.logs.parts import LogFile
from battery.scan.source.logs.scan import scan_logs

Make = tuple[str, Callable[[Words], str]]
_AT_ONCE, _SLOWLY = 2, 90  # seconds between the failures of a burst, and of people who forget


def log_cases(source: Random, sizes: Sizes) -> Iterator[FileCase]:
    """For each rule as many logs with the defect as without."""
    forms = [form for kind, form in FORMS.items() if kind != "artifactory-credentials"]
    made: dict[str, tuple[list[Make], list[Make]]] = {
        "logs.secret": ([_token(form) for form in forms], [_message(text) for text in NO_SECRET]),
        "logs.credential": (
            [_message(text) for text in CREDENTIAL],
            [_message(text) for text in NO_CREDENTIAL],
        ),
        "logs.stack-trace": ([_message(text) for text in TRACE], [_message(text) for text in NO_TRACE]),
        "logs.auth-failure-burst": (
            [_burst(line, FEWEST, 10, _AT_ONCE) for line in FAILURE],
            [
                *(_burst(line, 5, FEWEST - 6, _AT_ONCE) for line in FAILURE[:2]),
                *(_burst(line, FEWEST, 10, _SLOWLY) for line in FAILURE[2:]),
                *(_burst(line, FEWEST, 10, _AT_ONCE) for line in (*NO_FAILURE, FORBIDDEN)),
            ],
        ),
    }
    for rule, (defects, benign) in made.items():
        words = Words(Random(f"{source.random()} {rule}"))
        for defect, options in ((True, defects), (False, benign)):
            for number, (template, make) in enumerate(taken(options, sizes.source, words.random)):
                yield FileCase(
                    rule=rule,
                    place=f"{rule}.{'a' if defect else 'b'}{number:03}.log",
                    defect=defect,
                    template=template,
                    text=make(words),
                )


def _token(form: Form) -> Make:
    def make(words: Words) -> str:
        whole = (
            filled(form.needs.replace("«it»", "\0"), words).replace("\0", form.token(words))
            if form.needs
            else ""
        )
        return _among(words, f"called with {whole or form.token(words)} by {words.word()}")

    return f"token {form.head or form.needs}", make


def _message(text: str) -> Make:
    return text, lambda words: _among(words, filled(text, words))


def _burst(line: str, least: int, more: int, seconds: int) -> Make:
    """So many of one line, so many seconds apart."""

    def make(words: Words) -> str:
        count = words.random.randint(least, least + more)
        lines = [stamped(line, at * seconds, words) for at in range(count)]
        return "\n".join([stamped("started «word»", 0, words), *lines, ""])

    return f"{line} every {seconds} s, {least} to {least + more} times", make


def _among(words: Words, message: str) -> str:
    """A message under the head of some format, between innocent ones."""
    head = words.random.choice(HEADS)
    around = [
        filled(head + "«verb» «word2» done in «number» ms", words) for _ in range(words.random.randint(1, 6))
    ]
    at = words.random.randint(0, len(around))
    first = message if "\n" in message and not message.startswith("{") else filled(head, words) + message
    return "\n".join([*around[:at], first, *around[at:], ""])


def _exam(source: Random, sizes: Sizes) -> Exam:
    cases = tuple(log_cases(source, sizes))

    def look() -> frozenset[Sighting]:
        with tempfile.TemporaryDirectory(prefix="battery-assess-") as folder:
            written(cases, Path(folder))
            with pool() as running:
                result = scan_logs(tuple(LogFile(path=Path(folder, case.place)) for case in cases), running)
        return sighted(result, lambda found: Path(found.where).name)

    return Exam(cases=cases, look=look)


LOGS = Bench(name="logs", exam=_exam)
