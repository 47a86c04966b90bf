// A long form kept on this computer while it is written, and found again if the page was lost.
// Nothing leaves the browser; what was sent and accepted is forgotten.

const PREFIX = "qualepref:formulaire";
const SKIPPED = new Set(["csrfmiddlewaretoken", "revision", "submit"]);

function storage(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null; // A full or forbidden storage leaves the text where it is: in the page.
  }
}

const keyOf = (user, name) => `${PREFIX}:${user}:${name}`;

const done = document.querySelector("[data-draft-done]");
if (done) {
  const { draftUser, draftKey } = done.dataset;
  storage((store) => {
    store.removeItem(keyOf(draftUser, draftKey));
    for (const key of Object.keys(store)) {
      const isNew = key.startsWith(keyOf(draftUser, "action-nouvelle-"));
      if (isNew && JSON.parse(store.getItem(key)).sent) store.removeItem(key);
    }
  });
}

const holder = document.querySelector("[data-draft]");
const form = holder?.querySelector("form");

if (form) {
  const key = keyOf(holder.dataset.draftUser, holder.dataset.draft);
  const revision = () => form.elements.namedItem("revision")?.value ?? "";

  const typed = () =>
    [...new FormData(form)].filter(
      ([name, value]) => !SKIPPED.has(name) && typeof value === "string",
    );
  const first = JSON.stringify(typed());

  function keep(sent) {
    if (!sent && JSON.stringify(typed()) === first) return;
    const draft = { fields: typed(), revision: revision(), at: Date.now(), sent };
    storage((store) => store.setItem(key, JSON.stringify(draft)));
    if (!sent) say(`Gardé sur cet ordinateur à ${clock()}. Rien n’est encore enregistré.`);
  }

  function clock() {
    const now = new Date();
    return `${now.getHours()}\u00a0h\u00a0${String(now.getMinutes()).padStart(2, "0")}`;
  }

  const state = document.createElement("p");
  state.className = "qp-small";
  state.setAttribute("role", "status");
  form.append(state);
  function say(text) {
    state.textContent = text;
  }

  function restore(fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || SKIPPED.has(field.name)) continue;
      const given = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio")
        field.checked = given.includes(field.value);
      else if (field.tagName !== "BUTTON" && field.type !== "submit") field.value = given[0] ?? "";
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.querySelector("[data-checklist]")?.dispatchEvent(new Event("change"));
  }

  function offer(draft) {
    const box = document.createElement("div");
    box.className = "fr-alert fr-alert--info qp-alert";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent =
      "Une saisie de ce formulaire, jamais enregistrée, a été retrouvée sur cet ordinateur.";
    const acts = document.createElement("p");
    acts.className = "qp-acts";
    for (const [label, kind, run] of [
      ["Reprendre cette saisie", "secondary", () => restore(draft.fields)],
      ["L’oublier", "tertiary", () => storage((store) => store.removeItem(key))],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `fr-btn fr-btn--sm fr-btn--${kind}`;
      button.textContent = label;
      button.addEventListener("click", () => {
        run();
        box.remove();
        form.querySelector("input:not([type=hidden])")?.focus();
      });
      acts.append(button);
    }
    box.append(text, acts);
    holder.prepend(box);
  }

  const draft = storage((store) => JSON.parse(store.getItem(key)));
  // A page with errors already shows what was typed.
  const hasErrors = form.querySelector(".qp-error-summary") !== null;
  if (draft && !hasErrors && JSON.stringify(draft.fields) !== first) offer(draft);

  let timer = null;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(false), 800);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(true);
  });
}
