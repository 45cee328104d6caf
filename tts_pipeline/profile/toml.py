"""TOML read into a frozen struct, with errors that name file, key and line."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tts_pipeline.errors import ProfileError

T = TypeVar("T", bound=msgspec.Struct)

_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"(?P<kind>unknown|required) field `(?P<field>[^`]*)`")


def read(path: Path, kind: str) -> str:
    """The text of `path`; `kind` is what a person calls such a file.

    Raises:
        ProfileError: it is missing or cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProfileError(f"the {kind} {path} does not exist") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"the {kind} {path} cannot be read: {error}") from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """`text`, which stands in `path`, as TOML.

    Raises:
        ProfileError: naming the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path} is not valid TOML: {error}") from error


def convert(data: object, type_: type[T], path: Path, text: str, prefix: tuple[str, ...] = ()) -> T:
    """Check `data`, which stands in `text` below the table `prefix`, against `type_`."""
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        raise ProfileError(_explain(str(error), data, type_, path, text, prefix)) from error


def wrong(path: Path, text: str, keys: tuple[str, ...], message: str) -> ProfileError:
    """An error about the value at `keys`, with its line."""
    return ProfileError(f"{path}, line {line_of(text, keys)}: `{'.'.join(keys)}` {message}")


def line_of(text: str, keys: tuple[str, ...]) -> int:
    """The line, from 1, where the key stands, else that of the nearest enclosing table."""
    best, depth = 1, -1
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            table = _names(header[1])
            found = table
        elif assignment := re.match(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=", line):
            found = (*table, *_names(assignment[1]))
        else:
            continue
        if keys[: len(found)] == found and len(found) > depth:
            best, depth = number, len(found)
    return best


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(
        part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted)
    )


def _explain(
    message: str,
    data: object,
    type_: type[msgspec.Struct],
    path: Path,
    text: str,
    prefix: tuple[str, ...],
) -> str:
    """The validator's message in our words: where, what, and the nearest right key."""
    match = _AT.match(message)
    what, at = (match["what"], match["path"] or "$") if match else (message, "$")
    keys = prefix + tuple(re.findall(r"[^.$\[\]]+", at))
    field = _FIELD.search(what)
    if field is None:
        found = data
        for key in keys[len(prefix) :]:
            found = found.get(key) if isinstance(found, dict) else None
        line = line_of(text, keys)
        # A table or a list may hold an address with a password, which is not repeated.
        is_one = not isinstance(found, dict | list | None)
        shown = f" ({found!r} is written)" if is_one else ""
        name = ".".join(key for key in keys if key != "...")
        return f"{path}, line {line}: `{name}` {_told(what, type_, keys[len(prefix) :])}{shown}"
    name = field["field"]
    place = f" in [{'.'.join(keys)}]" if keys else ""
    if field["kind"] == "required":
        return f"{path}, line {line_of(text, keys)}: `{name}` is missing{place}"
    known = _fields(type_, keys[len(prefix) :])
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"known are: {', '.join(known)}"
    return f"{path}, line {line_of(text, (*keys, name))}: unknown key `{name}`{place}; {hint}"


_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a text in quotes",
    "array": "a list",
    "object": "a table",
}
_EXPECTED = re.compile(r"Expected `(?P<kinds>[^`]+)`, got `")


def _told(what: str, type_: type[msgspec.Struct], keys: tuple[str, ...]) -> str:
    """What a value must be, in the words of those who write TOML."""
    if what.startswith("Invalid enum value") and (known := _choices(type_, keys)):
        return f"must be one of {', '.join(known)}"
    expected = _EXPECTED.match(what)
    kinds = re.split(r"\s*\|\s*", expected["kinds"]) if expected else []
    told = [_KINDS[kind] for kind in kinds if kind in _KINDS]
    return f"must be {' or '.join(told)}" if told else f"is wrong: {what[0].lower()}{what[1:]}"


def _choices(type_: type[msgspec.Struct], keys: tuple[str, ...]) -> list[str]:
    """The values that the key may have, where they are few words."""
    info: msgspec.inspect.Type = msgspec.inspect.type_info(type_)
    for key in (*keys, None):
        if isinstance(info, msgspec.inspect.UnionType):
            plain = (msgspec.inspect.NoneType,)
            info = next(t for t in info.types if not isinstance(t, plain))
        if isinstance(info, msgspec.inspect.StructType):
            info = next((f.type for f in info.fields if f.encode_name == key), info)
        elif isinstance(info, msgspec.inspect.DictType):
            info = info.value_type
        elif isinstance(info, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
            info = info.item_type
    if isinstance(info, msgspec.inspect.LiteralType):
        return [str(value) for value in info.values]
    if isinstance(info, msgspec.inspect.EnumType):
        return [str(member.value) for member in info.cls]
    return []


def _fields(type_: type[msgspec.Struct], keys: tuple[str, ...]) -> list[str]:
    """The names that the table at `keys` may hold."""
    info: msgspec.inspect.Type = msgspec.inspect.type_info(type_)
    for key in (*keys, None):
        if isinstance(info, msgspec.inspect.UnionType):
            info = next(t for t in info.types if isinstance(t, msgspec.inspect.StructType))
        if isinstance(info, msgspec.inspect.DictType):
            info = info.value_type  # the validator's path leaves out which key it was
        if isinstance(info, msgspec.inspect.VarTupleType | msgspec.inspect.ListType):
            info = info.item_type
            continue  # the key is a place in the list
        if isinstance(info, msgspec.inspect.StructType):
            if key is None:
                return [field.encode_name for field in info.fields]
            info = next(field.type for field in info.fields if field.encode_name == key)
    return []
