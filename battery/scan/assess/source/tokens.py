"""Tokens: for each kind of secret a text in its form, made of random letters; nobody was ever given one of them.

Fixed beginnings are spelled in two parts, so that this file is no finding of the scan that it assesses.
"""

import base64
import json
from collections.abc import Callable

from battery.model.frozen import Frozen
from battery.scan.assess.words import ALPHANUMERIC, DIGITS, HEX, LOWER, UPPER, Words


class Form(Frozen, frozen=True, kw_only=True):
    """How a secret is put together: a fixed head, random letters, a fixed end; `needs` is the line around it, if any will not do.

    `near` are texts that only look like one of this kind; a secret that is not `fixed` may have any length.
    """

    head: str = ""
    letters: str = ALPHANUMERIC
    count: int = 0
    tail: str = ""
    needs: str = ""
    near: tuple[str, ...] = ()
    fixed: bool = True
    make: Callable[[Words], str] | None = None

    def token(self, words: Words) -> str:
        """A secret of this form."""
        if self.make is not None:
            return self.make(words)
        return self.head + words.token(self.letters, self.count) + self.tail

    def placeholder(self) -> str:
        """What a manual prints in its place."""
        letter = "x" if "x" in self.letters or self.letters.islower() else "X"
        return self.head + (HEX[0] if self.letters == HEX else letter) * self.count + self.tail

    def shortened(self, words: Words) -> str:
        """Too short to be one."""
        return self.head + words.token(self.letters, max(self.count // 2, 1))


def _part(content: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def _web_token(words: Words) -> str:
    body = {"sub": words.letters(LOWER, 12), "aud": words.word()}
    signature = base64.urlsafe_b64encode(words.random.randbytes(32)).decode().rstrip("=")
    return f"{_part({'alg': 'HS256'})}.{_part(body)}.{signature}"


def _slack(words: Words) -> str:
    return f"xox{words.random.choice('bpa')}-{words.letters(DIGITS, 11)}-{words.token(LOWER + DIGITS, 24)}"


def _discord(words: Words) -> str:
    parts = (words.letters(ALPHANUMERIC, 23), words.letters(ALPHANUMERIC, 6), words.letters(ALPHANUMERIC, 27))
    return words.random.choice("MNO") + ".".join(parts)


def _openai(words: Words) -> str:
    return f"sk-{words.token(ALPHANUMERIC, 20)}T3Blbk" + f"FJ{words.token(ALPHANUMERIC, 20)}"


FORMS: dict[str, Form] = {
    "aws-access-key": Form(
        head="AKI" + "A", letters=UPPER + DIGITS, count=16, near=("AKIA«word»", "akia«digest»")
    ),
    "azure-storage-account-access-key": Form(
        head="Account" + "Key=", count=86, tail="==", near=("AccountKey=«name»",)
    ),
    "ibm-cloud-iam-key": Form(
        count=44,
        needs="ibm_cloud_iam_api_key = «it»",
        near=("key: translation_of_the_welcome_page_and_its_title",),
    ),
    "ibm-cos-hmac-credentials": Form(
        letters=HEX, count=48, needs="cos_secret_access_key = «it»", near=("«digest»",)
    ),
    "softlayer-credentials": Form(
        letters=LOWER + DIGITS, count=64, needs="softlayer_api_key = «it»", near=("«digest»",)
    ),
    "cloudant-credentials": Form(
        letters=HEX,
        count=64,
        needs="cloudant_password = «it»",
        near=("cloudant_password = replacemewithyourrealkey", "cloud_revision = «digest»"),
    ),
    "github-token": Form(head="gh" + "p_", count=36, near=("ghp_«name»", "ghe_«commit»")),
    "gitlab-token": Form(head="glp" + "at-", count=20, near=("glpat-«word»", "glob-«commit»")),
    "npm-tokens": Form(
        head="npm_",
        count=36,
        fixed=False,
        needs="//registry.«host»/:_auth" + "Token=«it»",
        near=("npm_config_cache=«name»", "//registry.«host»/:_auth" + "Token=${«constant»}"),
    ),
    "pypi-token": Form(head="pypi-AgE" + "IcHlwaS5vcmc", count=80, near=("pypi-«name»", "pypi-«digest»")),
    "artifactory-credentials": Form(
        head="AK" + "C",
        count=20,
        fixed=False,
        needs="upload with «it» today",
        near=("the «capitals» are full", " AKCENT ", "«capitals» up"),
    ),
    "stripe-access-key": Form(head="sk_li" + "ve_", count=24, near=("sk_test_«commit»", "task_live_«word»")),
    "square-oauth-secret": Form(head="sq0c" + "sp-", count=43, near=("sq0idp-«word»", "sq0csp-«name»")),
    "slack-token": Form(
        head="xox" + "b-",
        letters=DIGITS,
        make=_slack,
        near=("xoxb-«word»", "https://hooks.slack.com/services/"),
    ),
    "discord-bot-token": Form(make=_discord, near=("«name».«word».«verb»", "M«word».«word2».«digest»")),
    "telegram-bot-token": Form(
        head="",
        make=lambda words: f"{words.letters(DIGITS[1:], 10)}:{words.token(ALPHANUMERIC, 35)}",
        near=("«number»:«name»", "12:30:«number» «text»"),
    ),
    "sendgrid-api-key": Form(
        make=lambda words: f"SG.{words.token(ALPHANUMERIC, 22)}.{words.token(ALPHANUMERIC, 43)}",
        near=("SG.«name».«verb»", "MSG.«word»"),
    ),
    "mailchimp-access-key": Form(
        letters=HEX, count=32, tail="-us9", near=("backup-us-east-1", "«word»-us«number»")
    ),
    "twilio-api-key": Form(head="S" + "K", letters=HEX, count=32, near=("SK«word»", "ASK«number»")),
    "openai-token": Form(make=_openai, near=("sk-«name»", "risk-«commit»")),
    "json-web-token": Form(make=_web_token, near=("eyJ«word».eyJ«word2».«commit»", "eyJhbGci")),
    "basic-auth-credentials": Form(
        count=14,
        fixed=False,
        needs="https:" + "//«word»:«it»@«host»/«word2»",
        near=(
            "https://«host»:«port»/«word»",
            "postgresql://«word»@«host»:5432/«word2»",
            "https://${USER}:${SECRET}@«host»/",
            "git@«host»:«word»/«word2».git",
            "https://«word»:<«word2»>@«host»/",
        ),
    ),
}
