// The grid of an auto-diagnostic: one key answers, arrows move, each row is saved alone. Nothing typed
// is lost: until the server has answered, a row is also kept on this computer (localStorage), and
// found again when the page is reopened. Without this file the grid is a plain form with one button.

const PAUSE = 2000; // after the last key typed in a text
const RETRY = 8000;
const form = document.querySelector("#grille");
const grid = document.querySelector("[data-grid]");
const toolbar = document.querySelector("[data-toolbar]");
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
const LOST = "Non enregistré : pas de réponse du serveur. Votre saisie est gardée, nouvel essai…";
const SIGNED_OUT =
  "Non enregistré : votre session est fermée. Connectez-vous dans un autre onglet ; votre saisie est gardée. Nouvel essai…";
const BROKEN = "Non enregistré : le serveur a rencontré une erreur. Votre saisie est gardée, nouvel essai…";

// Read at each save: signing in again in another tab changes the token.
const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  form.querySelector('[name="csrfmiddlewaretoken"]').value;

/** A row that is only read: what the totals and the filters need. */
class ReadRow {
  constructor(root) {
    this.root = root;
  }

  get result() {
    return this.root.dataset.result;
  }

  get needsReview() {
    return "needsReview" in this.root.dataset;
  }

  get isDirty() {
    return false;
  }

  /** Same rule as modules.rules.assessments.filters_of. */
  matches(filter) {
    switch (filter) {
      case "a-faire":
        return this.result === "not_assessed";
      case "ecarts":
        return GAPS.includes(this.result);
      case "sans-preuve":
        return this.root.dataset.pieces === "0" && this.result !== "not_applicable";
      case "a-revoir":
        return this.needsReview;
      default:
        return true;
    }
  }
}

const undoable = [];

/** The radios of one question. Kept at hand: form.elements walks through the whole grid to find them. */
class Choice {
  constructor(radios) {
    this.radios = radios;
  }

  get value() {
    return this.radios.find((radio) => radio.checked)?.value ?? "";
  }

  set value(value) {
    for (const radio of this.radios) radio.checked = radio.value === value;
  }

  [Symbol.iterator]() {
    return this.radios.values();
  }
}

function fieldOf(root, name) {
  const found = [...root.querySelectorAll(`[name="${name}"]`)];
  return found[0]?.type === "radio" ? new Choice(found) : found[0];
}

class Row extends ReadRow {
  constructor(root) {
    super(root);
    this.fields = Object.fromEntries(
      [...FIELDS, "revision", "reviewed"].map((name) => [
        name,
        fieldOf(root, `row-${root.dataset.row}-${name}`),
      ]),
    );
    this.revision = this.field("revision");
    this.reviewed = this.field("reviewed");
    this.error = root.querySelector("[data-error]");
    this.mark = root.querySelector("[data-saved]");
    this.saved = this.read();
    this.key = `qualepref:grille:${form.dataset.user}:${root.dataset.url}`;
    this.busy = false;
    this.timer = null;
    // What the last sending of the whole page refused is not saved yet.
    if (!this.error.hidden || this.conflict) this.saved = { result: null };
    this.recover();
  }

  field(name) {
    return this.fields[name];
  }

  get result() {
    return this.field("result").value;
  }

  get isDirty() {
    return FIELDS.some((name) => this.field(name).value !== this.saved[name]);
  }

  get conflict() {
    return this.root.querySelector("[data-conflict]");
  }

  /** Same rule as modules.rules.assessments.obstacle. */
  get obstacle() {
    const words = document.querySelector("[data-obstacles]").dataset;
    if (this.result === "not_assessed") return words.todo;
    if (this.needsReview) return words.review;
    const isExplained = this.field("comment").value.trim() !== "";
    return GAPS.includes(this.result) && !isExplained ? words.comment : "";
  }

  read() {
    return Object.fromEntries(FIELDS.map((name) => [name, this.field(name).value]));
  }

  write(values) {
    for (const name of FIELDS) this.field(name).value = values[name];
  }

  /** Answer with one key: a result, or a maturity. The same key confirms what was carried over. */
  answer(name, value) {
    const isSame = this.field(name).value === value;
    if (isSame && !this.needsReview) return;
    this.field(name).value = value;
    if (name === "result" && UNRATED.includes(value)) this.field("maturity").value = "";
    if (isSame && this.reviewed) this.reviewed.checked = true;
    this.save();
  }

