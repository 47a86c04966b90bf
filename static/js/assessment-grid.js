// The grid of an auto-diagnostic: one key answers, arrows move, each row is saved alone (saved-rows.js).

import { PAUSE, SavedRow, form, grid, say, serve, toolbar, undoable } from "./saved-rows.js";

const RESULTS = {
  c: "conforming",
  p: "partial",
  n: "nonconforming",
  s: "not_applicable",
  0: "not_assessed",
  delete: "not_assessed",
  backspace: "not_assessed",
};
const GAPS = ["partial", "nonconforming"];
const UNRATED = ["not_applicable", "not_assessed"];
const FIELDS = ["result", "maturity", "comment", "private_note"];

/** Same rule as modules.rules.assessments.filters_of. */
function matches(row, filter) {
  switch (filter) {
    case "a-faire":
      return row.result === "not_assessed";
    case "ecarts":
      return GAPS.includes(row.result);
    case "sans-preuve":
      return row.root.dataset.pieces === "0" && row.result !== "not_applicable";
    case "a-revoir":
      return "needsReview" in row.root.dataset;
    default:
      return true;
  }
}

/** A row that is only read: what the totals and the filters need. */
class ReadRow {
  constructor(root) {
    this.root = root;
    this.result = root.dataset.result;
    this.isDirty = false;
  }
}

class Row extends SavedRow {
  constructor(root) {
    super(root, { names: FIELDS, others: ["reviewed"], draft: "grille" });
  }

  get result() {
    return this.field("result").value;
  }

  /** Ticked, it confirms what was carried over without changing it. */
  get isReviewed() {
    return this.field("reviewed")?.checked ?? false;
  }

  get needsReview() {
    return "needsReview" in this.root.dataset;
  }

  /** Same rule as modules.rules.assessments.obstacle. */
  get obstacle() {
    const words = document.querySelector("[data-obstacles]").dataset;
    if (this.result === "not_assessed") return words.todo;
    if (this.needsReview) return words.review;
    const isExplained = this.field("comment").value.trim() !== "";
    return GAPS.includes(this.result) && !isExplained ? words.comment : "";
  }

  isToSend() {
    return this.isDirty || this.isReviewed;
  }

  alsoSent() {
    return this.isReviewed ? { reviewed: "on" } : {};
  }

  /** Answer with one key: a result, or a maturity. The same key confirms what was carried over. */
  answer(name, value) {
    const isSame = this.field(name).value === value;
    if (isSame && !this.needsReview) return;
    this.field(name).value = value;
    if (name === "result" && UNRATED.includes(value)) this.field("maturity").value = "";
    if (isSame && this.field("reviewed")) this.field("reviewed").checked = true;
    this.save();
  }

  typed() {
    this.keep();
    this.reckon();
    if (!this.conflict) this.later(PAUSE);
  }

  accept(answer, sent) {
    this.saved = { ...sent, maturity: answer.maturity };
    if (this.field("maturity").value === sent.maturity) {
      this.field("maturity").value = answer.maturity;
    }
    if (!this.isDirty) this.forget();
    if (!answer.needs_review) this.isRead();
  }

  isRead() {
    delete this.root.dataset.needsReview;
    for (const item of this.root.querySelectorAll("[data-review-mark]")) item.remove();
    delete this.fields.reviewed;
  }

  praise(answer) {
    super.praise(answer);
    const chosen = this.root.querySelector("input:checked + span .qp-tick__word").textContent;
    say(`${this.root.dataset.code} : ${chosen}. ${answer.message}.`);
  }

  theirs(panel) {
    return {
      result: panel.dataset.result,
      maturity: panel.dataset.maturity,
      comment: panel.querySelector('[data-theirs="comment"]').value,
      private_note: panel.querySelector('[data-theirs="private_note"]').value,
    };
  }

  reckon() {
    refresh();
  }
}

// --- What depends on every row: totals, filters, obstacles ---------------------------------------

const rows = [...grid.querySelectorAll("tr[data-row]")].map((root) =>
  form ? new Row(root) : new ReadRow(root),
);
const rowOf = (element) => rows.find((row) => row.root === element.closest("tr[data-row]"));

function refresh() {
  for (const item of toolbar.querySelectorAll("[data-total]")) {
    item.textContent = rows.filter((row) => row.result === item.dataset.total).length;
  }
  const assessed = rows.filter((row) => row.result !== "not_assessed").length;
  toolbar.querySelector("[data-progress]").value = assessed;
  toolbar.querySelector("[data-progress-words]").textContent = `${assessed} sur ${rows.length}`;
  for (const item of toolbar.querySelectorAll("[data-filter-count]")) {
    item.textContent = rows.filter((row) => matches(row, item.dataset.filterCount)).length;
  }
  if (form) refreshWriting();
}

