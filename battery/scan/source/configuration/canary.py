"""The configuration scan's canaries: one defect in each format, and each rule at least once."""

from battery.scan.source.pool_canary import Plant

_FILES = {
    "canary.env": "export CANARY_TOKEN=0f1e2d3c4b5a\nDEBUG=1\n",
    "canary.toml": '[server.tls]\nverify = false\n[server]\nallowed_hosts = ["*"]\n',
    "canary.yaml": "cors:\n  allow_origins: ['*']\n  allow_credentials: true\n",
    "canary.json": '{"database": {"password": "changeme", "sslmode": "disable"}}\n',
    "canary.ini": "[session]\ncookie_secure = off\n",
    "canary_settings.py": "DEBUG = True\n",
    "canary-open.yaml": "cors:\n  allow_origins: ['*']\nlogger:\n  debug: true\n",
    "canary.example.env": "CANARY_TOKEN=0f1e2d3c4b5a\n",
}
_EXPECTED = {
    "secret in .env": ("canary.env", "secret-in-env-file"),
    "debug in .env": ("canary.env", "debug-on"),
    "verification in TOML": ("canary.toml", "tls-verification-off"),
    "hosts in TOML": ("canary.toml", "host-wildcard"),
    "CORS in YAML": ("canary.yaml", "cors-wildcard-credentials"),
    "default password in JSON": ("canary.json", "default-credentials"),
    "database in JSON": ("canary.json", "database-without-tls"),
    "cookie in INI": ("canary.ini", "cookie-flag-off"),
    "debug in Python": ("canary_settings.py", "debug-on"),
    "open CORS in YAML": ("canary-open.yaml", "cors-wildcard"),
    "debug of a part in YAML": ("canary-open.yaml", "debug-switch"),
    "secret in an example": ("canary.example.env", "secret-in-env-file.development"),
}

PLANT = Plant(
    files=_FILES, expected={name: (file, f"configuration.{rule}") for name, (file, rule) in _EXPECTED.items()}
)
