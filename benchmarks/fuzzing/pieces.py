"""What hostile input is made of: numbers, words and bytes that programs stumble over, and ways to spoil a file."""

from __future__ import annotations

from random import Random

#: A tree that will be written as YAML; a leaf is the text of a scalar as it will stand in the file.
Tree = dict[str, "Tree"] | list["Tree"] | str

NUMBERS = (
    "0", "1", "-0.0", "-1", "0.5", "1.0000000000000002", "0.99", "1e-320", "5e-324", "-5e-324", "1e308", "-1e308",
    "1.7976931348623157e308", "1e309", "1e999999999", ".inf", "-.inf", ".nan", "+.INF", "inf", "nan", "NaN",
    "9" * 400, "-" + "9" * 5000, "0." + "0" * 400 + "1", "1_000", "0x1F", "0o17", "0b11", "1:30:00", "\u0661\u0662",
    "¼", "1,5", "50%", "+1", "1.", ".5", "1e", "--1", "1 000", "2147483648", "9223372036854775808",
        "18446744073709551616",
)  # fmt: skip

WORDS = (
    "", " ", "~", "null", "true", "yes", "on", "off", "title", "hardball", "x" * 101, "x" * 5000, "é", "e\u0301",
    "\u202eevil\u202c", "a\u2066b", "\u200f\u200e", "\u200b", "\ufeff", "\U0001f469\u200d\U0001f680", "\U000e0041",
    "\ufffd", "\ufffe", "\u2028", "\u2029", "\u0085", "\x00", "\x1b[31m", "\x07", "\x7f", "\ud800", "\U0010ffff",
    "Z\u0351\u036b\u0343" * 30, "../../etc/passwd", "/dev/zero", "~/.ssh/id_rsa", "C:\\con", "%s%n{0}{x!r}", "${HOME}",
    "__class__", "__proto__", "constructor", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "&a", "*a", "!!str x",
    "<<", "? a", "- a", "|", ">", "@", "`", "#", "%YAML 1.1", "---", "...", ": ", "[", "{", "'", '"', "\t", "a: b: c",
    '"\\ud800"', '"\\U0010FFFF"', '"\\UFFFFFFFF"', '"\\x00"', '"\\u202e"', '"\\e[0m"', "'\n'",
)  # fmt: skip

DATES = (
    "2025-05-19", "2025-05-18", "2025-12-31", "2026-06-01", "2044-07-18", "2044-07-19", "0001-01-01", "9999-12-31",
    "0000-00-00", "10000-01-01", "2025-02-30", "2025-13-01", "2025-5-1", "20250601", "2025-W20-1",
    "2025-10-06T00:00:00", "2025-10-06 12:00:00Z", "-2025-10-06", "\u0662\u0660\u0662\u0665-10-06", "2025-10-06 ",
        "today", "1e9", "2025",
)  # fmt: skip

_TOKENS = (
    "\n", "\n  ", "\t", ": ", "- ", "[", "]", "{", "}", ",", "'", '"', "&a ", "*a", "!!python/object/apply:os.system ",
    "!t ", "|\n", ">\n", "# ", "? ", "%YAML 1.1\n", "%TAG ! tag:x,2000:\n", "---\n", "...\n", "<<: ", "null", "\\",
    "\ufeff", "\u202e", "\x00", "\x85", "\u2028", "\r", "\r\n",
)  # fmt: skip


def spoilt(content: bytes, random: Random) -> bytes:
    """Return a file with some bytes changed, taken out, repeated, moved, cut off or put in."""
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        at = random.randrange(len(content) + 1)
        to = min(len(content), at + random.choice((1, 1, 2, 5, 20, 200)))
        way = random.randrange(8)
        if way == 0:
            content = content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
        elif way == 1:
            content = content[:at] + content[to:]
        elif way == 2:
            content = content[:to] + content[at:]
        elif way == 3:
            content = content[:at] + random.choice(_TOKENS).encode() + content[at:]
        elif way == 4:
            content = content[:at] + random.choice(NUMBERS).encode() + content[to:]
        elif way == 5:
            content = content[:at] + random.choice(WORDS).encode("utf-8", "surrogatepass") + content[to:]
        elif way == 6:
            there = random.randrange(len(content) + 1)
            content = content[:there] + content[at:to] + content[there:]
        else:
            content = content[:at] if random.random() < 0.3 else content[:at] + random.randbytes(to - at) + content[to:]
    return content


def soup(random: Random) -> bytes:
    """Return the tokens of YAML in any order."""
    pieces = (*_TOKENS, *NUMBERS, *WORDS, "russia", "events", "extends", "title")
    text = "".join(random.choice(pieces) + random.choice(("", "", " ", "\n")) for _ in range(random.randrange(1, 40)))
    return text.encode("utf-8", "surrogatepass")


def written(tree: Tree, random: Random) -> bytes:
    """Return a tree as YAML, indented or in brackets, now and then with a line of its own twice."""
    lines = list(_lines(tree, "", random))
    if lines and random.random() < 0.05:
        lines.insert(random.randrange(len(lines)), random.choice(lines))
    ending = random.choice(("\n", "\n", "\n", "\r\n", "\r"))
    return (ending.join(lines) + ending).encode("utf-8", "surrogatepass")


def _lines(tree: Tree, indent: str, random: Random) -> list[str]:
    if isinstance(tree, str) or not tree or (indent and random.random() < 0.4):
        return [indent + _inline(tree)]
    lines = []
    children = tree.items() if isinstance(tree, dict) else [(None, child) for child in tree]
    entries = [("-" if key is None else f"{key}:", child) for key, child in children]
    for head, child in entries:
        if isinstance(child, str) or random.random() < 0.2:
            lines.append(f"{indent}{head} {_inline(child)}")
        else:
            lines += [indent + head, *_lines(child, indent + "  ", random)]
    return lines


def _inline(tree: Tree) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {_inline(child)}" for key, child in tree.items()) + "}"
    return tree if isinstance(tree, str) else "[" + ", ".join(map(_inline, tree)) + "]"
