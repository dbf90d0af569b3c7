// Sorting by a column's head and filtering of lines; the page says the same without it.
"use strict";
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0];
  if (body.rows.length < 3) continue;
  for (const head of table.tHead.rows[0].cells) {
    if (head.tagName !== "TH") continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => {
        const cell = row.cells[head.cellIndex];
        return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
      };
      const order = (one, two) => (typeof one === "number" ? two - one : two.localeCompare(one));
      const rows = [...body.rows].sort((one, two) => (up ? -1 : 1) * order(value(one), value(two)));
      body.append(...rows);
    });
  }
}
const filter = document.getElementById("filter");
if (filter) {
  const rows = [...document.querySelectorAll("table.lines tbody tr")];
  const said = document.querySelector("output[for=filter]");
  filter.closest("p").hidden = false;
  filter.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    said.textContent = wanted ? `${shown} of ${rows.length} lines` : "";
  });
}
