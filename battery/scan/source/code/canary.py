"""The code scan's canaries: for each way in which bandit looks at a file, a defect that it must see."""

from battery.scan.source.pool_canary import Plant

_FILE = "canary.py"
# The bidirectional character is spelled as an escape here and stands for itself in the planted file.
_TEXT = """\
import telnetlib
from subprocess import Popen as start
import hashlib, pickle, requests, yaml
assert telnetlib
def connect(password="canary"):
    try:
        start("ls " + password, shell=True)
    except Exception:
        pass
    eval(password)
    exec(password)
    pickle.loads(password)
    yaml.load(password)
    hashlib.md5(password)
    requests.get(password, verify=False)
    connect(password="canary")
token = "canary"
address = "0.0.0.0"
folder = "/tmp/canary"
query = "select * from t where a = '%s'" % token
# canary \u202e
"""
_SEEN_BY = {
    "import": "code.B401",
    "call by its name": "code.B102",
    "call through an alias": "code.B602",
    "blacklisted call": "code.B307",
    "deserialisation": "code.B301",
    "yaml": "code.B506",
    "weak hash": "code.B324",
    "call by its keyword": "code.B106",
    "certificate check": "code.B501",
    "default of a function": "code.B107",
    "assigned string": "code.B105",
    "bound address": "code.B104",
    "temporary folder": "code.B108",
    "built query": "code.B608",
    "swallowed exception": "code.B110",
    "assertion": "code.B101",
    "whole file": "code.B613",
}

PLANT = Plant(files={_FILE: _TEXT}, expected={name: (_FILE, rule) for name, rule in _SEEN_BY.items()})
