r"""Other people's text in Markdown, where it stays text.

A punctuation mark behind a backslash is never markup (CommonMark 0.31.2, section 2.4). Escaped
is what could start some, and no more, so that the source can be read as it stands. Bare web
addresses, which GitHub links though CommonMark does not, are broken by the same backslash.
"""

from __future__ import annotations

import re

__all__ = ["escaped", "paragraph", "quoted"]

MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!=])|(:)(?=/|\S+@)|(?<=www)(\.)", re.IGNORECASE)
BULLET = re.compile(r"^([-+]|\d+(?=[.)]))")  # what starts a list at the head of a line
LINES = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def escaped(text: str) -> str:
    r"""Escape one line: no markup, nothing unprintable, no break.

    Examples
    --------
    >>> print(escaped("# [x](https://y) <b>"))
    \# \[x\](https\://y) \<b\>
    """
    kept = "".join(c if c.isprintable() else " " for c in LINES.sub(" ", text))
    return MARKUP.sub(r"\\\g<0>", " ".join(kept.split()))


def paragraph(text: str) -> str:
    r"""Escape one line that stands by itself, so that it starts no list and no heading.

    Examples
    --------
    >>> print(paragraph("1. first"), paragraph("- x"))
    1\. first \- x
    """
    line = escaped(text)
    found = BULLET.match(line)
    if not found:
        return line
    if found[0].isdigit():
        return f"{found[0]}\\{line[found.end() :]}"
    return f"\\{line}"


def quoted(text: str) -> str:
    r"""Quote somebody's words, line by line, so that it is seen whose they are.

    Examples
    --------
    >>> print(quoted("Cheaper.\n\n## And so on"))
    > Cheaper.
    >
    > \#\# And so on
    """
    lines = [paragraph(line) for line in LINES.split(text.strip())]
    return "\n".join(f"> {line}".rstrip() for line in lines)
