"""Planted lock files: one of each kind that is read, each with one package that exists nowhere else."""

_HASH = "0" * 64

PLANTED = {
    "requirements.txt": f"battery-canary==1.2.3 --hash=sha256:{_HASH}\n",
    "uv.lock": """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "battery-canary"
version = "1.2.3"
source = { registry = "https://registry.invalid/simple" }
""",
    "poetry.lock": """\
[[package]]
name = "battery-canary"
version = "1.2.3"
description = ""
optional = false
python-versions = "*"
files = []

[metadata]
lock-version = "2.1"
python-versions = "*"
content-hash = ""
""",
    "pylock.toml": """\
lock-version = "1.0"
created-by = "the hardening battery"

[[packages]]
name = "battery-canary"
version = "1.2.3"
""",
    "package-lock.json": """\
{"name": "scratch", "version": "0.0.0", "lockfileVersion": 3, "packages": {
  "": {"name": "scratch", "version": "0.0.0", "dependencies": {"battery-canary": "1.2.3"}},
  "node_modules/battery-canary": {"version": "1.2.3"}}}
""",
}
