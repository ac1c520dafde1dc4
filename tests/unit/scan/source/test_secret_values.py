"""What an environment file gives away: secrets by their names, keys that sign, passwords in URLs; and what only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.source.configuration.engine import open_engine
from battery.scan.source.configuration.secret_values import is_default, is_secret
from battery.scan.source.configuration.setting import Setting
from tests.unit.scan.source.conftest import KEY

ENGINE = open_engine(KEY)
# In two parts, or these lines would be findings of the secrets scan.
PG, AT = "postgres:/" + "/", "@db.internal/app"


def rule(line: str, name: str = ".env") -> str:
    (text,) = {item.rule.removeprefix("configuration.") for item in ENGINE(name, line.encode()).found} or {""}
    return text


@pytest.mark.parametrize(
    "line",
    [
        "SIGNING_KEY=9f86d081884c7d65",
        "export SIGNING_KEY='correct horse battery staple'",
        "JWT_SIGNING_KEY=9f86d081884c7d65",
        "SIGNING_KEY_BASE64=bm90IGEga2V5",
        "SIGNING_KEY_V2=9f86d081884c7d65",
        "ENCRYPTION_KEY=/8kd+03jfi39dk/dk39dk==",
        "FIELD_ENCRYPTION_KEY=9f86d081884c7d65",
        "RAILS_MASTER_KEY=9f86d081884c7d659a2feaa0",
        "APP_KEY=base64:bm90IGEga2V5IGF0IGFsbA==",
        "SESSION_KEY=9f86d081884c7d65",
        "COOKIE_KEY=9f86d081884c7d65",
        "JWT_KEY=9f86d081884c7d65",
        "HMAC_KEY=9f86d081884c7d65",
        "FERNET_KEY=9f86d081884c7d65",
        "AZURE_STORAGE_KEY=9f86d081884c7d65",
        "SUPABASE_SERVICE_ROLE_KEY=9f86d081884c7d65",
        "API_TOKEN=$2b$12$abcdefghijkl",
        "DB_PASSWORD=%k9s!x2Q",
        "DB_PASSWORD={k9s!x2Q",
        "API_TOKEN=myk3f9s8d7f6",
        "API_TOKEN=put3f9s8d7f6",
        "DB_PASSWORD=Enterprise2024!",
        "DB_PASSWORD=insertion-Sort9",
        "DB_PASSWORD=MyPassw0rd!88",
        "DB_PASSWORD=my-dog-ate-7-bones",
        "DB_PASSWORD=my-horse-battery-staple",
        "API_TOKEN=example-3f9s8d7f6k2q",
        "API_TOKEN=Enter!8sd7f6s8d7",
        "DB_PASSWORD=Insert_k39dk39d",
        "API_TOKEN=yourkey9f86d081884c",
        "DB_PASSWORD=Dummy$9s8d7f6",
        "DB_PASSWORD=op:k3k9d8s7",
        "DB_PASSWORD=enc(k39d8s7d6",
    ],
)
def test_a_key_or_secret_is_known_by_its_name(line: str) -> None:
    assert rule(line) == "secret-in-env-file"


@pytest.mark.parametrize(
    "line",
    [
        f"DATABASE_URL={PG}app:k9s8x2q{AT}",
        f'DATABASE_URL="{PG}app:k9s8x2q{AT}?sslmode=require"',
        f"DATABASE_URL={PG}app:7{AT}",
        f"DATABASE_URL={PG}app:op:k9s8d7f{AT}",
        f"DATABASE_URL={PG}app:31337{AT}",
        f"DATABASE_URL={PG}app:p@ss/w".replace("/w", "w") + AT,
        f"DATABASE_URL={PG}app:%24k9%2Fs8{AT}",
        f"DATABASE_URL={PG}app:k9s8x2q@${{DB_HOST}}/app",
        f"DATABASE_URL={PG}app:app{AT}",
        "DATABASE_URL=mysql+pymysql:/" + "/app:k9s8x2q@db/app",
        "REDIS_URL=redis:/" + "/:k9s8x2q@cache:6379/0",
        "CACHE=rediss:/" + "/default:k9s8x2q@cache:6379",
        "BROKER=amqp:/" + "/app:k9s8x2q@mq:5672//",
        "BROKER=amqps:/" + "/app:k9s8x2q@mq/vhost",
        "MONGO=mongodb:/" + "/app:k9s8x2q@a:27017,b:27017/app?replicaSet=r",
        "MONGO=mongodb+srv:/" + "/app:k9s8x2q@cluster.invalid/app",
        "MAIL=smtp:/" + "/mailer:k9s8x2q@mail.invalid:587",
        "MAIL=smtps:/" + "/me%40mail.invalid:k9s8x2q@mail.invalid",
        "PROXY=http:/" + "/user:k9s8x2q@proxy:3128",
        "HOSTS=http:/" + "/a.invalid http:/" + "/user:k9s8x2q@b.invalid",
        "PASSWORD_RESET_URL=https:/" + "/user:k9s8x2q@host.invalid/reset",
        "SPRING_DATASOURCE_URL=jdbc:postgresql://db/app?user=app&password=k9s8x2q",
        "CONNECTION=Server=db;User Id=app;Password=k9s8x2q;",
        "PGOPTIONS_DSN=host=db user=app password=k9s8x2q",
    ],
)
def test_a_password_in_a_url_or_among_options_is_a_secret_whatever_its_name(line: str) -> None:
    assert rule(line) == "secret-in-env-file"
    assert rule(line, ".env.example") == "secret-in-env-file.development"


@pytest.mark.parametrize(
    "line",
    [
        "SIGNING_KEY=",
        "SIGNING_KEY=${SIGNING_KEY}",
        "SIGNING_KEY=$SIGNING_KEY",
        "SIGNING_KEY=$(cat key)",
        "SIGNING_KEY=<generate one>",
        "SIGNING_KEY={{ signing_key }}",
        "SIGNING_KEY=[set in the vault]",
        "SIGNING_KEY=%SIGNING_KEY%",
        "SIGNING_KEY=replace-me-please",
        "SIGNING_KEY=your-signing-key",
        "SIGNING_KEY=my-signing-key",
        "SIGNING_KEY=put_it_here",
        "SIGNING_KEY=yourkeyhere",
        "SIGNING_KEY=insertyourtokenhere",
        "SIGNING_KEY=enteryourtoken",
        "SIGNING_KEY=yourstripekey",
        "SIGNING_KEY=replacewithrealkey",
        "SIGNING_KEY=replacethis",
        "SIGNING_KEY=putyourkeyhere",
        "SIGNING_KEY=dummyjwt",
        "SIGNING_KEY=replaceme",
        "SIGNING_KEY=example-key-1",
        "SIGNING_KEY=op://vault/app/signing",
        "SIGNING_KEY=ENC[AES256_GCM,data:9f86d081,type:str]",
        "SIGNING_KEY=ENC(9f86d081884c7d65)",
        "SIGNING_KEY=encrypted:9f86d081884c7d65",
        "SIGNING_KEY={cipher}9f86d081884c7d65",
        "SIGNING_KEY=xxxxxxxxxxxx",
        "SIGNING_KEY=/etc/app/signing.pem",
        "SIGNING_KEY=./keys/signing",
        "SIGNING_KEY=~/signing",
        "SIGNING_KEY=signing.jwk",
        "SIGNING_KEY=vault://secret/app",
        "SIGNING_KEY=awskms:///alias/app",
        "SIGNING_KEY=arn:aws:kms:eu-west-1:1:key/2",
        "SIGNING_KEY_PATH=9f86d081884c7d65",
        "SIGNING_KEY_ID=9f86d081884c7d65",
        "SIGNING_KEY_ROTATION=every-month",
        "SIGNING_PUBLIC_KEY=9f86d081884c7d65",
        "PUBLIC_SIGNING_KEY=9f86d081884c7d65",
        "PUSHER_APP_KEY=9f86d081884c7d65",
        "PRIMARY_KEY=order_number",
        "CACHE_KEY=orders:9f86d081884c",
        "PARTITION_KEY=customer_id",
        "MONKEY=9f86d081884c7d65",
    ],
)
def test_a_place_for_a_key_or_what_is_said_about_one_is_no_secret(line: str) -> None:
    assert rule(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        f"DATABASE_URL={PG}app{AT}",
        f"DATABASE_URL={PG}app:{AT}",
        f"DATABASE_URL={PG}db.internal:5432/app",
        f"DATABASE_URL={PG}app:${{DB_PASSWORD}}{AT}",
        f"DATABASE_URL={PG}app:$DB_PASSWORD{AT}",
        f"DATABASE_URL={PG}${{DB_USER}}:${{DB_PASSWORD}}@${{DB_HOST}}/app",
        f"DATABASE_URL={PG}app:<password>{AT}",
        f"DATABASE_URL={PG}app:%3Cpassword%3E{AT}",
        f"DATABASE_URL={PG}app:{{password}}{AT}",
        f"DATABASE_URL={PG}app:%(password)s{AT}",
        f"DATABASE_URL={PG}app:****{AT}",
        f"DATABASE_URL={PG}app:xxxx{AT}",
        f"DATABASE_URL={PG}USER:PASSWORD@HOST:5432/NAME",
        f"DATABASE_URL={PG}app:your-password{AT}",
        "REDIS_URL=redis://cache:6379/0",
        "SITE=https://shop.invalid:8443/a@b",
        "SITE=https://shop.invalid:8443/?mail=a@b.invalid",
        "SITE=https://shop.invalid:8443#a@b",
        "MAIL_FROM=Shop: orders@shop.invalid",
        "CONNECTION=Server=db;User Id=app;Password=${DB_PASSWORD};",
        "TIME=10:30@noon",
        "IMAGE=registry.invalid:5000/app@sha256:abc",
    ],
)
def test_a_url_without_a_password_or_with_a_place_for_one_is_no_secret(line: str) -> None:
    assert rule(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "SIGNING_KEY=changeme",
        "JWT_KEY=secret",
        f"DATABASE_URL={PG}app:changeme{AT}",
        f"DATABASE_URL={PG}app:password{AT}",
        f"DATABASE_URL={PG}app:ChangeMe{AT}",
        f"DATABASE_URL={PG}postgres:postgres{AT}",
        "REDIS_URL=redis:/" + "/:redis@cache:6379/0",
    ],
)
def test_what_anybody_tries_first_is_told_as_that_and_once(line: str) -> None:
    assert rule(line) == "default-credentials"
    assert rule(line, ".env.example") == "default-credentials.development"


def test_the_password_of_a_url_is_told_in_environment_files_only_but_a_default_one_anywhere() -> None:
    assert rule(f"url: {PG}app:k9s8x2q{AT}", "app.yaml") == ""
    assert rule(f"url: {PG}app:changeme{AT}", "app.yaml") == "default-credentials"


def test_neither_a_password_in_a_url_nor_a_key_is_shown() -> None:
    lines = f"DATABASE_URL={PG}app:k9s8x2q{AT}\nSIGNING_KEY=9f86d081884c7d65\nOPTIONS=password=k9s8x2q\n"
    answer = ENGINE(".env", lines.encode())
    assert len(answer.found) == 3
    assert "k9s8x2q" not in repr(answer)
    assert "9f86d081884c7d65" not in repr(answer)


@pytest.mark.parametrize("password", ["p@ssw0rdKx9", "s3cr/etKx91", "x" * 90 + "Kx9", "p?a#ssKx9"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "ALLOWED_HOSTS", "CORS_ORIGINS"])
def test_a_password_that_a_url_should_have_escaped_is_shown_by_no_finding(name: str, password: str) -> None:
    line = f"{name}=*,postgres://app:{password}@db.example/app?sslmode=disable\n"
    for file in (".env", "settings.env", "app.properties"):
        assert "Kx9" not in repr(ENGINE(file, line.encode()))


_LETTERS = st.text("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLM23456789", min_size=8, max_size=24)


@given(
    scheme=st.sampled_from(["postgres", "redis", "amqp", "mongodb", "mysql", "smtp"]),
    user=st.text("abcdefgh", max_size=8),
    password=_LETTERS.map(lambda text: f"q7{text}"),
    name=st.from_regex(r"[A-Z]{1,8}(_[A-Z]{1,8})?", fullmatch=True),
)
def test_a_drawn_password_is_seen_in_the_url_of_any_scheme_under_any_name(
    scheme: str, user: str, password: str, name: str
) -> None:
    setting = Setting(path=(name,), value=f"{scheme}://{user}:{password}@host:1/x", line=1)
    assert is_secret(setting)
    assert not is_default(setting)


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_value_can_be_judged(value: str, name: str) -> None:
    setting = Setting(path=(name,), value=value, line=1)
    assert isinstance(is_secret(setting) or is_default(setting), bool)
