"""Python settings: names that a module or a class of it gives constants, dictionaries and lists included."""

import ast
from collections.abc import Iterator

from battery.scan.source.configuration.setting import Setting


def python_settings(tree: ast.Module) -> Iterator[Setting]:
    """Every constant that is assigned outside a function, as one setting."""
    yield from _of_body(tree.body, ())


def _of_body(body: list[ast.stmt], path: tuple[str, ...]) -> Iterator[Setting]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _of_body(statement.body, (*path, statement.name))
        elif isinstance(statement, ast.If):
            yield from _of_body([*statement.body, *statement.orelse], path)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from _of_value(statement.value, (*path, *_name(target)))
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield from _of_value(statement.value, (*path, *_name(statement.target)))


def _name(target: ast.expr) -> tuple[str, ...]:
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return (*_name(target.value), str(target.slice.value))
    return (target.attr,) if isinstance(target, ast.Attribute) else ()


def _of_value(value: ast.expr, path: tuple[str, ...]) -> Iterator[Setting]:
    if not path:
        return
    if isinstance(value, ast.Constant):
        yield Setting(path=path, value=str(value.value), line=value.lineno)
    elif isinstance(value, ast.Dict):
        for name, inner in zip(value.keys, value.values, strict=True):
            yield from _of_value(inner, (*path, str(name.value) if isinstance(name, ast.Constant) else "?"))
    elif isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        for inner in value.elts:
            yield from _of_value(inner, path)
