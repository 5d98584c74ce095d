"""Figures as part of a page: SVG that carries its own words for those who cannot see it, and clashes with no other.

Matplotlib names the parts of every figure alike, and sets a style for every element of the page that it finds itself
in. Several figures on one page therefore need names of their own, and no style that reaches beyond them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from markupsafe import Markup

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_ROOT_STYLE = {"stroke-linejoin": "round", "stroke-linecap": "butt"}


def inline_svg(path: Path, name: str, title: str, description: str) -> Markup:
    """Return a figure that Matplotlib wrote, ready to stand in a page.

    Parameters
    ----------
    path
        The SVG file.
    name
        Prefix of every identifier in it; no other figure of the page may have it.
    title, description
        What it shows, and what it says, for those who do not see it.

    Returns
    -------
    Markup
        An ``svg`` element without fixed size, comments, metadata or style sheet; its text is escaped.
    """
    root = ET.parse(path).getroot()
    for parent in root.iter():
        for child in [child for child in parent if _local(child) in ("metadata", "style")]:
            parent.remove(child)
    for element in root.iter():
        element.tag = _local(element)
        for key, value in list(element.attrib.items()):
            del element.attrib[key]
            element.set(key.removeprefix(f"{{{_XLINK}}}"), _renamed(key, value, name))
    root.attrib = {
        "viewBox": root.attrib["viewBox"], "role": "img", "aria-labelledby": f"{name}-title {name}-description",
        **_ROOT_STYLE,
    }  # fmt: skip
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, {"id": f"{name}-{'title' if tag == 'title' else 'description'}"})
        element.text = text
        root.insert(place, element)
    return Markup(ET.tostring(root, encoding="unicode"))


def _renamed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key.endswith("href") and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    return _REFERENCE.sub(rf"url(#{name}-\1)", value)


def _local(element: ET.Element) -> str:
    return str(element.tag).removeprefix(f"{{{_SVG}}}")
