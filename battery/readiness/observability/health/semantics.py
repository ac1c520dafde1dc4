"""The health paths at rest: each says yes, says the same to HEAD, and is more than an answer that any path gets."""

from collections.abc import Callable, Iterator, Mapping

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.health.answer import HealthAnswer
from battery.readiness.observability.health.body import body_flaws

Ask = Callable[[str, str], HealthAnswer]
_NOT_OFFERED = (405, 501)


def sibling_of(path: str, word: str) -> str:
    """A path beside this one that nobody can have meant."""
    return f"{path.partition('?')[0].rpartition('/')[0]}/{word}"


def health_flaws(ask: Ask, paths: Mapping[str, str], word: str) -> Iterator[Flaw]:
    """Ask every path, by its role; `word` is the random one of the control."""
    for role, path in paths.items():
        answer = ask("GET", path)
        yield from _answer_flaws(role, answer)
        yield from _head_flaws(answer, ask("HEAD", path))
    for path in dict.fromkeys(sibling_of(path, word) for path in paths.values()):
        yield from _control_flaws(ask("GET", path))


def _answer_flaws(role: str, answer: HealthAnswer) -> Iterator[Flaw]:
    if not answer.says_yes:
        text = f"{role} answers {answer.words} while nothing is wrong; expected 2xx"
        yield Flaw(rule="health.answer", where=answer.path, text=text)
    elif role == "status" and not answer.body.strip():
        text = "status answers without a body: it tells nobody how the service is"
        yield Flaw(rule="health.answer", where=answer.path, text=text, weight="warning")
    yield from body_flaws(answer)


def _head_flaws(answer: HealthAnswer, head: HealthAnswer) -> Iterator[Flaw]:
    if head.status in _NOT_OFFERED:
        text = f"HEAD answers {head.words}: balancers that ask by HEAD take the service out"
        yield Flaw(rule="health.head", where=head.path, text=text, weight="warning")
    elif head.says_yes is not answer.says_yes:
        text = f"HEAD answers {head.words} and GET {answer.words}: they must say the same"
        yield Flaw(rule="health.head", where=head.path, text=text)


def _control_flaws(control: HealthAnswer) -> Iterator[Flaw]:
    """An answer that a path nobody made gets too proves nothing."""
    if control.says_yes:
        text = f"a random path answers {control.words} as well: whatever answers there is no health check"
        yield Flaw(rule="health.control", where=control.path, text=text)
    elif control.status >= 500 or not control.status:
        text = f"a random path answers {control.words}, expected 404"
        yield Flaw(rule="health.control", where=control.path, text=text, weight="warning")
