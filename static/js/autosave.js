// Texts saved while they are written. Nothing typed is lost: until the server has answered, each
// text is also kept on this computer (localStorage), and found again when the page is reopened.

const PAUSE = 2000; // after the last key
const LONGEST = 10000; // while somebody types without a pause
const RETRY = 8000;
const form = document.querySelector("form[data-autosave]");
const summary = document.querySelector("[data-save-summary]");

// Read at each save: signing in again in another tab changes the token.
const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  form.querySelector('[name="csrfmiddlewaretoken"]').value;

class Editor {
  constructor(root) {
    this.root = root;
    this.area = root.querySelector("textarea[form]");
    this.code = this.area.name.replace("texte-", "");
    this.revision = root.querySelector(`[name="revision-${this.code}"]`);
    this.state = root.querySelector("[data-save-state]");
    this.saved = this.area.value;
    this.key = `qualepref:${form.dataset.user}:${root.dataset.saveUrl}`;
    this.timer = null;
    this.typingSince = null;
    this.busy = false;
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("blur", () => this.isDirty && !this.conflict && this.save());
    root.addEventListener("click", (event) => this.chose(event));
    // A text refused by the last sending of the whole page is not saved yet.
    if (root.querySelector("[aria-invalid], [data-conflict]")) this.saved = null;
    this.recover();
  }

  get isDirty() {
    return this.area.value !== this.saved;
  }

  get conflict() {
    return this.root.querySelector("[data-conflict]");
  }

  say(text, kind = "") {
    this.state.textContent = text;
    this.state.className = `qp-save-state ${kind && `qp-save-state--${kind}`}`;
    showSummary();
  }

  typed() {
    if (!this.isDirty) {
      this.forget();
      return;
    }
    this.keep();
    if (this.conflict) return;
    this.say("Modifications en cours…");
    this.typingSince ??= Date.now();
    const wait = Date.now() - this.typingSince > LONGEST ? 0 : PAUSE;
    this.later(wait);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.busy || !this.isDirty) return;
    this.busy = true;
    this.typingSince = null;
    const sent = this.area.value;
    const body = new URLSearchParams({
      [`texte-${this.code}`]: sent,
      [`revision-${this.code}`]: this.revision.value,
    });
    this.say("Enregistrement…");
    let response = null;
    try {
      response = await fetch(this.root.dataset.saveUrl, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" },
        signal: AbortSignal.timeout(20000),
      });
      await this.answered(response, sent);
    } catch {
      this.failed("Non enregistré : pas de réponse du serveur. Nouvel essai…", true);
    }
    this.busy = false;
    if (response?.ok && this.isDirty && !this.conflict) this.later(PAUSE);
  }

  async answered(response, sent) {
    if (response.redirected || response.status === 403) {
      // The page of the login form, or a token of an older session.
      this.failed(
        "Non enregistré : votre session est fermée. Connectez-vous dans un autre onglet ; votre texte reste ici. Nouvel essai…",
        true,
      );
    } else if (response.ok) {
      const answer = await response.json();
      this.revision.value = answer.revision;
      this.saved = sent;
      if (!this.isDirty) this.forget();
      this.area.removeAttribute("aria-invalid");
      this.say(answer.message, "good");
    } else if (response.status === 409) {
      this.showConflict(await response.text());
    } else if (response.headers.get("Content-Type")?.startsWith("application/json")) {
      const answer = await response.json();
      this.area.setAttribute("aria-invalid", "true");
      this.failed(answer.error, false);
    } else if (response.status === 413) {
      this.area.setAttribute("aria-invalid", "true");
      this.failed("Non enregistré : ce texte est trop volumineux. Raccourcissez-le.", false);
    } else {
      this.failed("Non enregistré : le serveur a rencontré une erreur. Nouvel essai…", true);
    }
  }

  failed(text, again) {
    this.keep();
    this.say(text, "bad");
    if (again) this.later(RETRY);
  }

  showConflict(html) {
    this.keep();
    this.conflict?.remove();
    this.area.insertAdjacentHTML("beforebegin", html);
    this.say("Non enregistré : choisissez ci-dessus ce qui doit être gardé.", "bad");
  }

  // The three buttons of the panel, in place; without JavaScript they send the page.
  chose(event) {
    const button = event.target.closest('button[name^="choix-"]');
    if (!button) return;
    event.preventDefault();
    const panel = this.conflict;
    const texts = {
      theirs: panel.querySelector("[data-theirs]").value,
      both: panel.querySelector("[data-joined]").value,
    };
    this.revision.value = panel.dataset.revision;
    panel.remove();
    this.area.focus();
    if (button.value === "theirs") {
      this.area.value = this.saved = texts.theirs;
      this.forget();
      this.say("Texte repris de l’autre personne.", "good");
      return;
    }
    // What the server holds is theirs: anything else is still to be saved.
    this.saved = texts.theirs;
    if (button.value === "both") {
      this.area.value = texts.both;
      this.keep();
      this.say("Les deux textes sont réunis : relisez-les, puis enregistrez.");
      this.area.scrollIntoView({ block: "center" });
      return;
    }
    this.save();
  }

  keep() {
    try {
      const draft = { text: this.area.value, revision: this.revision.value, at: Date.now() };
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage leaves the text where it is: in the page.
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
    if (!draft || draft.text === this.area.value || this.saved === null) {
      if (draft && this.saved !== null) this.forget();
      return;
    }
    // At the revision it was typed on: if somebody saved since, the server will tell.
    this.area.value = draft.text;
    this.revision.value = draft.revision;
    this.say("Texte retrouvé sur cet ordinateur, pas encore enregistré.", "bad");
    this.later(PAUSE);
  }
}

function showSummary() {
  const waiting = editors.filter((editor) => editor.isDirty).length;
  summary.hidden = false;
  summary.textContent =
    waiting === 0
      ? "Tous les textes sont enregistrés."
      : `${waiting} texte${waiting > 1 ? "s" : ""} à enregistrer.`;
  summary.className = `qp-save-state qp-save-state--${waiting ? "bad" : "good"}`;
}

const editors = [];
for (const root of document.querySelectorAll("[data-editor]")) editors.push(new Editor(root));

window.addEventListener("online", () => {
  for (const editor of editors) if (editor.isDirty && !editor.conflict) editor.save();
});
// Leaving by the button that saves the whole page loses nothing: no question then.
let sending = false;
form.addEventListener("submit", () => {
  sending = true;
});
window.addEventListener("beforeunload", (event) => {
  if (!sending && editors.some((editor) => editor.isDirty)) event.preventDefault();
});
