// The grid of the figures of a period: each row is saved alone when it is left, its rate computed as one
// types, undone with one key. Nothing typed is lost: until the server has answered, a row is also kept on
// this computer (localStorage). Without this file the grid is a plain form with one button.

const PAUSE = 2000; // after the last key typed in a comment
const RETRY = 8000;
const FIELDS = ["numerator", "denominator", "value", "status", "comment", "doubt"];
const NUMBERS = ["numerator", "denominator", "value"];
const NO_FIGURE = ["not_measured", "not_applicable"];
const STATUSES = { m: "measured", n: "not_measured", s: "not_applicable" };
const LOST = "Non enregistré : pas de réponse du serveur. Votre saisie est gardée, nouvel essai…";
const SIGNED_OUT =
  "Non enregistré : votre session est fermée. Connectez-vous dans un autre onglet ; votre saisie est gardée. Nouvel essai…";
const BROKEN =
  "Non enregistré : le serveur a rencontré une erreur. Votre saisie est gardée, nouvel essai…";

const form = document.querySelector("#grille");
const grid = document.querySelector("[data-grid]");
const toolbar = document.querySelector("[data-toolbar]");
const undoable = [];

// Read at each save: signing in again in another tab changes the token.
const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  form.querySelector('[name="csrfmiddlewaretoken"]').value;

