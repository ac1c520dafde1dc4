"""The code scan: the same findings as bandit, from fewer tests and with our own severities."""

import ast
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.findings import findings_of
from battery.scan.rules import scan_rules
from battery.scan.source.code.engine import open_engine, rule_of
from battery.scan.source.code.known import is_known
from battery.scan.source.code.scan import scan_code
from battery.scan.source.code.walk import Walk
from battery.scan.source.pool import Pool
from battery.scan.source.tree import tree_of
from tests.unit.scan.source.conftest import KEY, Plant

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # bandit's libraries warn of each other
    from battery.scan.source.code.bandit_run import BanditRun
    from battery.scan.source.code.nosec import nosec_of
    from battery.scan.source.code.visitor import Visitor

    GATED, STOCK = BanditRun(gated=True), BanditRun(gated=False)

Told = list[tuple[str, int, int, str, str, str]]


def told(run: BanditRun, source: bytes, name: str = "a.py") -> Told | str:
    outcome = run.scan(name, source)
    if outcome.unread:
        return "unread"
    issues = outcome.issues
    return sorted((i.test_id, i.lineno, i.col_offset, i.severity, i.confidence, i.text) for i in issues)


def same(source: str | bytes) -> Told | str:
    content = source if isinstance(source, bytes) else source.encode()
    found = told(GATED, content)
    assert found == told(STOCK, content)
    return found


