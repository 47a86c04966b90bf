// The grid of the figures of a period: each row is saved alone when it is left (saved-rows.js), its rate
// computed as one types, undone with one key.

import { Choice, PAUSE, SavedRow, form, grid, say, serve, toolbar, undoable } from "./saved-rows.js";

const FIELDS = ["numerator", "denominator", "value", "status", "comment", "doubt"];
const NUMBERS = ["numerator", "denominator", "value"];
const NO_FIGURE = ["not_measured", "not_applicable"];
const STATUSES = { m: "measured", n: "not_measured", s: "not_applicable" };

/** « 1 234,5 » → 1234.5; NaN when it is no number, null when there is nothing. Same as amounts.py. */
function numberIn(text) {
  const bare = text.replace(/[\s']/g, "").replace("−", "-").replace(",", ".");
  if (bare === "") return null;
  return /^[+-]?\d+(\.\d+)?$/.test(bare) ? Number(bare) : NaN;
}

class Row extends SavedRow {
  constructor(root) {
    super(root, { names: FIELDS, draft: "mesures" });
    this.compute();
  }

  /** A numerator waits for its denominator; a comment alone waits for its figure. */
  get isWhole() {
    if (NO_FIGURE.includes(this.field("status").value)) return true;
    const [top, bottom] = ["numerator", "denominator"].map((name) => this.field(name)?.value.trim());
    if (Boolean(top) !== Boolean(bottom)) return false;
    if (top || this.field("value").value.trim()) return true;
    return this.revision.value !== "0" || !this.field("comment").value.trim();
  }

  /** A row half written is sent too when it is left: the server says what it lacks. */
  isToSend(isLeft) {
    return this.isDirty && (this.isWhole || isLeft);
  }

  write(values) {
    super.write(values);
    this.compute();
  }

  /** The value that two numbers make is read only; numbers say nothing once nothing is measured. */
  compute() {
    const isOut = NO_FIGURE.includes(this.field("status").value);
    for (const name of NUMBERS) if (this.field(name)) this.field(name).disabled = isOut;
    const top = this.field("numerator");
    if (!top) return;
    const [up, down] = [numberIn(top.value), numberIn(this.field("denominator").value)];
    const value = this.field("value");
    const isMade = up !== null && down !== null;
    if (value.readOnly && !isMade) value.value = "";
    value.readOnly = isMade;
    if (!isMade) return;
    const times = this.root.dataset.unit === "percent" ? 100 : 1;
    const places = this.root.dataset.unit === "percent" ? 2 : 1;
    const made = (up / down) * times;
    value.value = Number.isFinite(made)
      ? made.toLocaleString("fr-FR", { maximumFractionDigits: places })
      : "";
    if (this.saved && this.saved.numerator === top.value) this.saved.value = value.value;
  }

  typed() {
    this.compute();
    this.keep();
    // « Enregistré » is no longer true of what is shown.
    if (this.isDirty) this.mark.textContent = "";
    this.reckon();
  }

  accept(answer, sent) {
    this.root.toggleAttribute("data-done", answer.is_done);
    if (this.names.every((name) => this.field(name).value === sent[name])) {
      this.write(answer.fields);
      this.saved = this.read();
      this.forget();
    } else {
      this.saved = sent;
    }
  }

  calm() {
    super.calm();
    this.showDoubts([], Boolean(this.field("doubt").value));
  }

  praise(answer) {
    super.praise(answer);
    const what = answer.shown ? `${answer.shown}. ` : "";
    say(`${this.root.dataset.name} : ${what}${answer.message}.`);
  }

  refused(answer) {
    if (!answer.doubts?.length) {
      super.refused(answer);
      return;
    }
    this.isWaiting = true;
    this.mark.textContent = "";
    this.error.hidden = true;
    this.showDoubts(answer.doubts, true);
    say(
      `Non enregistré. ${answer.doubts.join(" ")} Corrigez cette valeur, ou dites pourquoi elle est juste.`,
    );
  }

  showDoubts(doubts, isShown) {
    const box = this.root.querySelector("[data-doubt]");
    box.hidden = !isShown;
    box.querySelector("[data-doubts]").replaceChildren(
      ...doubts.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
  }

  /** Seen beside what is already said of the row, and heard. */
  showUnfinished() {
    this.mark.className = "qp-grid__saved qp-grid__saved--bad";
    this.mark.textContent = "Terminez cette ligne avant de valider ou de publier.";
    say(`${this.root.dataset.name} : ${this.mark.textContent}`);
  }

  theirs(panel) {
    return Object.fromEntries(this.names.map((name) => [name, panel.dataset[name]]));
  }

  reckon() {
    refresh();
  }
}

const rows = [...grid.querySelectorAll("tr[data-row]")].map((root) => new Row(root));
const rowOf = (element) => rows.find((row) => row.root === element.closest("tr[data-row]"));

function refresh() {
  const all = grid.querySelectorAll("tr.qp-grid__row");
  const done = grid.querySelectorAll("tr.qp-grid__row[data-done]").length;
  toolbar.querySelector("[data-progress]").value = done;
  toolbar.querySelector("[data-progress-words]").textContent = `${done} sur ${all.length}`;
  const waiting = rows.filter((row) => row.isDirty);
  const stuck = waiting.filter((row) => row.isWaiting).length;
  const count = stuck || waiting.length;
  for (const row of rows) row.root.classList.toggle("qp-grid__row--waiting", row.isWaiting);
  const state = toolbar.querySelector("[data-save-summary]");
  state.textContent =
    waiting.length === 0
      ? "Tout est enregistré."
      : `${count} ligne${count > 1 ? "s" : ""} ${stuck ? "à vérifier : non enregistrée" + (count > 1 ? "s" : "") : "à enregistrer…"}`;
  state.classList.toggle("qp-grid-bar__saved--bad", stuck > 0);
  toolbar.querySelector("[data-undo]").disabled = undoable.length === 0;
}

// --- Keyboard -------------------------------------------------------------------------------------

/** The status that takes the focus: the one chosen, else the first. */
const radioOf = (row) =>
  row.root.querySelector("input:checked") ?? row.root.querySelector("input[type=radio]");

/** The place of a row that takes the focus, by column; a row without parts has fewer. */
function place(row, column) {
  const named = row.field(column);
  // The reason of a doubt is there only in the rows that are doubted.
  const wanted = named && !(named instanceof Element && named.closest("[hidden]")) ? named : row.field("value");
  return wanted instanceof Choice || wanted.disabled ? radioOf(row) : wanted;
}

function move(row, target, step) {
  const next = rows[rows.indexOf(row) + step];
  if (!next) return false;
  const item = place(next, target.name.slice(target.name.lastIndexOf("-") + 1));
  item.focus();
  item.select?.();
  next.root.scrollIntoView({ block: "nearest" });
  return true;
}

/** Inside a text, arrows belong to the text until its edge. */
function isAtEdge(target, isBackward) {
  if (target.selectionStart === null) return true;
  if (target.selectionStart === 0 && target.selectionEnd === target.value.length) return true;
  if (target.selectionStart !== target.selectionEnd) return false;
  return target.selectionStart === (isBackward ? 0 : target.value.length);
}

function sideways(row, target, step) {
  const stops = [...row.root.querySelectorAll("input:not([type=hidden]), textarea")].filter(
    (item) => item.form === form && !item.disabled && !item.closest("[hidden]"),
  );
  const next = stops[stops.indexOf(target) + step];
  next?.focus();
  next?.select?.();
  return Boolean(next);
}

function undo() {
  const last = undoable.pop();
  if (!last) return false;
  last.row.write(last.before);
  last.row.save({ isUndo: true });
  place(last.row, "value").focus();
  return true;
}

function pressed(event) {
  const { target } = event;
  const row = rowOf(target);
  if (!row || event.metaKey || event.altKey || target.form !== form) return false;
  const isText = target.matches("textarea");
  const isNumber = target.classList.contains("qp-entry__number");
  const key = event.key.toLowerCase();
  // While one types, the browser undoes letters.
  if (event.ctrlKey) return key === "z" && !row.isDirty && undo();
  if (key === "enter") {
    if (isText || target.type === "submit") return false;
    // Leaving a row saves it; there is nowhere to go from the last one.
    if (!move(row, target, 1)) row.save({ isLeft: true });
    return true;
  }
  if (key === "arrowup" || key === "arrowdown") {
    if (isText && !isAtEdge(target, key === "arrowup")) return false;
    return move(row, target, key === "arrowup" ? -1 : 1) || !isText;
  }
  if (key === "arrowleft" || key === "arrowright") {
    const isBackward = key === "arrowleft";
    if (target.type !== "radio" && !isAtEdge(target, isBackward)) return false;
    return sideways(row, target, isBackward ? -1 : 1) || target.type === "radio";
  }
  if (!(isNumber || target.type === "radio") || !(key in STATUSES)) return false;
  row.field("status").value = STATUSES[key];
  row.compute();
  row.save();
  if (target.disabled) radioOf(row).focus();
  return true;
}

grid.addEventListener("keydown", (event) => {
  if (pressed(event)) event.preventDefault();
});
grid.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (!row || event.target.form !== form) return;
  row.typed();
  if (event.target.matches("textarea")) row.later(PAUSE);
});
grid.addEventListener("change", (event) => {
  const row = rowOf(event.target);
  if (!row || event.target.form !== form) return;
  row.compute();
  row.save();
});
grid.addEventListener("focusout", (event) => {
  const row = rowOf(event.target);
  // The focus that goes nowhere (another window, a click beside) leaves nothing.
  if (!row || !event.relatedTarget || rowOf(event.relatedTarget) === row) return;
  if (!row.isWhole && !row.isWaiting) row.save({ isLeft: true });
});
toolbar.querySelector("[data-undo]").addEventListener("click", undo);
// What is validated is what is seen here, with what was saved since the page came.
for (const seen of document.querySelectorAll("[name=seen]")) {
  seen.form.addEventListener("formdata", (event) => {
    const shown = rows.filter((row) => !grid.contains(seen) || row.root.contains(seen));
    event.formData.set("seen", shown.map((row) => `${row.root.dataset.row}:${row.revision.value}`).join(" "));
  });
}
serve(rows, {
  entrance: "value",
  stuck(row) {
    row.showUnfinished();
    row.root.scrollIntoView({ block: "center" });
    place(row, "value").focus();
  },
});
refresh();
