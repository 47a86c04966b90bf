// The matrix: arrows move from cell to cell, one cell only is reached by Tab, and a line tells why.
// Without this file every cell is a link, in the order of the page.

const why = document.querySelector("[data-why]");
const table = "table[data-matrix]";

for (const grid of document.querySelectorAll(table)) {
  const links = [...grid.querySelectorAll("tbody td a")];
  for (const link of links.slice(1)) link.tabIndex = -1;
}

function tell(cell) {
  const row = cell.parentElement;
  const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
  const service = head.querySelector("abbr")?.title ?? head.textContent.trim();
  const code = row.querySelector(".qp-matrix__code").textContent;
  why.textContent = `${code} · ${service} : ${cell.querySelector(".fr-sr-only").textContent}`;
  why.hidden = false;
}

function next(cell, key) {
  const row = cell.parentElement;
  if (key === "ArrowLeft") return cell.previousElementSibling;
  if (key === "ArrowRight") return cell.nextElementSibling;
  if (key === "Home") return row.cells[1];
  if (key === "End") return row.cells[row.cells.length - 2];
  const other = key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  return other?.cells[cell.cellIndex];
}

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("td.qp-mark");
  if (!cell || !KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const link = next(cell, event.key)?.querySelector("a");
  if (!link) return;
  event.target.tabIndex = -1;
  link.tabIndex = 0;
  link.focus();
});

for (const type of ["focusin", "mouseover"]) {
  document.addEventListener(type, (event) => {
    const cell = event.target.closest?.(`${table} td.qp-mark`);
    if (cell) tell(cell);
  });
}
