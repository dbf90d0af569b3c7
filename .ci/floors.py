"""floors.py DIR: holds the scores in DIR/{level}.json against the floors. Lowering one is a decision with a reason.

The pages are those the line model was trained on, so its recall here flatters it; README gives what it reaches on sites
it has not seen. What these floors hold is that nothing broke, and above all the content loss.
Standard library only.
"""
import json, sys

# (level, row, figure, at least | at most, bound): shares, not per cent.
FLOORS = [
    ("safe", "style article", "CL_ch", "most", 0.0003),
    ("safe", "style trafilatura", "CL_ch", "most", 0.0003),
    ("safe", "style soup", "CL_ch", "most", 0.0005),
    ("safe", "style article", "BR_ln", "least", 0.14),
    ("standard", "style article", "CL_ch", "most", 0.001),
    ("standard", "style trafilatura", "CL_ch", "most", 0.001),
    ("standard", "style article", "hurt", "most", 0.006),
    ("standard", "style article", "BR_ln", "least", 0.65),
    ("aggressive", "style article", "CL_ch", "most", 0.010),
    ("aggressive", "style article", "F1_ch", "least", 0.86),
    ("aggressive", "style soup", "F1_ch", "least", 0.90),
]
bad = 0
for level, row, figure, side, bound in FLOORS:
    got = json.load(open(f"{sys.argv[1]}/{level}.json"))[row][figure]
    ok = got >= bound if side == "least" else got <= bound
    print(f"{'ok ' if ok else 'BAD'} {level:10} {row:18} {figure:7} {got:.5f} (at {side} {bound})")
    bad += not ok
sys.exit(bad > 0)
