// What the grids share: each row is saved alone, once. Nothing typed is lost: until the server has
// answered, a row is also kept on this computer (localStorage), and found again when the page is
// reopened. Without scripts a grid is a plain form with one button.

export const PAUSE = 2000; // after the last key typed in a text
const RETRY = 8000;
const GIVE_UP = 20000;
const LOST = "Non enregistré : pas de réponse du serveur. Votre saisie est gardée, nouvel essai…";
const SIGNED_OUT =
  "Non enregistré : votre session est fermée. Connectez-vous dans un autre onglet ; votre saisie est gardée. Nouvel essai…";
const BROKEN =
  "Non enregistré : le serveur a rencontré une erreur. Votre saisie est gardée, nouvel essai…";

export const form = document.querySelector("#grille");
export const grid = document.querySelector("[data-grid]");
export const toolbar = document.querySelector("[data-toolbar]");
export const undoable = [];

// Read at each save: signing in again in another tab changes the token.
const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  form.querySelector('[name="csrfmiddlewaretoken"]').value;

export function say(words) {
  toolbar.querySelector("[data-live]").textContent = words;
}

/** The radios of one question. Kept at hand: form.elements walks through the whole grid to find them. */
export class Choice {
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

/**
 * A row saved alone.
 *
 * A grid says which names it sends and what surrounds them: `accept` takes an answer, `theirs` reads
 * the version of somebody else, `reckon` redraws what depends on every row.
 */
export class SavedRow {
  constructor(root, { names, others = [], draft }) {
    const at = (name) => fieldOf(root, `row-${root.dataset.row}-${name}`);
    this.root = root;
    this.fields = Object.fromEntries(
      [...names, ...others, "revision"].map((name) => [name, at(name)]),
    );
    // A row without parts has neither numerator nor denominator.
    this.names = names.filter((name) => this.fields[name]);
    this.error = root.querySelector("[data-error]");
    this.mark = root.querySelector("[data-saved]");
    this.draft = `qualepref:${draft}:${form.dataset.user}:${root.dataset.url}`;
    this.busy = false;
    this.timer = null;
    this.isWaiting = root.classList.contains("qp-grid__row--waiting");
    // What the last sending of the whole page refused is not saved yet.
    this.saved = this.isWaiting ? null : this.read();
    this.recover();
  }

  field(name) {
    return this.fields[name];
  }

  get revision() {
    return this.fields.revision;
  }

  get conflict() {
    return this.root.querySelector("[data-conflict]");
  }

  get isDirty() {
    return !this.saved || this.names.some((name) => this.field(name).value !== this.saved[name]);
  }

  /** `isLeft`: the person went elsewhere. */
  isToSend(_isLeft) {
    return this.isDirty;
  }

  read() {
    return Object.fromEntries(this.names.map((name) => [name, this.field(name).value]));
  }

  write(values) {
    for (const name of this.names) this.field(name).value = values[name];
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save({ isUndo = false, isLeft = false } = {}) {
    clearTimeout(this.timer);
    this.reckon();
    if (this.busy || this.conflict) return;
    if (!this.isToSend(isLeft)) {
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
        body: new URLSearchParams({ ...sent, ...this.alsoSent(), revision: this.revision.value }),
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" },
        signal: AbortSignal.timeout(GIVE_UP),
      });
      await this.answered(response, sent, isUndo ? null : before);
    } catch {
      this.failed(LOST, true);
    }
    this.busy = false;
    this.reckon();
    // Typed while the request was under way.
    if (this.isDirty && !this.isWaiting) this.later(0);
  }

  alsoSent() {
    return {};
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
    this.accept(answer, sent);
    if (before) undoable.push({ row: this, before });
    this.praise(answer);
  }

  refused(answer) {
    this.failed(answer.message, false);
  }

  /** What is typed is what is stored: nothing more to say. */
  settled() {
    this.forget();
    if (!this.isWaiting) return;
    this.calm();
    this.reckon();
  }

  calm() {
    this.isWaiting = false;
    this.error.hidden = true;
  }

  praise(answer) {
    this.calm();
    this.mark.className = "qp-grid__saved qp-grid__saved--good";
    this.mark.textContent = answer.message;
  }

  failed(message, again) {
    this.isWaiting = true;
    this.keep();
    this.mark.textContent = "";
    this.error.textContent = message;
    this.error.hidden = false;
    if (again) this.later(RETRY);
  }

  showConflict(html) {
    this.isWaiting = true;
    this.keep();
    this.mark.textContent = "";
    this.error.hidden = true;
    this.root.querySelector(".qp-grid__foot").insertAdjacentHTML("beforebegin", html);
  }

  /** The two buttons of the conflict, in place; without JavaScript they send the page. */
  choose(which, entrance) {
    const panel = this.conflict;
    const theirs = this.theirs(panel);
    this.revision.value = panel.dataset.revision;
    panel.remove();
    this.isWaiting = false;
    this.saved = theirs;
    this.field(entrance).focus();
    if (which === "mine") {
      this.save();
      return;
    }
    this.write(theirs);
    this.saved = this.read();
    this.forget();
    this.praise({ message: "Version de l’autre personne reprise" });
    this.reckon();
  }

  keep() {
    try {
      const draft = { values: this.read(), revision: this.revision.value };
      localStorage.setItem(this.draft, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage leaves what is typed where it is: in the page.
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
    if (this.names.every((name) => draft.values[name] === this.saved[name])) {
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

/** What every grid does with its rows, once they exist; `stuck` receives the first that stays unsaved. */
export function serve(rows, { entrance, stuck = () => {} }) {
  const rowOf = (element) => rows.find((row) => row.root === element.closest("tr[data-row]"));
  document.querySelector("[data-save-all]").hidden = true;
  for (const item of document.querySelectorAll("[data-script-only]")) item.hidden = false;
  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-conflict] button");
    if (!button) return;
    event.preventDefault();
    rowOf(button).choose(button.name, entrance);
  });
  window.addEventListener("online", () => {
    for (const row of rows) if (row.isDirty) row.save();
  });
  // Handing in or validating waits for what is being saved.
  let isLeaving = false;
  for (const act of document.querySelectorAll("form[data-after-saves]")) {
    act.addEventListener("submit", async (event) => {
      if (!rows.some((row) => row.isDirty || row.busy)) return;
      event.preventDefault();
      await Promise.all(rows.filter((row) => row.isDirty).map((row) => row.save()));
      while (rows.some((row) => row.busy)) await new Promise((done) => setTimeout(done, 50));
      const left = rows.find((row) => row.isDirty);
      if (left) {
        stuck(left);
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
}

// The head stays under the bar, whose height follows its lines.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--qp-grid-bar", `${toolbar.offsetHeight}px`);
}).observe(toolbar);
