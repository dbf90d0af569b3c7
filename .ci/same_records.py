"""same_records.py A.jsonl B.jsonl: the same JSON values line by line (escapes may differ). Standard library only."""
import itertools, json, sys

with open(sys.argv[1], "rb") as a, open(sys.argv[2], "rb") as b:
    number = 0
    for number, (x, y) in enumerate(itertools.zip_longest(a, b), 1):
        if x is None or y is None or (x != y and json.loads(x) != json.loads(y)):
            sys.exit(f"record {number} differs: {x!r:.200} / {y!r:.200}")
print(f"{number} records came back as they were")
