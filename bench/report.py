"""The table and the picture of what bench/run measured."""
import math
import os
import textwrap

PEERS = {"plain": "plain C", "numpy": "NumPy"}

ABOUT = (
    "Written by `make bench`: medians, all programs interleaved on one machine. 1 is the best C+MPI that we know how to write; "
    "below 1 is faster. Spread is that of PDL's runs. GB/s is what the kernel must move, beside the STREAM triad of the same "
    "minutes; MB is the peak of a rank. Where there is no figure there is no such program, or its answer differs."
)

# What a row above 1.05 lacks, as far as it is known.
WHY = {
    "cg": "Not known yet. It makes as many passes as the C program and has as many arrays; the profile shows the loops of the "
    "iteration, 79 %, and no calls.",
    "ep": "The profile shows the loop alone, 37 % of it where it waits for a square root and two divisions, one of which is the "
    "logarithm's.",
    "logistic": "The profile: the loop, and 10 % calls of SLEEF's exponential from it.",
    "histogram": "The profile shows the loop alone: bins are integers of 64 bits that are held to their range and checked, in C they "
    "are floats that are held to it.",
    "prefix": "The profile shows the scan alone.",
}


def ratio(row, kind, of="expert"):
    """How much longer one takes than another; None where there is no such figure."""
    seconds = row["seconds"]
    if kind not in seconds or of not in seconds or {kind, of} & set(row["wrong"]):
        return None
    return seconds[kind] / seconds[of]


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}"


def line(row):
    rate = None if row["bytes"] is None else row["bytes"] / row["seconds"]["pdl"] / 1e9
    share = "" if rate is None else f"{rate:.1f} of {row['stream'] / 1e9:.1f}"
    memory = " / ".join(f"{row['memory'][kind] / 1e6:.0f}" for kind in ("pdl", "expert") if kind in row["memory"])
    wrong = f" wrong: {', '.join(row['wrong'])}" if row["wrong"] else ""
    cells = [row["kernel"], row["ranks"], f"{row['seconds']['pdl'] * 1e3:.3f}", number(ratio(row, "pdl")) + wrong]
    cells += [number(ratio(row, kind)) for kind in PEERS]
    cells += [f"{100 * row['spread']:.0f} %", share, memory, f"{row['compiling']:.2f}"]
    return "| " + " | ".join(map(str, cells)) + " |"


def mean(ratios):
    ratios = [x for x in ratios if x is not None]
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def write(rows, folder):
    heads = ["kernel", "ranks", "pdl ms", "pdl / best C", *(f"{peer} / best C" for peer in PEERS.values())]
    heads += ["spread", "GB/s of STREAM's", "MB pdl / C", "build s"]
    text = ["# What the benchmarks took", "", *textwrap.wrap(ABOUT, 110), ""]
    text += ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads), *map(line, rows), ""]
    for ranks in sorted({row["ranks"] for row in rows}):
        overall = mean(ratio(row, "pdl") for row in rows if row["ranks"] == ranks)
        text.append(f"Geometric mean at {ranks} rank{'s' if ranks > 1 else ''}: {number(overall)}.")
    text += ["", "![The same as a picture](results.svg)", "", "## Rows above 1.05", ""]
    slow = [row for row in rows if (ratio(row, "pdl") or 0) > 1.05]
    for name in dict.fromkeys(row["kernel"] for row in slow):
        figures = ", ".join(f"{number(ratio(row, 'pdl'))} at {row['ranks']}" for row in slow if row["kernel"] == name)
        is_sure = any(ratio(row, "pdl") > 1 + row["spread"] for row in slow if row["kernel"] == name)
        why = WHY.get(name, "Not known yet.") if is_sure else "Within the spread of its runs."
        text += textwrap.wrap(f"* **{name}** ({figures}): {why}", 110, subsequent_indent="  ")
    with open(os.path.join(folder, "results.md"), "w") as file:
        file.write("\n".join(text) + "\n")
    with open(os.path.join(folder, "results.svg"), "w") as file:
        file.write(picture(rows))


# The picture: a row for each kernel and number of ranks, time to the right on a logarithmic scale.
LEFT, WIDTH, TOP, STEP = 150, 600, 60, 22
COLOURS = {"pdl": "#b5482a", "plain": "#5b7f95", "numpy": "#8a8f3a"}
NAMES = {"pdl": "PDL", "plain": "plain C", "numpy": "mpi4py + NumPy"}


def picture(rows):
    def across(value):
        return LEFT + WIDTH * (math.log2(min(max(value, 0.25), 64)) + 2) / 8

    height = TOP + STEP * len(rows) + 20
    shapes = []
    for value in (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64):
        x, stroke = across(value), "#333" if value == 1 else "#ddd"
        shapes.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height - 20}" stroke="{stroke}"/>')
        shapes.append(f'<text x="{x:.1f}" y="{height - 6}" text-anchor="middle">{value:g}</text>')
    for place, (kind, name) in enumerate(NAMES.items()):
        x = LEFT + 150 * place
        shapes.append(f'<circle cx="{x}" cy="38" r="5" fill="{COLOURS[kind]}"/><text x="{x + 10}" y="42">{name}</text>')
    for place, row in enumerate(rows):
        y = TOP + STEP * place + 8
        shapes.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{row["kernel"]}, {row["ranks"]}</text>')
        for kind in NAMES:
            value = ratio(row, kind)
            if value is not None:
                label = f"{row['kernel']} at {row['ranks']}: {NAMES[kind]} {value:.2f}"
                shapes.append(f'<circle cx="{across(value):.1f}" cy="{y}" r="5" fill="{COLOURS[kind]}"><title>{label}</title></circle>')
    title = "Time over that of the best C+MPI; kernel and ranks at the left"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="white"/><text x="10" y="18" font-size="14">{title}</text>{"".join(shapes)}</svg>\n'
    )
