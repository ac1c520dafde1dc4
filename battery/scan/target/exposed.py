"""Exposed files: each path against random ones beside it, so that a target that says 200 to all fools nobody."""

import difflib
import hashlib
import posixpath
import re

from battery.scan.target.answer import Answer, Silence
from battery.scan.target.excerpt import excerpt_of
from battery.scan.target.exposed_files import ADMIN_PATHS, EXPOSURES, Exposure
from battery.scan.target.notes import Notes, where
from battery.scan.target.view import Scanner, View

_ALIKE = 0.9
_COMPARED = 4096
_LOGIN = re.compile(r"(?i)type=[\"']?password|log ?in|sign ?in|anmelden|unauthori[sz]ed|forbidden")
_ADMIN = re.compile(r"(?i)\b(?:admin|administration|dashboard|users|roles|permissions|settings)\b")
_KEYS = re.compile(r"(?m)^(?:export )?([A-Z][A-Z0-9_]{2,60})=")


async def look(view: View, notes: Notes) -> None:
    """Ask anonymously for what must not be there."""
    controls = Controls(view)
    for exposure in EXPOSURES:
        answer = await _ask(view, notes, exposure.path)
        if answer is None or answer.status != 200:
            continue
        text = answer.text() or ""
        binary = answer.body.decode("latin-1")
        proven = exposure.proven(text, is_html=answer.is_html) or exposure.proven(
            binary, is_html=answer.is_html
        )
        if proven and not await controls.explain(exposure.path, answer):
            _report(notes, exposure, answer, text)
    for path in ADMIN_PATHS:
        answer = await _ask(view, notes, path)
        if answer is None or answer.status != 200 or await controls.explain(path, answer):
            continue
        text = answer.text().replace(path, "")
        if _ADMIN.search(text) and not _LOGIN.search(text):
            notes.finding(
                "target.exposed.admin",
                where(answer),
                content=path,
                excerpt=excerpt_of(_title(text)),
                detail="answers 200 without an identity, other than a random path beside it",
                confidence="medium",
            )


async def _ask(view: View, notes: Notes, path: str) -> Answer | None:
    notes.plan(path)
    outcome = await view.get(path, anonymous=True)
    if isinstance(outcome, Silence):
        notes.silent(path, outcome)
        return None
    if outcome.status == 429:
        notes.skip(path, "answered 429: whether it is there was not seen")
        return None
    notes.tried(path)
    return outcome


class Controls:
    """What paths that cannot exist are answered with, asked once for each folder and ending."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[tuple[str, str], Answer | Silence] = {}

    async def explain(self, path: str, answer: Answer) -> bool:
        """Whether a random path is answered just like this one, so that the answer proves nothing."""
        folder, name = posixpath.split(path.rstrip("/"))
        stem, _, ending = name.rpartition(".")
        key = (folder, f".{ending}" if stem or name.startswith(".") else "")
        if key not in self._known:
            self._known[key] = await self._view.get(
                _random_path(*key, seed=self._view.request.seed), anonymous=True
            )
        control = self._known[key]
        if isinstance(control, Silence) or control.status != answer.status:
            return False
        return alike(_plain(control), _plain(answer))


def alike(first: str, second: str) -> bool:
    """Whether two texts are the same but for a few words."""
    if first == second:
        return True
    matcher = difflib.SequenceMatcher(None, first[:_COMPARED], second[:_COMPARED], autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE


def _plain(answer: Answer) -> str:
    """The body without the path that it may repeat, numbers and random words."""
    path = re.sub(r"^[a-z]+://[^/]+", "", answer.url)
    return re.sub(r"[0-9a-f]{8,}|\d+", "", answer.text().replace(path, ""))


def _random_path(folder: str, ending: str, *, seed: int) -> str:
    word = hashlib.sha256(f"{seed} {folder} {ending}".encode()).hexdigest()[:16]
    return f"{folder.rstrip('/')}/battery{word}{ending}"


def _report(notes: Notes, exposure: Exposure, answer: Answer, text: str) -> None:
    """Say what is there without repeating it: the names of settings, never their values."""
    names = sorted(set(_KEYS.findall(text)))
    shown = f"{len(answer.body)} bytes"
    if names and exposure.rule == "target.exposed.env":
        shown = "settings: " + ", ".join(names[:8])
    content = f"{exposure.path} {' '.join(names)}"
    notes.finding(exposure.rule, where(answer), content=content, excerpt=shown, detail="readable by anyone")


def _title(text: str) -> str:
    match = re.search(r"(?is)<title>([^<]{1,100})</title>", text[:65536])
    return match[1] if match else text[:100]


SCANNER = Scanner(
    name="exposed",
    look=look,
    canaries=tuple(dict.fromkeys([*(exposure.rule for exposure in EXPOSURES), "target.exposed.admin"])),
)
