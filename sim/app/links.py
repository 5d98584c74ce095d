"""A state as the query of a link, and back, with nothing taken on trust."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sim.app.state import LIMITS, State, attributes
from sim.errors import UsageError, nearest

#: Names in a link, beside those of parameters, and how each value is read.
_WORDS = ("scenario", "baseline", "view", "deadline", "horizon")
_WHOLE = ("runs", "seed", "run")
_TEXT = "text"
_NUMBER = re.compile(r"[-+]?(\d{1,20}(\.\d{0,25})?|\.\d{1,25})([eE][-+]?\d{1,3})?", re.ASCII)


def to_link(state: State) -> str:
    """Return the query of a link; see `State.to_link`."""
    pairs = [(name, str(value)) for name, value in attributes(state)]
    pairs += [(name, repr(value)) for name, value in state.changes.items()]
    if state.text is not None:
        packed = base64.urlsafe_b64encode(zlib.compress(state.text.encode("utf-8", "surrogatepass"), 9))
        pairs.append((_TEXT, packed.decode("ascii").rstrip("=")))
    query = urlencode(pairs)
    if len(query) > LIMITS.link:
        raise UsageError("this scenario is too long for a link; keep its file instead")
    return query


def from_link(query: str) -> State:
    """Return the state of a link; see `State.from_link`."""
    if len(query) > LIMITS.link:
        raise UsageError(f"the link is longer than {LIMITS.link:,} characters; no link of the explorer is")
    query = query.removeprefix("?")
    if not query:
        return State()
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=400)
    except ValueError:  # and UnicodeDecodeError
        raise UsageError("the link is damaged: after the ? it must read name=value&name=value") from None
    given = dict(pairs)
    if len(given) < len(pairs):
        raise UsageError("the link gives a name twice; it must give each once")
    values: dict[str, Any] = {}
    changes: dict[str, float] = {}
    for name, value in given.items():
        if name in _WORDS:
            values[name] = value
        elif name in _WHOLE:
            values[name] = _whole(name, value)
        elif name == _TEXT:
            values[name] = _unpacked(value)
        elif "." in name:
            changes[name] = _number(name, value)
        else:
            known = (*_WORDS, *_WHOLE, _TEXT)
            hint = nearest(name[:60], known) or "; parameters are given as russia.confidence"
            raise UsageError(f"the link names {name[:60]!r}, which the explorer does not know{hint}")
    return State(**values, changes=changes)


def _whole(name: str, value: str) -> int:
    if not re.fullmatch(r"\d{1,20}", value, re.ASCII):
        raise UsageError(f"the link gives {value[:40]!r} for {name}, which is no whole number")
    return int(value)


def _number(name: str, value: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise UsageError(f"the link gives {value[:40]!r} for {name[:60]}, which is no number")
    return float(value)


def _unpacked(value: str) -> str:
    """Return the text of an uploaded scenario, of which no more is unpacked than may be used."""
    try:
        packed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, 4 * LIMITS.text + 1)
        if not unpacking.eof or unpacking.unused_data:
            raise ValueError("not all of it, or more")
        return content.decode("utf-8")
    except (binascii.Error, zlib.error, ValueError):  # and UnicodeError
        raise UsageError("the link holds a scenario that is damaged or too long; open its file instead") from None
