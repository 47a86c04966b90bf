// Order of the agenda: by drag, and by the buttons without reloading. Without this file the buttons
// are plain forms.

const holder = document.querySelector("#agenda-tree");
const live = document.querySelector("#agenda-live");
const alertBox = document.querySelector("#agenda-error");
const token = document.querySelector('meta[name="csrf-token"]')?.content;
const MAX_DEPTH = 3;
let sortables = [];
// Acts leave one after the other: a key pressed twice quickly must not race with itself.
let queue = Promise.resolve();

const LOST = "Le serveur ne répond pas : l’ordre affiché n’est pas enregistré.";
const SIGNED_OUT = "Votre session est terminée : reconnectez-vous, puis recommencez.";

/** Send one act; return {status, message, html}. Never throws: a lost connection has status 0. */
async function send(url, body, type) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  if (type) headers["Content-Type"] = type;
  try {
    const response = await fetch(url, { method: "POST", headers, body });
    if (response.redirected) return { status: 401, message: SIGNED_OUT };
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      return { status: response.status, message: LOST };
    }
    return { status: response.status, ...(await response.json()) };
  } catch {
    return { status: 0, message: LOST };
  }
}

function tell(sentence) {
  alertBox.hidden = true;
  live.textContent = sentence;
}

/** Show why nothing was saved. Another's change asks to reload, a lost connection to try again. */
function complain(answer, again) {
  live.textContent = "";
  const button = alertBox.querySelector("button");
  const reload = answer.status === 409 || answer.status === 401;
  alertBox.querySelector("p").textContent = answer.message;
  button.textContent = reload ? "Recharger la page" : "Réessayer";
  button.onclick = reload ? () => window.location.reload() : again;
  alertBox.hidden = false;
}

function draw(answer) {
  holder.innerHTML = answer.html;
  tell(answer.message);
  prepare();
}

// --- Buttons --------------------------------------------------------------------------------------

async function move(form, direction) {
  const pk = form.querySelector('[name="item_pk"]').value;
  const body = new URLSearchParams({ item_pk: pk, direction });
  const answer = await send(form.action, body);
  if (answer.status !== 200) {
    complain(answer, () => move(form, direction));
    return;
  }
  draw(answer);
  const item = document.getElementById(`point-${pk}`);
  const moves = item.querySelector("[data-agenda-move]");
  // The same button, or another one where it has nowhere left to go.
  const next =
    moves.querySelector(`[value="${direction}"]:not([disabled])`) ??
    moves.querySelector("button:not([disabled])");
  (next ?? item).focus();
}

holder.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-agenda-move]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const direction = event.submitter.value;
  queue = queue.then(() => move(form, direction));
});

// --- Drag -----------------------------------------------------------------------------------------

function levelOf(list) {
  return list.closest(".qp-agenda__item") ? 1 + levelOf(list.parentElement.closest("ol")) : 1;
}

function heightOf(item) {
  const below = [...item.querySelectorAll(":scope > ol > li")].map(heightOf);
  return 1 + Math.max(0, ...below);
}

function read(list) {
  return [...list.children].map((item) => {
    const children = item.querySelector(":scope > ol");
    return { id: Number(item.dataset.pk), children: children ? read(children) : [] };
  });
}

async function save(root, moved) {
  for (const sortable of sortables) sortable.option("disabled", true);
  const body = JSON.stringify({ tree: read(root), seen: JSON.parse(root.dataset.order), moved });
  const answer = await send(root.dataset.reorderUrl, body, "application/json");
  for (const sortable of sortables) sortable.option("disabled", false);
  if (answer.status === 200) draw(answer);
  else complain(answer, () => save(root, moved));
}

function prepare() {
  const root = holder.querySelector("[data-agenda]");
  for (const sortable of sortables) sortable.destroy();
  sortables = [];
  if (!root || !window.Sortable) return;
  for (const handle of root.querySelectorAll(".qp-agenda__handle")) handle.hidden = false;
  for (const list of [root, ...root.querySelectorAll("ol")]) {
    sortables.push(
      window.Sortable.create(list, {
        handle: ".qp-agenda__handle",
        group: {
          name: "agenda",
          put: (to, from, item) => levelOf(to.el) + heightOf(item) - 1 <= MAX_DEPTH,
        },
        animation: 150,
        swapThreshold: 0.6,
        ghostClass: "qp-agenda__item--ghost",
        onStart: () => root.classList.add("qp-agenda--dragging"),
        onEnd: (event) => {
          root.classList.remove("qp-agenda--dragging");
          if (event.from === event.to && event.oldIndex === event.newIndex) return;
          save(root, Number(event.item.dataset.pk));
        },
      }),
    );
  }
}

window.addEventListener("DOMContentLoaded", prepare);
if (document.readyState !== "loading") prepare();
for (const hint of document.querySelectorAll(".qp-agenda-drag-hint")) hint.hidden = false;