CALLS = """\
import os, subprocess as sp, hashlib, tarfile, requests, httpx, yaml, ssl, jinja2, torch, paramiko, marshal, crypt
from subprocess import Popen, check_output as out
from importlib import import_module
from flask import Flask
from django.db.models.expressions import RawSQL
from django.utils.safestring import mark_safe
from cryptography.hazmat.primitives.asymmetric import rsa, ec
from Crypto.PublicKey import DSA
from transformers import AutoModel
from pysnmp.hlapi import CommunityData, UsmUserData
from mako.template import Template
from markupsafe import Markup
import logging.config, random, telnetlib, ftplib, xml.dom.minidom, pickle
Popen("ls"); Popen("ls " + x, shell=True); out(["ls"], shell=False); sp.call("chown * x", shell=True)
os.system("ls"); os.system(x); os.popen("/bin/ls"); os.execl("ls", "l"); os.spawnlp("a"); os.startfile("x")
anything(shell=True); anything(shell=[]); anything(shell={}); anything(shell=None); anything(shell="x"); f(shell=y)
exec(x); eval(x); input(x); __import__("pickle"); __import__(x); __import__(); import_module("telnetlib")
import_module(name="ftplib"); importlib.import_module("pickle"); pickle.loads(x); marshal.load(x)
hashlib.md5(); hashlib.new("sha1"); hashlib.new(name="md5", usedforsecurity=False); crypt.crypt(x, "METHOD_MD5")
crypt.mksalt("METHOD_CRYPT"); hashlib.sha1(usedforsecurity=True)
os.chmod("f", 0o777); os.chmod(x, 0o755); os.chmod("f", 0o600); p.lchmod("f", 0o777)
requests.get(u); requests.post(u, verify=False, timeout=None); httpx.Client(verify=False); httpx.get(u, timeout=None)
yaml.load(x); yaml.load(x, yaml.SafeLoader); yaml.load(x, Loader=yaml.CSafeLoader); tarfile.open(x).extractall()
t.extractall(members=m); t.extractall(members=m()); t.extractall(filter="data"); t.extractall(members=m.x())
ssl.wrap_socket(); ssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv3); g(method=ssl.PROTOCOL_TLSv1); ssl._create_unverified_context()
jinja2.Environment(); jinja2.Environment(autoescape=False); jinja2.Environment(autoescape=True)
jinja2.Environment(autoescape=jinja2.select_autoescape()); jinja2.Environment(autoescape=z); Template(x); Markup(x); Markup("x")
torch.load(x); torch.load(x, weights_only=True); c.exec_command(x); c.set_missing_host_key_policy(paramiko.AutoAddPolicy)
c.set_missing_host_key_policy(AutoAddPolicy()); c.set_missing_host_key_policy(paramiko.WarningPolicy())
Flask(n).run(debug=True); RawSQL(q, ()); RawSQL("x", ()); q.extra(where=[x]); q.extra({"a": x}); q.extra("a", "b", [], [])
mark_safe(x); mark_safe("x"); mark_safe("%s" % x); mark_safe("{}".format(x)); logging.config.listen(1)
rsa.generate_private_key(65537, 512); rsa.generate_private_key(key_size=1024); ec.generate_private_key(ec.SECP192R1)
DSA.generate(1024); AutoModel.from_pretrained("x"); AutoModel.from_pretrained("x", revision="abcdef0123")
CommunityData(x, mpModel=0); UsmUserData("a"); random.random(); xml.dom.minidom.parse(x); ftplib.FTP(); tempfile.mktemp()
login(password="x"); login(**{"password": "x"}); login(pass_word="x"); login(token=None); login(user_token="x")
"""
STRINGS = """\
password = "x"; a.secret = "x"; d = {"password": "x", "user_token": y, "k": "v"}; d["pwd"] = "x"; d["pwd"] = y
if password == "x" or a.token != "y" or "x" == password: pass
s = "0.0.0.0"; t = "/tmp/x"; u = b"/tmp/x"; w = "/dev/shm" "y"; ("password", "x")
q = "select * from t where a=" + x; q = "select %s from t" % x; c.execute("delete from t where a={}".format(x))
q = f"insert into t values ({x})"; q = f"{x} select a from b"; q = "update t set a".replace("a", x); f"sel{x}ect * from t"
c.execute("select a from b" + x + " where " + y + "order"); q = "selec" "t * from x" % y
def f(password="x", *, token="y", a=None): "password"
async def g(password="x"): pass
lambda password="x": 0
class C:
    secret: str = "x"
    def m(self, pwd="x", method=ssl.PROTOCOL_SSLv3): return "0.0.0.0"
assert x
try: pass
except: pass
for x in y:
    try: pass
    except Exception: continue
    except ValueError: pass
match p:
    case {"password": "x"}: z = "/var/tmp"
with open("/tmp/x") as f, g("0.0.0.0"): [eval(i) for i in "0.0.0.0" if i == "x"]
from . import pickle
from xml import etree
from xml.etree import ElementTree as pickle
import xml.sax.handler, subprocess
"""
NOSEC = """\
eval(x)  # nosec
eval(x)  # nosec B307
eval(x)  # nosec: B101, eval
eval(x)  # nosec B102
exec(
    x,
    y,  # nosec
)
a = "0.0.0.0"  # nosec B104 # more
password = (  # nosec
    "x"
)
assert (x,
   y)  # NOSEC
# nosec
eval(x)
"""


@pytest.mark.parametrize("source", [CALLS, STRINGS, NOSEC], ids=["calls", "strings", "nosec"])
def test_everything_bandit_finds_is_found_and_nothing_else(source: str) -> None:
    assert same(source)


@pytest.mark.parametrize("line", [*CALLS.splitlines(), *STRINGS.splitlines()[:7]])
def test_each_line_alone_gives_what_bandit_gives(line: str) -> None:
    head = "\n".join(text for text in CALLS.splitlines() if text.startswith(("import ", "from ")))
    same(f"{head}\n{line}\n")


_IDENTIFIERS = st.sampled_from(
    ["eval", "exec", "os", "system", "sp", "Popen", "password", "x", "yaml", "load", "t", "extra"]
)
_ARGUMENTS = st.sampled_from(
    [
        "",
        "x",
        '"ls"',
        '"a" + x',
        "shell=True",
        'password="x"',
        "verify=False",
        "*a",
        "**k",
        '"0.0.0.0"',
        "debug=True",
        "[x]",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(_IDENTIFIERS, min_size=1, max_size=3), st.lists(_ARGUMENTS, max_size=3)),
        max_size=6,
    )
)
def test_any_calls_give_what_bandit_gives(calls: list[tuple[list[str], list[str]]]) -> None:
    head = "import os, yaml, flask\nimport subprocess as sp\nfrom subprocess import Popen\nfrom builtins import eval as t\n"
    lines = [
        ".".join(name) + "(" + ", ".join(sorted(arguments, key=_rank)) + ")" for name, arguments in calls
    ]
    same(head + "\n".join(lines) + "\n")


