"""Cases for the code scanner: the texts of `code.toml` in random surroundings, and what is derived from them."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from random import Random

import msgspec

from battery.model.frozen import Frozen
from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.source.files import FileCase, file_exam
from battery.scan.assess.source.surroundings import split, surrounded
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words
from battery.scan.source.code.scan import scan_code


class Texts(Frozen, frozen=True, kw_only=True):
    """What is written for one rule."""

    id: str
    defect: tuple[str, ...]
    benign: tuple[str, ...]
    clean: tuple[str, ...] = ()
    derived: bool = True


class _File(Frozen, frozen=True, kw_only=True):
    rule: tuple[Texts, ...]


@cache
def texts() -> tuple[Texts, ...]:
    """Every rule's texts."""
    data = (files("battery.scan.assess.source") / "code.toml").read_bytes()
    return msgspec.toml.decode(data, type=_File).rule


def code_cases(source: Random, sizes: Sizes) -> Iterator[FileCase]:
    """For each rule as many defective files as benign ones."""
    for rule in texts():
        words = Words(Random(f"{source.random()} {rule.id}"))
        options = [("defect", text) for text in rule.defect], benign(rule)
        for defect, among in zip((True, False), options, strict=True):
            for number, (kind, text) in enumerate(taken(among, sizes.source, words.random)):
                yield FileCase(
                    rule=rule.id,
                    place=f"{rule.id.replace('.', '_')}/{'a' if defect else 'b'}{number:03}.py",
                    defect=defect,
                    clean_of=rule.clean if defect else (),
                    template=f"{kind}: {text}",
                    text=surrounded(filled(text, words), words),
                )


def benign(rule: Texts) -> list[tuple[str, str]]:
    """The benign texts: those written, and one defective text in each way that makes it harmless."""
    derived = (
        [("commented out", _commented), ("quoted", _quoted), ("nosec", _silenced)] if rule.derived else []
    )
    return [
        *(("benign", text) for text in rule.benign),
        *(
            (kind, make(rule.defect[number % len(rule.defect)]))
            for number, (kind, make) in enumerate(derived)
        ),
    ]


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.split("\n")) + "\n«verb9»()"


def _quoted(text: str) -> str:
    plain = text.replace('"""', "").replace("\\", "")
    return f'def «verb9»():\n    """Never do this:\n\n{plain}\n    """'


def _silenced(text: str) -> str:
    imports, body = split(text)
    return "\n".join(f"{line}  # nosec" for line in (*imports, *body.split("\n")) if line)


def _exam(source: Random, sizes: Sizes) -> Exam:
    return file_exam(tuple(code_cases(source, sizes)), scan_code)


CODE = Bench(name="code", exam=_exam)