/** « 1 234,5 » → 1234.5; NaN when it is no number, null when there is nothing. Same as amounts.py. */
function numberIn(text) {
  const bare = text.replace(/[\s']/g, "").replace("−", "-").replace(",", ".");
  if (bare === "") return null;
  return /^[+-]?\d+(\.\d+)?$/.test(bare) ? Number(bare) : NaN;
}

class Row {
  constructor(root) {
    this.root = root;
    this.key = root.dataset.row;
    this.fields = FIELDS.filter((name) => this.field(name));
    this.error = root.querySelector("[data-error]");
    this.mark = root.querySelector("[data-saved]");
    this.draft = `qualepref:mesures:${form.dataset.user}:${root.dataset.url}`;
    this.busy = false;
    this.timer = null;
    this.isWaiting = root.classList.contains("qp-grid__row--waiting");
    // What the last sending of the whole page refused is not saved yet.
    this.saved = this.isWaiting ? null : this.read();
    this.recover();
    this.compute();
  }

  field(name) {
    return form.elements[`row-${this.key}-${name}`];
  }

  get revision() {
    return this.field("revision");
  }

  get conflict() {
    return this.root.querySelector("[data-conflict]");
  }

  get isDirty() {
    return !this.saved || this.fields.some((name) => this.field(name).value !== this.saved[name]);
  }

  /** A numerator waits for its denominator; a comment alone waits for its figure. */
  get isWhole() {
    if (NO_FIGURE.includes(this.field("status").value)) return true;
    const [top, bottom] = ["numerator", "denominator"].map((name) => this.field(name)?.value.trim());
    if (Boolean(top) !== Boolean(bottom)) return false;
    if (top || this.field("value").value.trim()) return true;
    return this.revision.value !== "0" || !this.field("comment").value.trim();
  }

  read() {
    return Object.fromEntries(this.fields.map((name) => [name, this.field(name).value]));
  }

  write(values) {
    for (const name of this.fields) this.field(name).value = values[name];
    // Nothing is chosen as long as nothing is entered.
    if (!values.status) for (const radio of this.field("status")) radio.checked = false;
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
    refresh();
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** ``isLeft``: the person went elsewhere, so that a row half written is sent too: the server says what it lacks. */
  async save({ isUndo = false, isLeft = false } = {}) {
    clearTimeout(this.timer);
    refresh();
    if (this.busy || this.conflict || !this.isDirty || !(this.isWhole || isLeft)) {
      if (!this.isDirty) this.settled();
      return;
    }
    this.busy = true;
    this.keep();
    const sent = this.read();
    const before = this.saved;
    try {
      const response = await fetch(this.root.dataset.url, {
        method: "POST",
        body: new URLSearchParams({ ...sent, revision: this.revision.value }),
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" },
        signal: AbortSignal.timeout(20000),
      });
      await this.answered(response, sent, isUndo ? null : before);
    } catch {
      this.failed(LOST, true);
    }
    this.busy = false;
    refresh();
    // Typed while the request was under way.
    if (this.isDirty && !this.isWaiting) this.later(0);
  }

  async answered(response, sent, before) {
    if (response.redirected || response.status === 403) return this.failed(SIGNED_OUT, true);
    if (response.status === 409) return this.showConflict(await response.text());
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      return this.failed(BROKEN, true);
    }
    const answer = await response.json();
    if (!response.ok) return this.refused(answer);
    this.revision.value = answer.revision;
    this.root.toggleAttribute("data-done", answer.is_done);
    if (FIELDS.every((name) => !this.field(name) || this.field(name).value === sent[name])) {
      this.write(answer.fields);
      this.saved = this.read();
      this.forget();
    } else {
      this.saved = sent;
    }
    if (before) undoable.push({ row: this, before });
    this.praise(answer);
  }

  /** What is typed is what is stored: nothing more to say. */
  settled() {
    this.forget();
    if (this.conflict || !this.isWaiting) return;
    this.isWaiting = false;
    this.error.hidden = true;
    this.showDoubts([], Boolean(this.field("doubt").value));
    refresh();
  }

  praise(answer) {
    this.isWaiting = false;
    this.error.hidden = true;
    this.showDoubts([], Boolean(this.field("doubt").value));
    this.mark.className = "qp-grid__saved qp-grid__saved--good";
    this.mark.textContent = answer.message;
    const what = answer.shown ? `${answer.shown}. ` : "";
    toolbar.querySelector("[data-live]").textContent =
      `${this.root.dataset.name} : ${what}${answer.message}.`;
  }

  refused(answer) {
    if (answer.doubts?.length) {
      this.isWaiting = true;
      this.mark.textContent = "";
      this.error.hidden = true;
      this.showDoubts(answer.doubts, true);
      const said = `Non enregistré. ${answer.doubts.join(" ")} Corrigez cette valeur, ou dites pourquoi elle est juste.`;
      toolbar.querySelector("[data-live]").textContent = said;
      return;
    }
    this.failed(answer.message, false);
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

  failed(message, again) {
    this.isWaiting = true;
    this.keep();
    this.mark.textContent = "";
    this.error.textContent = message;
    this.error.hidden = false;
    if (again) this.later(RETRY);
  }

  /** Seen beside what is already said of the row, and heard. */
  showUnfinished() {
    this.mark.className = "qp-grid__saved qp-grid__saved--bad";
    this.mark.textContent = "Terminez cette ligne avant de valider ou de publier.";
    toolbar.querySelector("[data-live]").textContent = `${this.root.dataset.name} : ${this.mark.textContent}`;
  }

  showConflict(html) {
    this.isWaiting = true;
    this.keep();
    this.mark.textContent = "";
    this.error.hidden = true;
    this.root.querySelector(".qp-grid__foot").insertAdjacentHTML("beforebegin", html);
  }

  /** The two buttons of the conflict, in place; without JavaScript they send the page. */
  choose(which) {
    const panel = this.conflict;
    const theirs = Object.fromEntries(FIELDS.map((name) => [name, panel.dataset[name]]));
    this.revision.value = panel.dataset.revision;
    panel.remove();
    this.isWaiting = false;
    this.field("value").focus();
    if (which === "mine") {
      this.saved = null;
      this.save();
      return;
    }
    this.write(theirs);
    this.saved = this.read();
    this.forget();
    this.praise({ message: "Version de l’autre personne reprise", shown: "" });
    refresh();
  }

  keep() {
    try {
      const draft = { values: this.read(), revision: this.revision.value };
      localStorage.setItem(this.draft, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage leaves the figure where it is: in the page.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.draft);
    } catch {
      // Same as above.
    }
  }

  recover() {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(this.draft));
    } catch {
      return;
    }
    if (!draft || !this.saved) return;
    if (this.fields.every((name) => draft.values[name] === this.saved[name])) {
      this.forget();
      return;
    }
    // At the revision it was typed on: if somebody saved since, the server will tell.
    this.write(draft.values);
    this.revision.value = draft.revision;
    this.mark.textContent = "Saisie retrouvée sur cet ordinateur, pas encore enregistrée.";
    this.later(PAUSE);
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
  return wanted instanceof RadioNodeList || wanted.disabled ? radioOf(row) : wanted;
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

document.querySelector("[data-save-all]").hidden = true;
for (const item of document.querySelectorAll("[data-script-only]")) item.hidden = false;
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
grid.addEventListener("click", (event) => {
  const button = event.target.closest("[data-conflict] button");
  if (!button) return;
  event.preventDefault();
  rowOf(button).choose(button.name);
});
toolbar.querySelector("[data-undo]").addEventListener("click", undo);
window.addEventListener("online", () => {
  for (const row of rows) if (row.isDirty) row.save();
});

// Validating waits for what is being saved.
let isLeaving = false;
for (const act of document.querySelectorAll("form[data-after-saves]")) {
  act.addEventListener("submit", async (event) => {
    if (!rows.some((row) => row.isDirty || row.busy)) return;
    event.preventDefault();
    await Promise.all(rows.filter((row) => row.isDirty).map((row) => row.save()));
    while (rows.some((row) => row.busy)) await new Promise((done) => setTimeout(done, 50));
    const stuck = rows.find((row) => row.isDirty);
    if (stuck) {
      stuck.showUnfinished();
      stuck.root.scrollIntoView({ block: "center" });
      place(stuck, "value").focus();
      return;
    }
    isLeaving = true;
    act.submit();
  });
}
form.addEventListener("submit", () => {
  isLeaving = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && rows.some((row) => row.isDirty)) event.preventDefault();
});

// The head stays under the bar, whose height follows its lines.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--qp-grid-bar", `${toolbar.offsetHeight}px`);
}).observe(toolbar);
refresh();