def _rank(argument: str) -> int:
    return 2 if argument.startswith("**") else 1 if "=" in argument else 0


@pytest.mark.parametrize(
    "content",
    [
        b"x = '\xe2\x80\xae'\n# \xe2\x80\xae\n",
        b"# coding: latin-1\nx = '\xe9'\neval(x)  # nosec\n",
        b"# -*- coding: utf-7 -*-\neval(x)\n",
        b"\xef\xbb\xbfeval(x)\n",
        b"eval(x)\r\npassword = 'x'\r",
        "\uff45\uff56\uff41\uff4c(x)\n".encode(),
        b"eval(x)\n\x0c\nexec(x)\n",
        b"",
        b"\n\n",
    ],
    ids=["bidi", "latin", "utf7", "bom", "returns", "wide letters", "form feed", "empty", "blank"],
)
def test_odd_files_are_read_as_bandit_reads_them(content: bytes) -> None:
    same(content)


@pytest.mark.parametrize(
    "content",
    [b"def (", b"\xff\xfe", b"x = 1\0", b"# coding: nonsense\n", b"if x:\n    a\n  b\n", b"print 'two'\n"],
)
def test_what_cannot_be_parsed_is_never_taken_for_clean(content: bytes) -> None:
    assert same(content) == "unread"


def test_deep_nesting_is_scanned_or_told() -> None:
    deep = "x = " + " + ".join(["'a'"] * 700) + "\neval(x)\n"
    assert [issue[0] for issue in told(GATED, deep.encode())] == ["B307"]
    assert told(GATED, ("(" * 5000 + ")" * 5000).encode()) == "unread"


def test_the_gates_are_trusted_for_a_known_bandit_only() -> None:
    assert BanditRun().gated
    assert not is_known(("bandit.plugins.exec", "bandit_of_somebody.plugin"))


def test_a_tree_is_freed_when_its_file_is_done() -> None:
    tree = ast.parse(STRINGS)
    visitor = Visitor(GATED._tests, "a.py", STRINGS.encode(), nosec_of(b""))
    visitor.visit(tree)
    assert visitor.issues
    # Nodes without fields are one and the same for all trees of the interpreter: bandit itself marks those for good.
    assert not any(hasattr(node, "_bandit_parent") for node in ast.walk(tree) if node._fields)


def test_the_walk_visits_what_ast_walks() -> None:
    seen: list[ast.AST] = []
    kinds = dict.fromkeys(
        (ast.Call, ast.Constant, ast.FunctionDef, ast.ExceptHandler, ast.Assert), seen.append
    )
    tree = ast.parse(CALLS + STRINGS)
    Walk(dict(kinds)).below(tree)
    assert set(seen) == {node for node in ast.walk(tree) if node.__class__ in kinds}


def test_every_test_of_bandit_has_a_rule_of_ours() -> None:
    from bandit.core import extension_loader  # type: ignore[import-untyped] # ships no types

    manager = extension_loader.MANAGER
    ids = {plugin.plugin._test_id for plugin in manager.plugins}
    ids |= {check["id"] for checks in manager.blacklist.values() for check in checks}
    for test_id in ids:
        for severity in ("HIGH", "MEDIUM", "LOW"):
            assert rule_of(test_id, severity).startswith(f"code.{test_id}")


