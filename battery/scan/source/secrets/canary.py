"""The canaries: one secret of each kind, made up anew for each scan, so that no plugin's silence goes unnoticed."""

import base64
import json
import string
from collections.abc import Callable
from random import Random

_ALPHANUMERIC = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + string.digits
_LOWER = string.ascii_lowercase + string.digits
_HEX = "0123456789abcdef"


def planted(random: Random) -> dict[str, str]:
    """For each kind of secret a line that holds one. Public addresses are not among them: the filters drop every one."""
    return {
        kind: make(lambda letters, count: _text(random, letters, count)) for kind, make in _MAKERS.items()
    }


def _text(random: Random, letters: str, count: int) -> str:
    """Letters that begin with one: a run of digits alone would not count as a secret."""
    first = random.choice([letter for letter in letters if letter.isalpha()])
    return first + "".join(random.choices(letters, k=count - 1))


Text = Callable[[str, int], str]


def _token(text: Text) -> str:
    parts = ({"alg": "HS256"}, {"sub": text(_LOWER, 12)})
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


def _mixed(text: Text) -> str:
    """Every letter once, in an order of its own: the entropy is the same for each canary."""
    order = Random(text(_LOWER, 20))
    return "".join(order.sample(_ALPHANUMERIC, 48))


def _hex(text: Text) -> str:
    order = Random(text(_LOWER, 20))
    return "".join(order.sample(_HEX * 2, 32))


_MAKERS: dict[str, Callable[[Text], str]] = {
    "AWS Access Key": lambda text: "AKIA" + text(_UPPER, 16),
    "Artifactory Credentials": lambda text: " AKC" + text(_ALPHANUMERIC, 16),
    "Azure Storage Account access key": lambda text: "AccountKey=" + text(_ALPHANUMERIC, 88),
    "Base64 High Entropy String": lambda text: f'value "{_mixed(text)}"',
    "Basic Auth Credentials": lambda text: f"https://canary:{text(_LOWER, 12)}@example.invalid",
    "Cloudant Credentials": lambda text: f"cloudant_password = {text(_HEX, 64)}",
    "Discord Bot Token": lambda text: f"M{text(_LOWER, 23)}.{text(_LOWER, 6)}.{text(_LOWER, 27)}",
    "GitHub Token": lambda text: "gh" + "p_" + text(_ALPHANUMERIC, 36),
    "GitLab Token": lambda text: "glp" + "at-" + text(_ALPHANUMERIC, 20),
    "Hex High Entropy String": lambda text: f'value "{_hex(text)}"',
    "IBM Cloud IAM Key": lambda text: f"ibm_cloud_iam_key = {text(_ALPHANUMERIC, 44)}",
    "IBM COS HMAC Credentials": lambda text: f"cos_secret_access_key = {text(_HEX, 48)}",
    "JSON Web Token": lambda text: f"canary {_token(text)} ",
    "Mailchimp Access Key": lambda text: text(_HEX, 32) + "-us9",
    "NPM tokens": lambda text: "//registry.invalid/:_auth" + f"Token=npm_{text(_ALPHANUMERIC, 30)}",
    "OpenAI Token": lambda text: f"sk-{text(_ALPHANUMERIC, 20)}T3Blbk" + f"FJ{text(_ALPHANUMERIC, 20)}",
    "Private Key": lambda text: "-----BEGIN RSA PRIVATE " + "KEY-----\\n" + text(_ALPHANUMERIC, 64),
    "PyPI Token": lambda text: "pypi-AgEIcHlwaS5vcmc" + text(_ALPHANUMERIC, 70),
    "Secret Keyword": lambda text: f'password = "{text(_LOWER, 12)}"',
    "SendGrid API Key": lambda text: f"SG.{text(_ALPHANUMERIC, 22)}.{text(_ALPHANUMERIC, 43)}",
    "Slack Token": lambda text: f"xoxb-1234567890-{text(_LOWER, 24)}",
    "SoftLayer Credentials": lambda text: f"softlayer_api_key = {text(_LOWER, 64)}",
    "Square OAuth Secret": lambda text: "sq0csp-" + text(_ALPHANUMERIC, 43),
    "Stripe Access Key": lambda text: "sk_li" + "ve_" + text(_ALPHANUMERIC, 24),
    "Telegram Bot Token": lambda text: "1234567890:" + text(_ALPHANUMERIC, 35),
    "Twilio API Key": lambda text: "SK" + text(_LOWER, 32),
}
