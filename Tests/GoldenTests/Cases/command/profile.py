"""Holds a profile to what must be so, however long everything took: `profile.py p.json RANKS`."""

import json
import math
import sys

profile, ranks = json.load(open(sys.argv[1])), int(sys.argv[2])
lines = {(line["file"], line["line"]): line for line in profile["lines"]}

# All of a rank's time belongs to some line; the timeline covers it without gaps.
assert profile["ranks"] == ranks and profile["measuredRanks"] == list(range(ranks))
for rank, whole in enumerate(profile["seconds"]):
    of_lines = sum(line["computing"][rank] + line["inMPI"][rank] for line in profile["lines"])
    assert math.isclose(of_lines, whole, rel_tol=1e-6, abs_tol=1e-6), (of_lines, whole)
    stretches = profile["timeline"][rank]["stretches"]
    assert stretches[0][0] == 0 and abs(stretches[-1][1] - 1e6 * whole) <= 1
    assert all(before[1] == after[0] for before, after in zip(stretches, stretches[1:]))
    assert sum(stretch[2] for stretch in stretches) <= 1e6 * whole

# What was sent is what explain says, as often as it was sent; records of parts may be sent once more.
for sent in profile["messages"]:
    if sent["line"] > 0 and len(sent["predicted"]) == 1:
        said = sent["predicted"][0]
        assert sent["bytes"] >= sent["times"] * said["bytes"] or said["isBound"], sent
        assert sent["bytes"] <= sent["times"] * said["bytes"] or said["mayRepeat"], sent
    assert all(seconds >= 0 for seconds in sent["seconds"])

assert all(line["inMPI"] == [0] for line in lines.values()) or ranks > 1
print("ended" if profile["hasEnded"] else profile["lastPlaces"])
print("lines", *sorted(f"{file}:{line}" for file, line in lines if line > 0))
print("sent", *sorted({f"{sent['line']} {sent['kind']} x {sent['times']}" for sent in profile["messages"]}), sep="; ")
