// The attendance grid: one key ticks, arrows move, each row is saved alone and can be taken back.
// Without this file the grid is a plain form with one button.

const form = document.querySelector("[data-attendance]");
const live = document.querySelector("#attendance-live");
const summary = document.querySelector("#attendance-summary");
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const KEYS = { p: "present", e: "excused", r: "represented", a: "absent", n: "" };
const LOST = "Le serveur ne répond pas : ce choix n’est pas enregistré.";
const SIGNED_OUT = "Votre session est terminée : reconnectez-vous, ce choix n’est pas enregistré.";

const rows = [...form.querySelectorAll("tr[data-key]")];
const states = new Map(rows.map((row) => [row, { saved: read(row), busy: false, again: false }]));

form.querySelector("[data-save-all]").hidden = true;
for (const item of document.querySelectorAll(".qp-attendance-keys")) item.hidden = false;

function field(row, name) {
  return form.elements[`${row.dataset.key}-${name}`];
}

function read(row) {
  return {
    presence: field(row, "presence").value,
    represented_by: field(row, "represented_by").value,
    note: field(row, "note").value,
  };
}

function write(row, values) {
  for (const radio of field(row, "presence")) radio.checked = radio.value === values.presence;
  field(row, "represented_by").value = values.represented_by;
  field(row, "note").value = values.note;
}

// --- Saving ---------------------------------------------------------------------------------------

async function post(body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    const response = await fetch(form.dataset.markUrl, { method: "POST", headers, body });
    if (response.redirected) return { status: 401, message: SIGNED_OUT };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      return { status: response.status, message: LOST };
    }
    return { status: response.status, ...(await response.json()) };
  } catch {
    return { status: 0, message: LOST };
  }
}

async function save(row) {
  const state = states.get(row);
  if (state.busy) {
    state.again = true;
    return;
  }
  state.busy = true;
  const values = read(row);
  const before = state.saved;
  const answer = await post(
    new URLSearchParams({ ...values, key: row.dataset.key, seen: field(row, "seen").value }),
  );
  state.busy = false;
  if (answer.status === 200) {
    state.saved = values;
    field(row, "seen").value = answer.seen;
    refresh(answer);
    praise(row, before);
  } else {
    if (answer.row) {
      write(row, answer.row);
      state.saved = read(row);
      field(row, "seen").value = answer.row.seen;
    }
    complain(row, answer);
  }
  if (state.again) {
    state.again = false;
    if (answer.status === 200) save(row);
  }
}

/** Redraw what depends on every row: totals, absent, warnings. */
function refresh(answer) {
  summary.innerHTML = answer.summary;
  for (const row of rows) {
    const sentences = answer.flags[row.dataset.key] ?? [];
    row.querySelector("[data-flags]").replaceChildren(
      ...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      }),
    );
  }
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "fr-link fr-link--sm";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}

function praise(row, before) {
  const mark = row.querySelector("[data-saved]");
  const takeBack = button("Annuler", () => {
    write(row, before);
    save(row);
    row.querySelector("input:checked")?.focus();
  });
  row.querySelector(".qp-attendance__error").hidden = true;
  for (const other of form.querySelectorAll("[data-saved]")) other.replaceChildren();
  mark.replaceChildren("Enregistré. ", takeBack);
  const name = row.querySelector(".qp-attendance__name").textContent.trim();
  const chosen = row.querySelector("input:checked + span .qp-attendance__word")?.textContent;
  live.textContent = `${name} : ${chosen}. Enregistré.`;
}

function complain(row, answer) {
  const error = row.querySelector(".qp-attendance__error");
  row.querySelector("[data-saved]").replaceChildren();
  error.replaceChildren(answer.message);
  if (![409, 422].includes(answer.status)) error.append(" ", button("Réessayer", () => save(row)));
  error.hidden = false;
  live.textContent = answer.message;
}

form.addEventListener("change", (event) => {
  const row = event.target.closest("tr[data-key]");
  if (row) save(row);
});
// Enter in a field saves its row (« change » has done it), not the whole form.
form.addEventListener("submit", (event) => event.preventDefault());

// --- Keyboard -------------------------------------------------------------------------------------

function tick(row, presence) {
  const radio = [...field(row, "presence")].find((item) => item.value === presence);
  radio.focus();
  if (radio.checked) return;
  radio.checked = true;
  save(row);
}

/** Move from cell to cell without ticking: up and down between rows, left and right inside one. */
function step(row, radio, key) {
  const column = [...field(row, "presence")].indexOf(radio);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const next = column + (key === "ArrowLeft" ? -1 : 1);
    field(row, "presence")[next]?.focus();
    return;
  }
  const next = rows[rows.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
  if (next) field(next, "presence")[column].focus();
}

form.addEventListener("keydown", (event) => {
  // A remark is one line: Enter keeps it.
  if (event.key === "Enter" && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.blur();
    return;
  }
  if (event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest("tr[data-key]");
  const key = event.key.toLowerCase();
  if (event.key.startsWith("Arrow")) step(row, event.target, event.key);
  else if (key in KEYS) tick(row, KEYS[key]);
  else if (key === "delete" || key === "backspace") tick(row, "");
  else return;
  event.preventDefault();
});
