"""The configuration engine, in a worker: one file of settings in, the rules it breaks out, secrets masked."""

from collections.abc import Callable

from battery.scan.fingerprint import Fingerprints
from battery.scan.interface import Found
from battery.scan.source.configuration.judging import Breach, breaches, is_for_development
from battery.scan.source.configuration.reading import kind_of, settings_of
from battery.scan.source.pool_messages import Answer
from battery.scan.source.secrets.masking import Masking, mask
from battery.scan.source.secrets.text import text_of

# Rules with a milder variant for examples and for what developers use.
_WITH_VARIANT = {
    "debug-on",
    "tls-verification-off",
    "cors-wildcard-credentials",
    "secret-in-env-file",
    "default-credentials",
}
_MARK = "\ufeff"  # some editors begin a file of UTF-8 with it; no format reads it


def open_engine(key: bytes) -> Callable[[str, bytes], Answer]:
    """An engine whose contents are sealed under the key."""
    prints, masking = Fingerprints(key), Masking()

    def scan(name: str, content: bytes) -> Answer:
        text = text_of(content)
        if text is None:
            return Answer(unread="binary, whatever its name says", harmless=False)
        kind, settings_text = kind_of(name), text.text.removeprefix(_MARK)
        settings, followed = settings_of(kind, settings_text)
        if not followed and not settings and settings_text.strip():
            return Answer(
                unread=f"no {kind} that can be parsed, and no setting on any line: exclude it by name if it is none of settings",
                harmless=False,
            )
        found = tuple(_found(breach, name, prints, masking) for breach in breaches(kind, settings))
        return Answer(found=found, counts={"settings": len(settings), "read line by line": int(not followed)})

    return scan


def _found(breach: Breach, name: str, prints: Fingerprints, masking: Masking) -> Found:
    setting = breach.setting
    milder = breach.rule in _WITH_VARIANT and is_for_development(name)
    path = ".".join(setting.path)
    shown = mask(setting.value) if breach.secret else setting.value
    excerpt = f"{path} = {shown}"
    return Found(
        rule=f"configuration.{breach.rule}" + (".development" if milder else ""),
        where=name,
        line=setting.line,
        content=prints.seal(f"{path}={setting.value}"),
        excerpt=excerpt if breach.secret else masking.line(excerpt),
        detail="in a file for development or an example" if milder else "",
        confidence="medium" if milder or setting.line == 0 else "high",
    )