  typed() {
    this.keep();
    refresh();
    if (!this.conflict) this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save({ isUndo = false } = {}) {
    clearTimeout(this.timer);
    refresh();
    if (this.busy || this.conflict) return;
    if (!this.isDirty && !this.reviewed?.checked) {
      this.forget();
      return;
    }
    this.busy = true;
    this.keep();
    const sent = this.read();
    const before = this.saved;
    const body = new URLSearchParams({ ...sent, revision: this.revision.value });
    if (this.reviewed?.checked) body.set("reviewed", "on");
    try {
      const response = await fetch(this.root.dataset.url, {
        method: "POST",
        body,
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
    if (this.isDirty && this.error.hidden && !this.conflict) this.later(0);
  }

  async answered(response, sent, before) {
    if (response.redirected || response.status === 403) return this.failed(SIGNED_OUT, true);
    if (response.status === 409) return this.showConflict(await response.text());
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      return this.failed(BROKEN, true);
    }
    const answer = await response.json();
    if (!response.ok) return this.failed(answer.message, false);
    this.revision.value = answer.revision;
    this.saved = { ...sent, maturity: answer.maturity };
    if (this.field("maturity").value === sent.maturity) {
      this.field("maturity").value = answer.maturity;
    }
    if (!this.isDirty) this.forget();
    if (!answer.needs_review) this.isRead();
    if (before?.result) undoable.push({ row: this, before });
    this.praise(answer.message);
  }

  isRead() {
    delete this.root.dataset.needsReview;
    for (const item of this.root.querySelectorAll("[data-review-mark]")) item.remove();
    this.reviewed = null;
  }

  praise(message) {
    this.error.hidden = true;
    this.mark.className = "qp-grid__saved qp-grid__saved--good";
    this.mark.textContent = message;
    const chosen = this.root.querySelector("input:checked + span .qp-tick__word").textContent;
    toolbar.querySelector("[data-live]").textContent =
      `${this.root.dataset.code} : ${chosen}. ${message}.`;
  }

  failed(message, again) {
    this.keep();
    this.mark.textContent = "";
    this.error.textContent = message;
    this.error.hidden = false;
    toolbar.querySelector("[data-live]").textContent = message;
    if (again) this.later(RETRY);
  }

  showConflict(html) {
    this.keep();
    this.mark.textContent = "";
    this.error.hidden = true;
    this.root.querySelector(".qp-grid__foot").insertAdjacentHTML("beforebegin", html);
  }

  /** The two buttons of the conflict, in place; without JavaScript they send the page. */
  choose(which) {
    const panel = this.conflict;
    const theirs = {
      result: panel.dataset.result,
      maturity: panel.dataset.maturity,
      comment: panel.querySelector('[data-theirs="comment"]').value,
      private_note: panel.querySelector('[data-theirs="private_note"]').value,
    };
    this.revision.value = panel.dataset.revision;
    panel.remove();
    this.saved = theirs;
    this.field("comment").focus();
    if (which === "mine") {
      this.save();
      return;
    }
    this.write(theirs);
    this.forget();
    this.praise("Version de l’autre personne reprise");
    refresh();
  }

  keep() {
    try {
      const draft = { values: this.read(), revision: this.revision.value };
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage leaves the answer where it is: in the page.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Same as above.
    }
  }

  recover() {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(this.key));
    } catch {
      return;
    }
    if (!draft || this.saved.result === null) return;
    if (FIELDS.every((name) => draft.values[name] === this.saved[name])) {
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
    item.textContent = rows.filter((row) => row.matches(item.dataset.filterCount)).length;
  }
  if (form) refreshWriting();
}

function refreshWriting() {
  const waiting = rows.filter((row) => row.isDirty);
  for (const row of rows) row.root.classList.toggle("qp-grid__row--waiting", !row.error.hidden);
  const state = toolbar.querySelector("[data-save-summary]");
  const isStuck = waiting.some((row) => !row.error.hidden || row.conflict);
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
  for (const row of rows) row.root.hidden = !row.matches(filter) && !row.isDirty;
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

// The head stays under the bar, whose height follows its lines.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--qp-grid-bar", `${toolbar.offsetHeight}px`);
}).observe(toolbar);

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
  document.querySelector("[data-save-all]").hidden = true;
  for (const item of document.querySelectorAll("[data-script-only]")) item.hidden = false;
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
  // Handing in waits for what is being saved.
  let isLeaving = false;
  for (const act of document.querySelectorAll("form[data-after-saves]")) {
    act.addEventListener("submit", async (event) => {
      if (!rows.some((row) => row.isDirty || row.busy)) return;
      event.preventDefault();
      await Promise.all(rows.filter((row) => row.isDirty).map((row) => row.save()));
      while (rows.some((row) => row.busy)) await new Promise((done) => setTimeout(done, 50));
      if (rows.some((row) => row.isDirty)) return;
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
}
refresh();
