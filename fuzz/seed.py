#!/usr/bin/env python3
"""Fills fuzz/corpus with beginnings made of the fixtures, one folder a target."""
import json
import pathlib

here = pathlib.Path(__file__).parent
fixtures = sorted((here.parent / "fixtures").glob("**/in.jsonl"))


def put(target: str, name: str, data: bytes) -> None:
    folder = here / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


for path in fixtures:
    lines = path.read_bytes().splitlines(keepends=True)
    texts = []
    for at, line in enumerate(lines):
        name = f"{path.parent.name}-{at}"
        put("record_reader", name, line)
        put("ledger", name, line)
        put("restore", name, b"\0\0" + line * 2 + b'\0{"doc":0}')
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            continue
        title = record.get("title") if isinstance(record.get("title"), str) else ""
        text = record["text"].encode("utf-8", "replace")
        titled = title.replace("\n", " ").encode("utf-8", "replace") + b"\n" + text
        texts.append(text)
        put("normalise", name, text)
        put("headlines", name, titled)
        for level in range(3):
            put("boilerplate", f"{name}-{level}", bytes([level]) + titled)
    for level in (4, 7, 9):
        put("shingles", f"{path.parent.name}-{level}", bytes([level]) + b"\0".join(texts)[:4096])
for path in sorted((here.parent / "fixtures" / "golden").glob("*/*.jsonl")):
    for at, line in enumerate(path.read_bytes().splitlines()):
        put("ledger", f"{path.parent.name}-{path.stem}-{at}", line)
