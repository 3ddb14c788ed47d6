"""Writes the files that a page shows (a line that begins with `name` and ends with a colon, then a fenced block) to a folder."""

import pathlib
import re
import sys

page, folder = sys.argv[1:]
text = pathlib.Path(page).read_text(encoding="utf-8")
files = re.findall(r"^`([^`\n]+)`[^\n]*:\n\n```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
if not files:
    sys.exit(f"error: {page} shows no file")
for name, content in files:
    (pathlib.Path(folder) / re.split(r"[/\\]", name)[-1]).write_text(content, encoding="utf-8")