function refreshWriting() {
  const waiting = rows.filter((row) => row.isDirty);
  for (const row of rows) row.root.classList.toggle("qp-grid__row--waiting", row.isWaiting);
  const state = toolbar.querySelector("[data-save-summary]");
  const isStuck = waiting.some((row) => row.isWaiting);
  state.textContent =
    waiting.length === 0
      ? "Tout est enregistré."
      : `${waiting.length} ligne${waiting.length > 1 ? "s" : ""} à enregistrer…`;
  state.classList.toggle("qp-grid-bar__saved--bad", isStuck);
  toolbar.querySelector("[data-undo]").disabled = undoable.length === 0;
  const blocking = rows.filter((row) => row.obstacle);
  const box = document.querySelector("[data-obstacles]");
  box.querySelector("[data-obstacles-none]").hidden = blocking.length > 0;
  box.querySelector("[data-obstacles-some]").hidden = blocking.length === 0;
  box.querySelector("ul").replaceChildren(...blocking.map(obstacleItem));
}

function obstacleItem(row) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${row.root.id}`;
  link.textContent = row.root.dataset.code;
  item.append(link, `\u00a0: ${row.obstacle}`);
  return item;
}

toolbar.addEventListener("click", (event) => {
  const link = event.target.closest("[data-filter]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.dataset.filter);
  history.replaceState(null, "", link.href);
});

// The filter is applied when it is chosen: a row does not leave while one is answering it.
function show(filter) {
  for (const row of rows) row.root.hidden = !matches(row, filter) && !row.isDirty;
  for (const link of toolbar.querySelectorAll("[data-filter]")) {
    if (link.dataset.filter === filter) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const kept = form?.elements.montrer;
  if (kept) kept.value = filter;
}

// A link to a row that the filter hides shows every row first.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#ligne-"]');
  if (link && document.querySelector(link.hash)?.hidden) show("");
});

// --- Keyboard -------------------------------------------------------------------------------------

/** The places of a row that take the focus, in the order of its columns. */
function stops(row) {
  return [
    ...row.field("result"),
    ...row.field("maturity"),
    row.field("comment"),
    row.field("private_note"),
  ];
}

/** Move without answering: up and down between the rows shown, left and right inside one. */
function move(row, from, key) {
  const places = stops(row);
  const column = places.indexOf(from);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    places[column + (key === "ArrowLeft" ? -1 : 1)]?.focus();
    return;
  }
  const shown = rows.filter((item) => !item.root.hidden);
  const next = shown[shown.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  stops(next)[column].focus();
  next.root.scrollIntoView({ block: "nearest" });
}

/** Inside a text, arrows belong to the text until its edge. */
function isAtEdge(area, key) {
  if (area.selectionStart !== area.selectionEnd) return false;
  const isBackward = key === "ArrowUp" || key === "ArrowLeft";
  return area.selectionStart === (isBackward ? 0 : area.value.length);
}

function pressed(event) {
  const { target } = event;
  const row = rowOf(target);
  if (!row || event.metaKey || event.altKey) return false;
  const isText = target.matches("textarea");
  if (!isText && target.type !== "radio") return false;
  const key = event.key.toLowerCase();
  if (event.ctrlKey) return key === "z" && !isText && undo();
  if (event.key.startsWith("Arrow")) {
    if (isText && !isAtEdge(target, event.key)) return false;
    move(row, target, event.key);
    return true;
  }
  if (isText) return false;
  if (key in RESULTS) row.answer("result", RESULTS[key]);
  else if (/^[1-4]$/.test(key)) row.answer("maturity", key);
  else return false;
  // The focus follows the answer, so that it never frames another one.
  const name = row.field("maturity").radios.includes(target) ? "maturity" : "result";
  row.field(name).radios.find((radio) => radio.checked)?.focus();
  return true;
}

function undo() {
  const last = undoable.pop();
  if (!last) return false;
  last.row.write(last.before);
  last.row.root.hidden = false;
  last.row.save({ isUndo: true });
  const chosen = last.row.root.querySelector("input:checked");
  chosen.focus();
  return true;
}

if (form) {
  grid.addEventListener("keydown", (event) => {
    if (pressed(event)) event.preventDefault();
  });
  grid.addEventListener("input", (event) => {
    if (event.target.matches("textarea[form]")) rowOf(event.target)?.typed();
  });
  grid.addEventListener("change", (event) => {
    const row = rowOf(event.target);
    if (!row || event.target.form !== form) return;
    if (event.target.name.endsWith("-result") && UNRATED.includes(row.result)) {
      row.field("maturity").value = "";
    }
    row.save();
  });
  toolbar.querySelector("[data-undo]").addEventListener("click", undo);
  serve(rows, { entrance: "comment" });
}
refresh();
