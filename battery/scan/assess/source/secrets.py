"""Cases for the secrets scanner: tokens of every form in many kinds of file, and what only looks like one."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from battery.scan.assess.case import Bench, Exam, Sizes
from battery.scan.assess.source.files import FileCase, file_exam
from battery.scan.assess.source.loose_secrets import LOOSE, Loose
from battery.scan.assess.source.tokens import FORMS, Form
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words
from battery.scan.source.secrets.scan import scan_secrets


class Layout(NamedTuple):
    """A kind of file and how a value stands in it."""

    suffix: str
    line: str


_LAYOUTS = (
    Layout(".py", '«constant» = "«it»"'),
    Layout(".yaml", "«name»: «it»"),
    Layout(".json", '{"«name»": "«it»", "«word»": «number»}'),
    Layout(".sh", "curl -H 'X-Access: «it»' https://«host»/«word»"),
    Layout(".md", "Use `«it»` for the «word»."),
    Layout(".txt", "«text» «it» «text2»"),
    Layout(".js", "const «word» = '«it»';"),
    Layout(".tf", '  «name» = "«it»"'),
)
_LINES = (Layout(".py", "# «it»"), Layout(".txt", "«it»"), Layout(".sh", "«it»"), Layout(".md", "    «it»"))
_NOT_ONE = (
    '«constant» = os.environ["«constant2»"]',
    "«name»: ${«constant»}",
    "«name»: {{ vault.«word» }}",
    '«constant» = read_from("«path»")',
)


def secret_cases(source: Random, sizes: Sizes) -> Iterator[FileCase]:
    """For each rule as many files with a secret as without."""
    for kind, form in FORMS.items():
        words = Words(Random(f"{source.random()} {kind}"))
        yield from _cases(f"secrets.{kind}", words, sizes.source, [_planted(form)], _benign(form))
    words = Words(Random(f"{source.random()} placeholders"))
    forms = [form for form in FORMS.values() if form.count and not form.needs]
    yield from _cases(
        "secrets.placeholder",
        words,
        sizes.source,
        [_placeholder(form) for form in forms],
        [_planted(form) for form in forms],
    )
    for rule, loose in LOOSE.items():
        words = Words(Random(f"{source.random()} {rule}"))
        yield from _cases(
            rule, words, sizes.source, *(_written(loose, texts) for texts in (loose.defect, loose.benign))
        )


Make = tuple[str, Callable[[Words], tuple[str, str]]]
"""A template's name, and how to make a file's suffix and text of it."""


def _cases(rule: str, words: Words, size: int, defects: list[Make], benign: list[Make]) -> Iterator[FileCase]:
    for defect, options in ((True, defects), (False, benign)):
        for number, (template, make) in enumerate(taken(options, size, words.random)):
            suffix, text = make(words)
            yield FileCase(
                rule=rule,
                place=f"{rule.replace('.', '_')}/{'a' if defect else 'b'}{number:03}{suffix}",
                defect=defect,
                template=template,
                text=_among(words, text),
            )


def _planted(form: Form) -> Make:
    return f"{form.head or form.needs} planted", lambda words: _laid(form, form.token(words), words)


def _placeholder(form: Form) -> Make:
    return f"{form.head} placeholder", lambda words: _laid(form, form.placeholder(), words)


def _benign(form: Form) -> list[Make]:
    made: list[Make] = [("allowlisted", lambda words: _allowlisted(_laid(form, form.token(words), words)))]
    if form.count:
        made.append(_placeholder(form))
    if form.count and form.fixed:
        made.append(("too short", lambda words: _laid(form, form.shortened(words), words)))
    made += [
        (line, _filled(line, ".yaml" if ":" in line else ".py"))
        for line in taken(_NOT_ONE, 2, Random(form.head))
    ]
    return made + [(near, _near(near)) for near in form.near]


def _filled(text: str, suffix: str) -> Callable[[Words], tuple[str, str]]:
    return lambda words: (suffix, filled(text, words))


def _near(text: str) -> Callable[[Words], tuple[str, str]]:
    def make(words: Words) -> tuple[str, str]:
        layout = words.random.choice(_LINES if " " in text else _LAYOUTS)
        return layout.suffix, filled(layout.line.replace("«it»", text.replace("«word»", "«word7»")), words)

    return make


def _laid(form: Form, value: str, words: Words) -> tuple[str, str]:
    """The value on a line of some kind of file; the line that it needs around it comes first."""
    whole = filled(form.needs.replace("«it»", "\0"), words).replace("\0", value) if form.needs else value
    layout = words.random.choice(_LINES if form.needs else _LAYOUTS)
    return layout.suffix, filled(layout.line.replace("«it»", "\0"), words).replace("\0", whole)


def _allowlisted(laid: tuple[str, str]) -> tuple[str, str]:
    mark = "// pragma: allowlist secret" if laid[0] == ".js" else "# pragma: allowlist secret"
    if laid[0] == ".json":  # no comments there: the line is written as YAML, which has them
        return ".yaml", f"{laid[1]}  {mark}"
    return laid[0], f"{laid[1]}  {mark}"


def _written(loose: Loose, texts: tuple[str, ...]) -> list[Make]:
    return [(text, _in_any(loose.suffixes, text)) for text in texts]


def _in_any(suffixes: tuple[str, ...], text: str) -> Callable[[Words], tuple[str, str]]:
    return lambda words: (words.random.choice(suffixes), filled(text, words))


def _among(words: Words, text: str) -> str:
    """The text among lines of prose, as comments where the kind of file has any."""
    lines = [f"# {words.text()}" for _ in range(words.random.randint(0, 3))]
    return "\n".join([*lines, text, ""])


def _exam(source: Random, sizes: Sizes) -> Exam:
    return file_exam(tuple(secret_cases(source, sizes)), scan_secrets)


SECRETS = Bench(name="secrets", exam=_exam)
