"""The shell blocks of a quickstart, in their order."""

import re

from battery.model.frozen import Frozen
from battery.readiness.docs.markdown import CodeBlock, Document

_SCRIPTS = {"sh", "bash", "shell", "zsh"}
_SESSIONS = {"console", "shell-session", "sh-session", "terminal", "shellsession"}
_PROMPT = re.compile(r"(?:\$|#|%) ")
# A block that is meant to be read, not run, says so in a comment of the document's own words.
SKIP = "battery: skip"


class ShellBlock(Frozen, frozen=True, kw_only=True):
    """One block: its number, its line in the document, and the script. `skipped` tells why it is not run."""

    number: int
    line: int
    script: str
    skipped: str = ""


def shell_blocks(document: Document) -> tuple[ShellBlock, ...]:
    """Every block in a shell's language; those in other languages are not for a shell."""
    chosen = [block for block in document.blocks if block.language in _SCRIPTS | _SESSIONS]
    return tuple(_shell_block(number, block) for number, block in enumerate(chosen, 1))


def _shell_block(number: int, block: CodeBlock) -> ShellBlock:
    script = _commands(block.text) if block.language in _SESSIONS else _unprompted(block.text)
    skipped = ""
    if not block.closed:
        skipped = "its fence is never closed"
    elif SKIP in block.info or SKIP in block.text:
        skipped = f'it says "{SKIP}"'
    elif not script.strip():
        skipped = "it has no command"
    return ShellBlock(number=number, line=block.line, script=script, skipped=skipped)


def _unprompted(text: str) -> str:
    """A script as it stands; where every first line of a command shows a prompt, it is a session after all."""
    lines = [line for line in text.splitlines() if line.strip()]
    prompted = [line for line in lines if line.startswith("$ ")]
    return _commands(text) if prompted and lines[0].startswith("$ ") else text


def _commands(text: str) -> str:
    """What a person typed in a session: lines behind a prompt, and those that continue them."""
    typed: list[str] = []
    continued = False
    for line in text.splitlines():
        if continued or _PROMPT.match(line):
            typed.append(line if continued else _PROMPT.sub("", line, count=1))
            if continued and line.startswith("> "):
                typed[-1] = line[2:]
            continued = typed[-1].endswith("\\")
        else:
            continued = False
    return "".join(f"{line}\n" for line in typed)
