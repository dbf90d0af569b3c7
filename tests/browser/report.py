#!/usr/bin/env python3
"""Opens the report of a run in a browser and looks at what is there.

    python3 tests/browser/report.py target/release/copydesk            the checks
    python3 tests/browser/report.py --shots DIR REPORT.html            pictures of a page

The numbers are those of report.json; no request is made but for the file itself; it works without
JavaScript; hostile text stands as text; nothing is wider than a phone; text can be read in light
and dark. Says SKIPPED where there is no Chromium.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

from browser import Browser, find

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = "<script>document.title='taken'</script><img src=http://nowhere.test/x onerror=\"document.title='taken'\">\u202e\u200f\x1b[31mred"


class Tables(HTMLParser):
    """The tables of a page by caption, its visible text, and what it is made of."""

    def __init__(self, html):
        super().__init__()
        self.tables, self.text, self.tags = {}, [], []
        self.sum, self.table, self.row, self.cell, self.caption, self.quiet = None, None, None, None, None, 0
        self.in_sum = False
        self.feed(html)
        self.text = "".join(self.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if tag in ("script", "style"):
            self.quiet += 1
        elif tag == "table":
            self.table = []
        elif tag == "caption":
            self.caption = ""
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.cell = ["", attributes.get("data-v")]
        elif tag == "p" and attributes.get("class") == "sum":
            self.in_sum, self.sum = True, ""

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.quiet -= 1
        elif tag == "table":
            self.tables[self.caption] = [row for row in self.table if row]
            self.table = None
        elif tag == "tr" and self.table is not None:
            self.table.append(self.row)
            self.row = None
        elif tag in ("td", "th") and self.cell is not None:
            self.row.append((self.cell[0].strip(), self.cell[1]))
            self.cell = None
        elif tag == "p":
            self.in_sum = False

    def handle_data(self, data):
        if self.quiet:
            return
        self.text.append(data)
        if self.cell is not None:
            self.cell[0] += data
        elif self.table == [] and self.row is None and self.caption == "":
            self.caption = data
        if self.in_sum:
            self.sum += data

    def rows(self, start):
        found = [rows for caption, rows in self.tables.items() if caption and caption.startswith(start)]
        assert len(found) == 1, f"{len(found)} tables begin with {start!r}: {list(self.tables)}"
        return [[text for text, _ in row] for row in found[0][1:]]


def corpus(place):
    """Hostile text wherever a record can have it, beside sites that copy from each other."""
    rows = []
    for number in range(24):
        words = " ".join(f"word{number // 3}x{at} of the council" for at in range(60))
        site = ["harrow.test", "varnel.test", "osk.test"][number % 3]
        rows.append({"id": f"r{number}", "url": f"https://{site}/{number}", "title": f"Story {number // 3}",
                     "text": f"Story {number // 3}\n\n{words}, says {site}.\n\nLeave a Reply\n\nYour email address will not be published."})
    hostile = {"id": HOSTILE, "title": HOSTILE, "url": f"https://{HOSTILE}/",
               "site": HOSTILE,
               "text": f"{HOSTILE}\n\n{HOSTILE}\n\nA sentence of some length stands here, and it stays.\n\nLeave a Reply\n\nShare this: {HOSTILE}"}
    wide = {"id": "w" * 400, "title": "", "text": "x" * 900 + "\n\nLeave a Reply\n\n" + "Your email address will not be published. " * 30}
    with open(place, "w", encoding="utf-8") as out:
        for row in [*rows, hostile, wide, hostile]:
            out.write(json.dumps(row) + "\n")
        out.write('{"id": "<b>", "text": {"' + "<script>" * 3 + '": 1}}\n{broken <script>\n{"' + "<i>" + '": 1}\n')


def grouped(number):
    return f"{number:,}"


def check_numbers(page, report):
    one = report["accounting"]
    expected = (f"read {grouped(one['read'])} = written {grouped(one['written'])} + duplicates {grouped(one['duplicates'])}"
                f" + dropped {grouped(one['dropped'])} + rejected {grouped(one['rejected'])}")
    assert page.sum == expected, (page.sum, expected)
    rules = {name: [rule["kind"] + (f" and {len(rule['kinds']) - 1} more" if len(rule["kinds"]) > 1 else ""),
                    grouped(rule["lines"]), grouped(rule["chars"])]
             for name, rule in report["rules"].items()}
    assert {row[0]: row[1:4] for row in page.rows("By rule")} == rules
    kinds = {}
    for rule in report["rules"].values():
        for name, took in rule["kinds"].items():
            kind = kinds.setdefault(name, [0, 0])
            kind[0] += took["lines"]
            kind[1] += took["chars"]
    shown = {row[0]: row[1:3] for row in page.rows("By kind")}
    assert shown == {name: [grouped(lines), grouped(chars)] for name, (lines, chars) in kinds.items()}
    times = [f"{report['times'][stage]:.3f}" for stage in ("learn", "clean", "decide", "write") if stage in report["times"]]
    assert [row[1] for row in page.rows("Seconds by stage")] == times
    lines = page.rows("Lines by how often")
    assert [row[1] for row in lines] == [grouped(line["count"]) for line in report["common_lines"] if line["count"] > 1]
    mends = {row[0]: row[1] for row in page.rows("Mended characters")}
    assert mends == {name.replace("_", " "): grouped(count) for name, count in report["mends"].items() if name != "gap"}
    sites = [row[1:4] for row in page.rows("The sites that lost most")]
    assert sites == [[grouped(site[what]) for what in ("documents", "lines", "chars")] for site in report["sites"]["most"]]
    pairs = page.rows("Pairs of sites")
    assert pairs and [row[:3] for row in pairs] == [
        [pair["survivor"], pair["duplicate"], grouped(pair["documents"])] for pair in report["sites"]["repeating"]]
    fine = report["similarity_hundredths"]
    for row in page.rows("Duplicates that were recorded"):
        least = round(float(row[0].split()[0]) * 100)
        assert row[1] == grouped(sum(fine[least:])), row
    sizes = {row[0]: row[1] for row in page.rows("Clusters by how many")}
    assert sizes == {f"{grouped(2 ** at)} to {grouped(2 ** (at + 1) - 1)}": grouped(count)
                     for at, count in enumerate(report["clusters"]["sizes"]) if at > 0}
    languages = sorted(row[1] for row in page.rows("Documents by language"))
    assert languages == sorted(grouped(count) for count in report["documents"]["languages"].values())
    scripts = {row[0]: row[1] for row in page.rows("Documents by script")}
    assert scripts == {name: grouped(count) for name, count in report["documents"]["scripts"].items()}
    lengths = page.rows("Documents by characters")
    assert sum(int(row[1].replace(",", "")) for row in lengths) == sum(report["documents"]["lengths_before"])
    for reason, count in report["rejects"].items():
        assert f"{reason} {grouped(count)}" in page.text, reason


def check_text(page):
    ours = [attributes for tag, attributes in page.tags if tag == "script"]
    assert ours == [{}], ours
    assert not [tag for tag, _ in page.tags if tag in ("img", "iframe", "object", "link", "form")]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>document.title='taken'</script>" in page.text
    assert "⟨U+202E⟩⟨U+200F⟩⟨U+001B⟩[31mred" in page.text
    for hidden in "\u202e\u200f\x1b":
        assert hidden not in page.text, repr(hidden)


# The least contrast of any text with what lies behind it (WCAG 2.2), and who has it.
CONTRAST = """(() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n.slice(0, 3), 1] : n; };
  const luminance = (rgb) => { const [r, g, b] = rgb.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (one) => { for (; one; one = one.parentElement) { const c = parse(getComputedStyle(one).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
  let least = [99, ""];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || ["SCRIPT", "STYLE", "TITLE", "DESC", "title", "desc"].includes(one.tagName)) continue;
    const style = getComputedStyle(one);
    const ink = parse(one.ownerSVGElement || one.tagName === "svg" ? style.fill : style.color), back = behind(one);
    const seen = ink.slice(0, 3).map((v, at) => v * Number(style.opacity) + back[at] * (1 - Number(style.opacity)));
    const [light, dark] = [luminance(seen), luminance(back.slice(0, 3))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < least[0]) least = [ratio, `${one.tagName}.${one.getAttribute("class")} ${walk.currentNode.data.slice(0, 40)}`];
  }
  return least;
})()"""


def check_looks(browser):
    for dark in (False, True):
        browser.dark(dark)
        ratio, who = browser.tell(CONTRAST)
        assert ratio >= 4.5, f"contrast {ratio:.2f} of {who}, dark: {dark}"
    browser.dark(False)
    browser.tell("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in (320, 390, 1200):
        browser.size(width, 800, mobile=width < 500)
        found = browser.tell("document.documentElement.scrollWidth")
        assert found <= width, f"{found} pixels wide where {width} are"
        broken = browser.tell("""[...document.querySelectorAll('.kinds th code, .strips th code')].filter((one) => one.getClientRects().length > 1)
            .map((one) => one.textContent)""")
        assert not broken or width < 390, f"names of kinds are broken at {width} pixels: {broken}"
        cut = browser.tell("""[...document.querySelectorAll('td.graph')].filter((one) => one.offsetWidth > 0
            && one.getBoundingClientRect().right > one.closest('.scroll').getBoundingClientRect().right + 1).length""")
        assert cut == 0 or width < 390, f"{cut} bars are cut off at {width} pixels"
    heads = browser.tell("[...document.querySelectorAll('h1,h2,h3,h4')].map((one) => Number(one.tagName[1]))")
    assert heads[0] == 1 and heads.count(1) == 1
    assert all(two <= one + 1 for one, two in zip(heads, heads[1:])), heads
    for what, missing in [
        ("table", "!one.caption"),
        ("svg[role=img]", "!(one.querySelector(':scope > title') && one.querySelector(':scope > desc'))"),
        ("section, nav, [role=region]", "!(one.getAttribute('aria-label') || document.getElementById(one.getAttribute('aria-labelledby')))"),
        ("th", "!one.scope"),
        ("nav a", "!document.querySelector(one.getAttribute('href'))"),
        ("input", "!one.labels.length"),
    ]:
        found = browser.tell(f"[...document.querySelectorAll({what!r})].filter((one) => {missing}).length")
        assert found == 0, f"{found} of {what} have no name, caption, scope or target"
    twice = browser.tell("(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); return ids.length - new Set(ids).size; })()")
    assert twice == 0, f"{twice} ids stand twice"


def check_script(browser):
    """Sorting and filtering do what they say, and the keyboard reaches them."""
    column = "[...document.querySelectorAll('table.lines tbody tr')].map((row) => row.cells[1].textContent.replaceAll(',', '')).map(Number)"
    browser.tell("document.querySelectorAll('table.lines thead button')[1].click()")
    down = browser.tell(column)
    browser.tell("document.querySelectorAll('table.lines thead button')[1].click()")
    up = browser.tell(column)
    assert down == sorted(down, reverse=True) and up == sorted(up) and up != down, (down, up)
    browser.tell("(() => { const one = document.getElementById('filter'); one.focus(); one.value = 'leave a'; one.dispatchEvent(new Event('input')); })()")
    shown = browser.tell("[...document.querySelectorAll('table.lines tbody tr')].filter((row) => !row.hidden && row.getBoundingClientRect().height > 0).map((row) => row.cells[0].textContent)")
    assert shown and all("leave a" in line.lower() for line in shown), shown
    assert browser.tell("document.activeElement.id") == "filter"


def check(program):
    path = find()
    if not path:
        print("SKIPPED: no Chromium here (CHROMIUM names one); the report was not opened in a browser", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        corpus(work / "hostile.jsonl")
        out = work / "out"
        subprocess.run([program, "run", ROOT / "fixtures/news.jsonl", ROOT / "fixtures/pages", work / "hostile.jsonl", "-o", out, "-q", "--site-field", "site"], check=True)
        report = json.loads((out / "report.json").read_text())
        url = (out / "report.html").as_uri()
        browser = Browser(path)
        try:
            for allowed in (False, True):
                browser.scripts(allowed)
                asked = browser.open(url)
                assert asked == [url], f"requests: {asked}"
                assert not browser.complaints(), browser.complaints()
                page = Tables(browser.html())
                check_numbers(page, report)
                check_text(page)
                buttons = sum(tag == "button" for tag, _ in page.tags)
                assert (buttons > 0) == allowed, f"{buttons} buttons, scripts allowed: {allowed}"
            assert browser.tell("document.title").startswith("copydesk run: "), "a script of the corpus ran"
            check_looks(browser)
            check_script(browser)
            assert browser.requests() == [url], f"requests: {browser.requests()}"
        finally:
            browser.close()
    print("the report in a browser: numbers, requests, scripts, hostile text, widths, contrast, names are as they should be")


def shots(folder, page):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    browser = Browser(find())
    try:
        for name, width, dark in [("desktop", 1200, False), ("dark", 1200, True), ("phone", 390, False)]:
            browser.dark(dark)
            browser.size(width, 900, mobile=width < 500)
            browser.open(pathlib.Path(page).resolve().as_uri())
            browser.shot(folder / f"{name}.png")
        browser.dark(False)
        browser.pdf(folder / "print.pdf")
    finally:
        browser.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--shots"]:
        shots(*sys.argv[2:4])
    else:
        check(sys.argv[1])