@pytest.mark.parametrize(
    ("test_id", "severity", "rule", "ours"),
    [
        ("B602", "HIGH", "code.B602", "critical"),
        ("B602", "LOW", "code.B602.low", "low"),
        ("B307", "MEDIUM", "code.B307", "high"),
        ("B505", "HIGH", "code.B505.high", "high"),
        ("B999", "MEDIUM", "code.unknown.medium", "high"),
    ],
)
def test_severities_are_our_own(test_id: str, severity: str, rule: str, ours: str) -> None:
    assert rule_of(test_id, severity) == rule
    assert scan_rules()[rule].severity == ours


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ('q = f"SELECT {COLUMNS} FROM t WHERE id = ?"', "code.B608.constant"),
        ('q = (\n    f"SELECT {COLUMNS} "\n    f"FROM {TABLE} x"\n)', "code.B608.constant"),
        ('q = f"SELECT {COLUMNS} FROM t WHERE id = {x}"', "code.B608"),
        ('q = f"SELECT {COLUMNS} FROM t WHERE id = " + x', "code.B608"),
        ('q = "SELECT * FROM %s t" % TABLE', "code.B608"),
        ('q = f"SELECT {COLUMNS[x]} FROM t "', "code.B608"),
        ("yaml.load(x)", "code.B506"),
        ("yaml.load(x, Loader=yaml.Loader)", "code.B506"),
        ("yaml.load(x, Loader=UnsafeLoader)", "code.B506"),
        ("yaml.load(x, Loader=loader)", "code.B506.loader"),
        ('yaml.load(x, Loader=getattr(yaml, "CSafeLoader", y))', "code.B506.loader"),
    ],
)
def test_blunt_cases_have_rules_of_their_own(statement: str, rule: str) -> None:
    answer = open_engine(KEY)("a.py", f"import yaml\n{statement}\n".encode())
    assert [found.rule for found in answer.found] == [rule]


def test_no_password_reaches_an_excerpt_or_a_detail() -> None:
    source = b'password = "hunter2hunter2"\nlogin(user, password="hunter2hunter2")\nx = eval(y, token="hunter2hunter2")\n'
    answer = open_engine(KEY)("a.py", source)
    assert {found.rule for found in answer.found} >= {"code.B105", "code.B106", "code.B307"}
    assert "hunter2" not in repr(answer.found)


def test_a_tree_is_scanned_with_its_ledger(pool: Pool, plant: Plant) -> None:
    root = plant(
        {
            "a.py": "eval(x)\n",
            "run": "#!/usr/bin/env python3\nexec(x)\n",
            "b.go": "",
            "c.txt": "",
            "d": "#!/bin/sh\n",
        }
    )
    result = scan_code(tree_of(root), pool)
    assert [(found.where, found.line, found.rule) for found in result.found] == [
        ("a.py", 1, "code.B307"),
        ("run", 2, "code.B102"),
    ]
    assert result.incomplete == ()
    assert (result.ledger.discovered, result.ledger.scanned) == (5, 2)
    assert result.ledger.adds_up
    assert result.facts["not scanned"] == "1 Go"
    assert all(canary.seen for canary in result.canaries)
    assert findings_of(result.found, KEY)[0].finding.severity == "high"


def test_a_file_that_is_no_python_makes_the_scan_incomplete(pool: Pool, plant: Plant) -> None:
    result = scan_code(tree_of(plant({"a.py": "x = 1\n", "b.py": "def (\n"})), pool)
    assert result.incomplete[0].startswith("b.py: it is not valid Python 3.")


@pytest.mark.parametrize("files", [{}, {"main.go": "package main\n"}])
def test_a_tree_without_python_is_incomplete(pool: Pool, plant: Plant, files: dict[str, str | bytes]) -> None:
    result = scan_code(tree_of(plant(files)), pool)
    assert "no Python file among" in result.incomplete[0]


def test_a_file_that_vanished_is_told(pool: Pool, plant: Plant) -> None:
    root = plant({"a.py": "x = 1\n", "b": "x"})
    tree = tree_of(root)
    for name in ("a.py", "b"):
        Path(root, name).unlink()
    result = scan_code(tree, pool)
    assert result.incomplete[0] == "a.py: cannot be read: No such file or directory"
    assert result.ledger.adds_up
