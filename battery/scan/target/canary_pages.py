"""What the self-test server serves: one planted defect for each rule that a canary vouches for."""

import json

from battery.model.frozen import Frozen

HTML = ("Content-Type", "text/html")
JSON = ("Content-Type", "application/json")
TEXT = ("Content-Type", "text/plain")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
TRACEBACK = 'Traceback (most recent call last):\n  File "/srv/canary.py", line 1, in <module>\n'
DEBUGGER = "<title>ValueError // Werkzeug Debugger</title>"


class Served(Frozen, frozen=True, kw_only=True):
    """One page. `reflects`: the Origin header comes back as the allowed one."""

    body: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (TEXT,)
    reflects: bool = False


_OPERATION = {
    "responses": {
        "200": {
            "description": "ok",
            "content": {"application/json": {"schema": {"type": "object", "required": ["id"]}}},
        }
    }
}
_OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "canary", "version": "1"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/breaks": {"get": _OPERATION},
        "/lies": {"get": _OPERATION},
        "/unguarded": {"get": {**_OPERATION, "security": [{"bearer": []}]}},
    },
}
PATHS = ("/bare", "/weak", "/away", "/open")
PAGES = {
    "/bare": Served(
        body='<title>bare</title><script src="http://elsewhere.example/a.js"></script>',
        headers=(
            *(HTML, ("Set-Cookie", "sessionid=canary"), ("Set-Cookie", "theme=canary")),
            *(("Set-Cookie", "csrftoken=canary"), CREDENTIALS),
        ),
        reflects=True,
    ),
    "/weak": Served(
        body='<title>weak</title><script src="https://elsewhere.example/a.js"></script>',
        headers=(
            *(HTML, ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'")),
            *(("Referrer-Policy", "unsafe-url"), ("Cross-Origin-Resource-Policy", "anyone")),
            *(("Access-Control-Allow-Origin", "*"), CREDENTIALS),
        ),
    ),
    "/away": Served(
        status=302,
        headers=(
            ("Location", "https://elsewhere.hardening-battery.example/"),
            ("Access-Control-Allow-Origin", "*"),
        ),
    ),
    "/open": Served(body="{}", headers=(JSON,), reflects=True),
    "/private": Served(body="{}", headers=(JSON,)),
    "/login-page": Served(status=302, headers=(("Location", "/bare"),)),
    "/login": Served(body="{}", status=401, headers=(JSON,)),
    "/openapi.json": Served(body=json.dumps(_OPENAPI), headers=(JSON,)),
    "/breaks": Served(body="{}", status=500, headers=(JSON,)),
    "/lies": Served(body='{"name": 1}', headers=(JSON,)),
    "/unguarded": Served(body='{"id": 1}', headers=(JSON,)),
    "/.env": Served(body="DATABASE_PASSWORD=canary\nSECRET_KEY=canary\n"),
    "/.git/HEAD": Served(body="ref: refs/heads/main\n"),
    "/backup.sql": Served(body="CREATE TABLE users (id int);\n"),
    "/server.key": Served(body="-----BEGIN PRIVATE KEY-----\ncanary\n"),
    "/actuator/env": Served(body='{"propertySources": []}', headers=(JSON,)),
    "/console": Served(body="<h1>Interactive Console</h1>", headers=(HTML,)),
    "/server-status": Served(body="<title>Apache Status</title>", headers=(HTML,)),
    "/admin": Served(body="<title>Administration</title>users, roles, settings", headers=(HTML,)),
}
ABSENT = Served(body="not found", status=404)
