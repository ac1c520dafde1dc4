"""Cases for the configuration scanner: files of settings, and the modes of files that hold secrets."""

from collections.abc import Iterator, Sequence
from random import Random

from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.source.files import FileCase, file_exam
from battery.scan.assess.source.switches import FOR_DEVELOPMENT, SWITCHES
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words
from battery.scan.source.configuration.scan import scan_configuration

_KEYS = ("server.key", "id_rsa", "id_ed25519", ".env", "store.p12", ".pgpass", "host.pem", "credentials.json")
_OTHERS = ("server.crt", "id_rsa.pub", "notes.txt", "chain.pem", "environment.md")
# Modes by what others may do, and which of the two rules speaks of it.
_WRITABLE, _READABLE, _CLOSED = (
    (0o666, 0o622, 0o646, 0o777),
    (0o644, 0o604, 0o755),
    (0o600, 0o640, 0o400, 0o660),
)
_WRITES, _READS = "configuration.writable-by-all", "configuration.readable-by-all"


def configuration_cases(source: Random, sizes: Sizes) -> Iterator[FileCase]:
    """For each rule as many files with the defect as without."""
    for switch in SWITCHES:
        yield from _switched(switch, Words(Random(f"{source.random()} {switch}")), sizes.source)
    yield from _modes(Words(Random(f"{source.random()} modes")), sizes.source)


def _switched(name: str, words: Words, size: int) -> Iterator[FileCase]:
    switch = SWITCHES[name]
    rule, milder = f"configuration.{name}", f"configuration.{name}.development"
    for variant in (rule, milder) if switch.development else (rule,):
        other = ((milder,) if variant == rule else (rule,)) if switch.development else ()
        clean = (*(f"configuration.{one}" for one in switch.clean), *other)
        prefixes = ("",) if variant == rule else FOR_DEVELOPMENT
        for defect, texts in ((True, switch.defect), (False, switch.benign)):
            for number, (file, text) in enumerate(taken(texts, size, words.random)):
                # The folder must not spell the rule: "development" in a name is what the milder variants look for.
                folder = f"{name[:4]}{len(variant)}{'a' if defect else 'b'}{number:03}"
                yield FileCase(
                    rule=variant,
                    place=f"{folder}/{words.random.choice(prefixes)}{file}",
                    defect=defect,
                    clean_of=clean if defect else (),
                    template=f"{file}: {text}",
                    text=filled(text, words) + "\n",
                )


def _modes(words: Words, size: int) -> Iterator[FileCase]:
    for rule, bad, other in ((_WRITES, _WRITABLE, (*_CLOSED, *_READABLE)), (_READS, _READABLE, _CLOSED)):
        defects = _files(_KEYS, bad)
        benign = [*_files(_KEYS, other), *_files(_OTHERS, bad)]
        for defect, options in ((True, defects), (False, benign)):
            for number, (file, mode) in enumerate(taken(options, size, words.random)):
                yield FileCase(
                    rule=rule,
                    place=f"mode{len(rule)}{rule[14]}{'a' if defect else 'b'}{number:03}/{file}",
                    defect=defect,
                    clean_of=(_READS if rule == _WRITES else _WRITES,) if defect else (),
                    template=f"{file} {mode:04o}",
                    text=_content(file, words),
                    mode=mode,
                )


def _files(names: Sequence[str], modes: Sequence[int]) -> list[tuple[str, int]]:
    return [(name, mode) for name in names for mode in modes]


def _content(file: str, words: Words) -> str:
    """What such a file holds: a certificate's file is judged by whether a key stands in it."""
    if file == "host.pem":
        return f"-----BEGIN PRIVATE {'KEY'}-----\n{words.text()}\n"
    return (
        f"-----BEGIN CERTIFICATE-----\n{words.text()}\n"
        if file == "chain.pem"
        else f"{words.name()}={words.number()}\n"
    )


def _exam(source: Random, sizes: Sizes) -> Exam:
    return file_exam(tuple(configuration_cases(source, sizes)), scan_configuration)


CONFIGURATION = Bench(name="configuration", exam=_exam)
