"""floors.py DIR: holds the scores in DIR/{level}.json against the floors. Lowering one is a decision with a reason."""
import json, sys

# (level, row, figure, at least | at most, bound): shares, not per cent.
FLOORS = [
    ("standard", "style article", "CL_ch", "most", 0.001),
]
bad = 0
for level, row, figure, side, bound in FLOORS:
    got = json.load(open(f"{sys.argv[1]}/{level}.json"))[row][figure]
    ok = got >= bound if side == "least" else got <= bound
    print(f"{'ok ' if ok else 'BAD'} {level:10} {row:18} {figure:7} {got:.5f} (at {side} {bound})")
    bad += not ok
sys.exit(bad > 0)
