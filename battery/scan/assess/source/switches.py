"""Texts for the configuration scanner's rules: files of settings with a defect, and benign ones that look like it.

Where a text would be a finding of the secrets scan in this file, it is written in two parts.
"""

from battery.model.frozen import Frozen


class Switch(Frozen, frozen=True, kw_only=True):
    """Files for one rule, each as a name and a text. `clean`: what the defective ones are clean of.

    `development`: the rule has a milder variant, and files named for development are its cases.
    """

    defect: tuple[tuple[str, str], ...]
    benign: tuple[tuple[str, str], ...]
    clean: tuple[str, ...] = ()
    development: bool = False


_COMPOSE = "services:\n  web:\n    environment:\n      - «constant»_PORT=«port»\n      - "
_TWO = "public:\n  cors:\n    allow_origins: ['*']\ninner:\n  cors:\n    allow_origins: ['https://«host»']\n"

SWITCHES: dict[str, Switch] = {
    "debug-on": Switch(
        development=True,
        clean=("debug-switch",),
        defect=(
            (".env", "«constant»_PORT=«port»\nDEBUG=1"),
            ("app/settings.py", "«constant» = «number»\nDEBUG = True"),
            ("service.toml", "debug = true\nport = «port»"),
            ("app.yaml", "port: «port»\nDEBUG: true"),
            ("web.env", "FLASK_ENV=development"),
            ("compose.yml", _COMPOSE + "FLASK_DEBUG=1"),
            ("app.ini", "[app]\nDEBUG = on"),
            ("settings.json", '{"APP_DEBUG": true, "PORT": «port»}'),
        ),
        benign=(
            (".env", "DEBUG=0\n«constant»=«number»"),
            ("app/settings.py", 'DEBUG = os.environ.get("DEBUG") == "1"'),
            ("app/settings.py", "DEBUG = False\nTESTED = True"),
            ("service.toml", '# debug = true\nlog_level = "debug"'),
            ("app.yaml", "DEBUG: 'no'\nDEBUG_PORT: 1"),
            ("web.env", "FLASK_ENV=production\nFLASK_DEBUG="),
            ("app.ini", "[debugging]\nhelp = on"),
            ("compose.yml", _COMPOSE + "FLASK_DEBUG=${FLASK_DEBUG}"),
        ),
    ),
    "debug-switch": Switch(
        clean=("debug-on",),
        defect=(
            ("service.toml", "[logging]\ndebug = true"),
            ("app.yaml", "worker:\n  «name»: «number»\n  debug: true"),
            ("app.json", '{"«word»": {"debug": true}}'),
        ),
        benign=(
            ("service.toml", "[logging]\ndebug = false"),
            ("app.yaml", "worker:\n  debug_symbols: true"),
            ("app.json", '{"«word»": {"level": "debug"}}'),
            ("app.yaml", "# worker:\n#   debug: true\nport: «port»"),
        ),
    ),
    "tls-verification-off": Switch(
        development=True,
        defect=(
            (".env", "SSL_VERIFY=false"),
            ("web.env", "PYTHONHTTPSVERIFY=0"),
            ("web.env", "NODE_TLS_REJECT_UNAUTHORIZED=0"),
            ("service.toml", "[server.tls]\nverify = false"),
            ("app.yaml", "upstream:\n  url: https://«host»\n  insecure_skip_verify: true"),
            ("git.ini", "[http]\nsslVerify = false"),
            ("app.json", '{"«word»": {"strictSSL": false}}'),
            ("app.yaml", "redis:\n  ssl_cert_reqs: none"),
            ("app/settings.py", "«constant» = {'verify_certs': False}"),
            ("pip.conf", "[global]\ntrusted-host = «host»"),
        ),
        benign=(
            (".env", "SSL_VERIFY=true\nVERIFY_EMAIL=false"),
            ("web.env", "NODE_TLS_REJECT_UNAUTHORIZED=1"),
            ("service.toml", "[newsletter]\nverify = false"),
            ("service.toml", "[server.tls]\nverify = true\nverify_depth = 0"),
            ("app.yaml", "upstream:\n  insecure_skip_verify: false"),
            ("app.json", '{"«word»": {"signature_verification": false}}'),
            ("app.ini", "[tls]\n; verify = off\ncheck_hostname = yes"),
            ("app.yaml", "verification:\n  tls: none"),
        ),
    ),
    "database-without-tls": Switch(
        defect=(
            (".env", "DATABASE_URL=postgresql://«word»@«host»/«word2»?sslmode=disable"),
            ("app.yaml", "database:\n  host: «host»\n  sslmode: disable"),
            ("app.json", '{"database": {"host": "«host»", "sslmode": "allow"}}'),
        ),
        benign=(
            (".env", "DATABASE_URL=postgresql://«word»@«host»/«word2»?sslmode=verify-full"),
            ("app.yaml", "database:\n  sslmode: require"),
            ("app.toml", '# sslmode = "disable"\nsslmode = "verify-ca"'),
            (".env", "DATABASE_URL=postgresql://«word»@127.0.0.1/«word2»?sslmode=disable"),
        ),
    ),
    "cors-wildcard": Switch(
        clean=("cors-wildcard-credentials",),
        defect=(
            ("app.yaml", "cors:\n  allow_origins: ['*']"),
            ("app/settings.py", "CORS_ALLOW_ALL_ORIGINS = True"),
            (".env", "CORS_ALLOWED_ORIGINS=*"),
            ("service.toml", '[http]\nallowed_origins = ["*"]\nallow_credentials = false'),
            ("app.yaml", _TWO + "    allow_credentials: true"),
        ),
        benign=(
            ("app.yaml", "cors:\n  allow_origins: ['https://«host»']"),
            ("app/settings.py", "CORS_ALLOW_ALL_ORIGINS = False"),
            (".env", "CORS_ALLOWED_ORIGINS=https://«host»"),
            ("service.toml", '[http]\nallow_methods = ["*"]\nallow_headers = ["*"]'),
            ("app.yaml", "cors:\n  allow_origins: []"),
        ),
    ),
    "cors-wildcard-credentials": Switch(
        development=True,
        clean=("cors-wildcard",),
        defect=(
            ("app.yaml", "cors:\n  allow_origins: ['*']\n  allow_credentials: true"),
            ("app/settings.py", "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True"),
            ("service.toml", '[http.cors]\nallowed_origins = ["*"]\nallow-credentials = true'),
            ("web.env", "CORS_ALLOWED_ORIGINS=*\nCORS_SUPPORTS_CREDENTIALS=1"),
        ),
        benign=(
            ("app.yaml", "cors:\n  allow_origins: ['https://«host»']\n  allow_credentials: true"),
            ("app/settings.py", "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False"),
            ("service.toml", '[http.cors]\nallowed_origins = ["*"]'),
            ("app.yaml", _TWO + "    allow_credentials: true"),
            ("app/settings.py", "CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOW_CREDENTIALS = True"),
        ),
    ),
    "host-wildcard": Switch(
        defect=(
            ("app/settings.py", 'ALLOWED_HOSTS = ["*"]'),
            (".env", "ALLOWED_HOSTS=*"),
            ("service.toml", '[server]\ntrusted_hosts = ["«host»", "*"]'),
        ),
        benign=(
            ("app/settings.py", 'ALLOWED_HOSTS = ["«host»"]'),
            (".env", "ALLOWED_HOSTS=.«host»"),
            ("service.toml", '[server]\nallowed_methods = ["*"]'),
            ("app/settings.py", "ALLOWED_HOSTS = []"),
        ),
    ),
    "cookie-flag-off": Switch(
        defect=(
            ("app/settings.py", "SESSION_COOKIE_SECURE = False"),
            ("app.ini", "[session]\ncookie_secure = off"),
            ("app.yaml", "session:\n  cookie:\n    name: «word»\n  cookie_httponly: false"),
            ("app.json", '{"session": {"cookieHttpOnly": false}}'),
        ),
        benign=(
            ("app/settings.py", "SESSION_COOKIE_SECURE = True"),
            ("app.ini", "[session]\ncookie_banner = off"),
            ("app.yaml", "session:\n  cookie_secure: true\n  secure_desk: false"),
            ("app/settings.py", "# SESSION_COOKIE_SECURE = False\nSESSION_COOKIE_AGE = 0"),
            ("app/settings.py", "CSRF_COOKIE_HTTPONLY = False"),
        ),
    ),
    "secret-in-env-file": Switch(
        development=True,
        defect=(
            (".env", "API_TOKEN=«secret»"),
            ("web.env", "«constant»=«number»\nexport DB_PASSWORD='«secret»'"),
            (".env.production", "AWS_SECRET_ACCESS_KEY=«base»"),
            (".env", "«constant»_SECRET=«digest»"),
            ("web.env", "SMTP_PASS=«secret»"),
            (".env", "SIGNING_KEY=«secret»"),
            (".env.production", "DATABASE_URL=postgres:" + "//«word»:«secret»@«host»/«word2»"),
            ("web.env", "CACHE_URL=redis:" + "//:«digest»@«host»:6379/0"),
        ),
        benign=(
            (".env", "API_TOKEN=\nDB_PASSWORD=${DB_PASSWORD}"),
            ("web.env", "DB_PASSWORD=<set in the vault>"),
            (".env", "PASSWORD_MIN_LENGTH=12\nTOKEN_TTL_SECONDS=86400000"),
            (".env", "PASSWORD_RESET_URL=https://«host»/«word»"),
            ("web.env", "PRIVATE_KEY_PATH=/etc/«word»/server.pem\nSECRET_FILE=/run/secrets/«word»"),
            (".env", "API_KEY_HEADER=X-«title»-Key\nTOKEN_ISSUER=https://«host»/"),
            ("web.env", "# API_TOKEN=«secret»\n«constant»=«text»"),
            ("web.env", "PASSWORD_HASHER=argon2id\nSECRET_STORE=vault://«host»"),
            (".env", "SIGNING_KEY=/etc/«word»/signing.pem\nSIGNING_KEY_ID=«digest»"),
            (".env", "DATABASE_URL=postgres:" + "//«word»:${DB_PASSWORD}@«host»/«word2»"),
            ("web.env", "CACHE_URL=redis://«host»:6379/0\nSITE=https://«host»:«port»/a@«word»"),
        ),
    ),
    "default-credentials": Switch(
        development=True,
        defect=(
            ("app.yaml", "database:\n  user: «word»\n  password: changeme"),
            (".env", "DATABASE_URL=postgres:" + "//postgres:postgres@«host»/«word»"),
            ("app.yaml", "database:\n  url: postgres:" + "//«word»:changeme@«host»/«word2»"),
            ("compose.yml", _COMPOSE + "POSTGRES_PASSWORD=postgres"),
            ("app/settings.py", "SECRET" + '_KEY = "django-insecure-«digest»"'),
            ("service.toml", '[broker]\nuser = "guest"\npass' + 'word = "guest"'),
            ("app.json", '{"admin": {"pass' + 'word": "admin"}}'),
        ),
        benign=(
            ("app.yaml", "database:\n  user: admin\n  password: ${DB_PASSWORD}"),
            (".env", "DATABASE_URL=postgres://«word»@«host»/postgres"),
            ("app.yaml", "database:\n  url: postgres:" + "//«word»:${DB_PASSWORD}@«host»/«word2»"),
            ("locale/en.yaml", "form:\n  user: User\n  password: Password"),
            ("app.json", '{"field": "password", "role": "guest"}'),
            ("service.toml", 'user = "root"\npassword = ""'),
            ("app.ini", "[admin]\nname = admin\npassword_length = 12"),
        ),
    ),
}
# Names that say that a file is an example or for development.
FOR_DEVELOPMENT = ("local/", "deploy/dev/", "examples/", "docker-test/")
