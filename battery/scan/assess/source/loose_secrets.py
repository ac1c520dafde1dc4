"""Secrets of no fixed form: private keys, values named like a secret, random text; and what only looks like them."""

from battery.model.frozen import Frozen


class Loose(Frozen, frozen=True, kw_only=True):
    """Texts for one rule, and the kinds of file that they may stand in."""

    defect: tuple[str, ...]
    benign: tuple[str, ...]
    suffixes: tuple[str, ...] = (".py", ".txt", ".md", ".js")


# In parts, so that this file holds no heading itself.
_BEGIN, _END, _KEY = "-----BEGIN «pem»", "-----END «pem»", "PRIVATE " + "KEY-----"
_HEADS = ("", "RSA ", "EC ", "OPENSSH ", "DSA ")


def _pem(head: str, body: str) -> str:
    return f"{_BEGIN}{head}{_KEY}\n{body}\n{_END}{head}{_KEY}".replace("«pem»", "")


LOOSE: dict[str, Loose] = {
    "secrets.private-key": Loose(
        defect=tuple(_pem(head, "«base»\n«base2»\n«base3»") for head in _HEADS),
        benign=(
            _pem("RSA ", "..."),
            _pem("", "<«word»>"),
            '«name» = "' + _BEGIN.replace("«pem»", "") + _KEY + '" in «word»',
            "-----BEGIN PUBLIC KEY-----\n«base»\n«base2»\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\n«base»\n«base2»\n-----END CERTIFICATE-----",
            "ssh-ed25519 «base» «word»@«host»",
        ),
        suffixes=(".pem", ".txt", ".py", ".key"),
    ),
    "secrets.private-key-heading": Loose(
        defect=(
            '«name» = "' + _BEGIN.replace("«pem»", "") + _KEY + '"',
            _pem("EC ", "..."),
            _pem("RSA ", "<«word»>"),
        ),
        benign=(
            _pem("", "«base»\n«base2»"),
            "-----BEGIN PUBLIC KEY-----\n«base»\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE REQUEST-----\n«base»\n-----END CERTIFICATE REQUEST-----",
            "a private key begins with a heading of its own",
        ),
    ),
    "secrets.secret-keyword": Loose(
        defect=('«keyword» = "«secret»"', "«name».«keyword» = '«secret»'", '"«keyword»": "«secret»",'),
        benign=(
            '«keyword» = os.environ["«constant»"]',
            "def «verb»(«keyword»: str) -> None:",
            '«keyword» = ""',
            '«keyword» = "<«word»>"',
            '«keyword» = "********"',
            '«keyword»_label = "Type it again"',
            '«keyword» = "${«constant»}"',
        ),
        suffixes=(".py", ".js"),
    ),
    "secrets.base64-high-entropy-string": Loose(
        defect=('«name» = "«varied»"', "«name»: '«varied»',"),
        benign=(
            '«name» = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"',
            'integrity="sha512-«varied»"',
            '«name» = "«word»/«word2»/«word3»/«name2»/«verb»"',
            '«name» = "«title»«title2»«title3»"',
            '«name»_id = "«varied»"',
            "«name» = «varied»",
        ),
        suffixes=(".py", ".js"),
    ),
    "secrets.hex-high-entropy-string": Loose(
        defect=('signing = "«digest»"', "«word»: '«digest»',", '«name» = "«commit»"'),
        benign=(
            'sha256 = "«digest»"',
            'commit = "«commit»"',
            '«name»_id = "«commit»"',
            "«name» = «digest»",
            '«name» = "deadbeefdeadbeef"',
            '«name» = "«uuid»"',
        ),
        suffixes=(".py", ".js"),
    ),
    "secrets.public-ip-ipv4": Loose(
        defect=('«name» = "203.0.114.«octet»"', "connect to 198.17.«octet».«octet2» first"),
        benign=(
            '«name» = "10.1.«octet».«octet2»"',
            "connect to 192.168.«octet».«octet2» first",
            "version 1.2.«octet»",
        ),
    ),
}
