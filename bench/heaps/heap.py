"""A Python process with a full heap, to be dumped: syntax trees of the standard library, dicts, strings and bytes.

Usage: heap.py <file with one text path a line> <bytes>. Prints "ready", then waits for its stdin to close.
"""

import ast
import os
import pathlib
import sys


def rss() -> int:
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def sources(paths):
    while True:
        yield from pathlib.Path(os.__file__).parent.rglob("*.py")
        yield from map(pathlib.Path, paths)


texts, limit = sys.argv[1], int(sys.argv[2])
held = []
for path in sources(pathlib.Path(texts).read_text().split("\n")):
    if rss() >= limit:
        break
    data = path.read_bytes()
    text = data.decode("utf-8", "replace")
    words = {}
    for at, word in enumerate(text.split()):
        words.setdefault(word, []).append(at)
    held.append((data, text, words))
    if path.suffix == ".py":
        try:
            held.append(ast.parse(text))
        except (SyntaxError, ValueError):
            pass  # The standard library's tests hold broken files on purpose.
print("ready", flush=True)
sys.stdin.read()
