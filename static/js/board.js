// The board of actions: a card changes column by mouse, by touch, by keyboard or by the form that it
// carries. Each drop sends that card alone, with the revision that was read; the server decides and
// answers the card as it stands. What the network loses waits here and is sent again, never twice:
// a move already done is recognised by its revision.

const board = document.querySelector("[data-board]");
const live = document.querySelector("[data-live]");
const pendingBox = document.querySelector("[data-pending]");
const dialog = document.querySelector("[data-reason-dialog]");
const dropBar = document.querySelector("[data-drop-bar]");

const RETRY = 5000;
const TIME_LIMIT = 20000;
// How far the mouse goes before a press becomes a drag, in pixels.
const DRAG_FROM = 6;
const WAITING = "Enregistrement en attente";
const SAVING = "Enregistrement…";
const SIGNED_OUT =
  "Votre session est terminée ou ne permet pas cet acte. Reconnectez-vous dans un autre onglet : le déplacement attend ici.";

const columns = board ? [...board.querySelectorAll("[data-column]")] : [];
const stateOf = (card) => card.closest("[data-column]").dataset.column;
const columnOf = (state) => columns.find((column) => column.dataset.column === state);
const labelOf = (state) => columnOf(state).dataset.label;
const say = (text) => {
  live.textContent = text;
};
const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  document.querySelector('meta[name="csrf-token"]').content;
const quoted = (text) => `«\u00a0${text}\u00a0»`;
const nameOf = (card) => `Action n°\u00a0${card.dataset.number}`;

/** The columns that this card may join: state → { label, act, needsReason }. */
function targetsOf(card) {
  const options = card.querySelectorAll("[data-move] option");
  return new Map(
    [...options].map((option) => [
      option.value,
      {
        label: option.dataset.label,
        act: option.dataset.act,
        needsReason: "reason" in option.dataset,
      },
    ]),
  );
}

// --- Where cards stand ----------------------------------------------------------------------------

function recount() {
  for (const column of columns) {
    column.querySelector("[data-empty]").hidden = column.querySelector("[data-card]") !== null;
  }
}

/** Put the card in a column and follow the counts, which count hidden cards too. */
function place(card, state) {
  const from = card.closest("[data-column]");
  const to = columnOf(state);
  if (from === to) return;
  to.querySelector("[data-cards]").prepend(card);
  for (const [column, change] of [
    [from, -1],
    [to, 1],
  ]) {
    const count = column.querySelector("[data-count]");
    count.textContent = Number(count.textContent) + change;
  }
  recount();
}

function note(card, text, isBad = false) {
  const line = card.querySelector("[data-status]");
  line.textContent = text;
  line.hidden = text === "";
  line.classList.toggle("qp-card__status--bad", isBad);
}

// --- Sending --------------------------------------------------------------------------------------

// pk of the card → its move not yet answered: { target, reason }.
const waiting = new Map();
const busy = new Set();
let timer = null;

const cardOf = (pk) => board.querySelector(`[data-card="${pk}"]`);

async function send(pk) {
  if (busy.has(pk) || !waiting.has(pk)) return;
  busy.add(pk);
  const card = cardOf(pk);
  note(card, SAVING);
  const body = new URLSearchParams({
    ...waiting.get(pk),
    revision: card.dataset.revision,
    filters: board.dataset.filters,
  });
  try {
    const response = await fetch(card.dataset.url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      signal: AbortSignal.timeout(TIME_LIMIT),
    });
    const isAnswer =
      !response.redirected &&
      response.headers.get("Content-Type")?.startsWith("application/json");
    if (isAnswer) answered(pk, response.ok, await response.json());
    else postponed(pk, response.redirected || response.status === 403 ? SIGNED_OUT : WAITING);
  } catch {
    postponed(pk, WAITING);
  }
  busy.delete(pk);
  showWaiting();
}

function postponed(pk, words) {
  note(cardOf(pk), words, true);
  say(`${nameOf(cardOf(pk))} : ${words}`);
  clearTimeout(timer);
  timer = setTimeout(retry, RETRY);
}

function retry() {
  clearTimeout(timer);
  timer = null;
  for (const pk of [...waiting.keys()]) send(pk);
}

/** The server told where the card stands: draw it there. A reason refused stays to be sent again. */
function answered(pk, isDone, answer) {
  waiting.delete(pk);
  const area = dialog.querySelector("textarea");
  if (isDone && area.dataset.card === pk) area.value = "";
  const fresh = redrawn(cardOf(pk), answer.html);
  place(fresh, answer.state);
  note(fresh, answer.message, !isDone);
  say(answer.message);
}

function redrawn(card, html) {
  const hadFocus = card.contains(document.activeElement);
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  card.replaceWith(fresh);
  reveal(fresh);
  if (hadFocus) focusOn(fresh);
  return fresh;
}

function focusOn(card) {
  (card.querySelector("[data-grip]") ?? card.querySelector("a")).focus();
}

function showWaiting() {
  const count = waiting.size;
  pendingBox.hidden = count === 0 || timer === null;
  pendingBox.querySelector("[data-pending-text]").textContent =
    count > 1
      ? `${count} déplacements attendent d’être enregistrés. Gardez cette page ouverte : ils partiront dès que possible.`
      : "Un déplacement attend d’être enregistré. Gardez cette page ouverte : il partira dès que possible.";
}

// --- A move, whatever the hand --------------------------------------------------------------------

/** Put the card in a column at once, ask why when it must be told, and send. */
async function move(card, target) {
  const source = stateOf(card);
  if (source === target) return;
  if (waiting.has(card.dataset.card)) {
    say(`${nameOf(card)} : son déplacement précédent n’est pas encore enregistré.`);
    return;
  }
  const targets = targetsOf(card);
  const chosen = targets.get(target);
  if (!chosen) {
    const words = [...targets.values()].map((item) => quoted(item.label)).join(", ");
    const refusal = `Pas de ${quoted(labelOf(source))} à ${quoted(labelOf(target))}. Cette action peut passer à\u00a0: ${words}.`;
    note(card, refusal, true);
    say(`${nameOf(card)}. ${refusal}`);
    return;
  }
  let reason = "";
  if (chosen.needsReason) {
    reason = await askReason(card, chosen);
    if (reason === null) {
      say(`${nameOf(card)} reste dans ${quoted(labelOf(source))}.`);
      focusOn(card);
      return;
    }
  }
  const hadFocus = card.contains(document.activeElement);
  place(card, target);
  if (hadFocus || reason) focusOn(card);
  waiting.set(card.dataset.card, { target, reason });
  send(card.dataset.card);
}

/** Resolve with the reason, or null when it is given up. What was typed stays until it is sent. */
function askReason(card, chosen) {
  const area = dialog.querySelector("textarea");
  const error = dialog.querySelector(".fr-error-text");
  dialog.querySelector("[data-reason-title]").textContent = chosen.act;
  dialog.querySelector("[data-reason-submit]").textContent = chosen.act;
  dialog.querySelector("[data-reason-what]").textContent =
    `${nameOf(card)} : ${card.querySelector(".qp-card__title").textContent.trim()}`;
  if (area.dataset.card !== card.dataset.card) area.value = "";
  area.dataset.card = card.dataset.card;
  error.hidden = true;
  dialog.showModal();
  area.focus();
  return new Promise((resolve) => {
    const done = new AbortController();
    const { signal } = done;
    const finish = (value) => {
      done.abort();
      dialog.close();
      resolve(value);
    };
    dialog.querySelector("form").addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        if (area.value.trim()) finish(area.value.trim());
        else {
          error.hidden = false;
          area.focus();
        }
      },
      { signal },
    );
    dialog
      .querySelector("[data-reason-cancel]")
      .addEventListener("click", () => finish(null), { signal });
    dialog.addEventListener(
      "cancel",
      (event) => {
        event.preventDefault();
        finish(null);
      },
      { signal },
    );
  });
}

// --- Keyboard -------------------------------------------------------------------------------------

let held = null; // { card, over } while a card is held by the keyboard

function mark(target, card) {
  for (const column of columns) {
    column.classList.toggle("qp-column--over", column.dataset.column === target);
  }
  const allowed = card ? targetsOf(card) : null;
  for (const column of columns) {
    const state = column.dataset.column;
    const isClosedTo = allowed && !allowed.has(state) && state !== stateOf(card);
    column.classList.toggle("qp-column--closed-to", Boolean(isClosedTo));
  }
}

function take(card) {
  held = { card, over: stateOf(card) };
  card.classList.add("qp-card--held");
  mark(held.over, card);
  const words = [...targetsOf(card).values()].map((item) => item.label).join(", ");
  say(
    `${nameOf(card)} prise, dans ${quoted(labelOf(held.over))}. Flèches pour choisir parmi\u00a0: ${words}. Espace pour poser, Échap pour renoncer.`,
  );
}

function letGo() {
  held.card.classList.remove("qp-card--held");
  mark(null, null);
  held = null;
}

function choose(step) {
  const allowed = targetsOf(held.card);
  const states = columns
    .map((column) => column.dataset.column)
    .filter((state) => allowed.has(state) || state === stateOf(held.card));
  const next = states[states.indexOf(held.over) + step];
  if (!next) return;
  held.over = next;
  mark(next, held.card);
  columnOf(next).scrollIntoView({ block: "nearest", inline: "nearest" });
  const act = allowed.get(next)?.act;
  say(act ? `${labelOf(next)} : ${act}.` : `${labelOf(next)}, sa place actuelle.`);
}

function pressed(event) {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || event.ctrlKey || event.metaKey || event.altKey) return false;
  const card = grip.closest("[data-card]");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (event.key === " " || event.key === "Enter") {
    if (!held) take(card);
    else {
      const { over } = held;
      letGo();
      if (over === stateOf(card)) say(`${nameOf(card)} reposée à sa place.`);
      else move(card, over);
    }
    return true;
  }
  if (event.key === "Escape" && held) {
    letGo();
    say(`${nameOf(card)} reste dans ${quoted(labelOf(stateOf(card)))}.`);
    return true;
  }
  if (step && held) {
    choose(step);
    return true;
  }
  return false;
}

// --- Mouse and touch ------------------------------------------------------------------------------

let drag = null; // { card, x, y, ghost, over, pointer }

function startDrag(event) {
  const card = event.target.closest("[data-card]");
  if (!card || event.button !== 0 || targetsOf(card).size === 0) return;
  // A finger drags by the grip only: elsewhere, it scrolls.
  const isGrip = event.target.closest("[data-grip]") !== null;
  if (!isGrip && (event.pointerType !== "mouse" || event.target.closest("details"))) return;
  if (held) letGo();
  drag = { card, x: event.clientX, y: event.clientY, ghost: null, over: null, pointer: event.pointerId };
}

function lift() {
  const { card } = drag;
  const box = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.removeAttribute("data-card");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("qp-card--ghost");
  ghost.style.setProperty("width", `${box.width}px`);
  ghost.style.setProperty("left", `${box.left}px`);
  ghost.style.setProperty("top", `${box.top}px`);
  board.append(ghost);
  drag.ghost = ghost;
  card.classList.add("qp-card--lifted");
  document.body.classList.add("qp-dragging");
  fillDropBar(card);
  mark(null, card);
}

/** On a narrow screen the columns are far: their names stand at the bottom while a card is held. */
function fillDropBar(card) {
  const places = columns.map((column) => {
    const place = document.createElement("span");
    const state = column.dataset.column;
    place.className = "qp-drop-bar__place";
    place.dataset.drop = state;
    place.textContent = column.dataset.label;
    const isOpen = targetsOf(card).has(state);
    place.classList.toggle("qp-drop-bar__place--closed", !isOpen);
    return place;
  });
  dropBar.replaceChildren(...places);
  dropBar.hidden = false;
}

function follow(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.ghost) {
    if (Math.hypot(right, down) < DRAG_FROM) return;
    lift();
  }
  event.preventDefault();
  drag.ghost.style.setProperty("transform", `translate(${right}px, ${down}px) rotate(1deg)`);
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const place = under?.closest("[data-drop], [data-column]");
  drag.over = place ? (place.dataset.drop ?? place.dataset.column) : null;
  mark(drag.over, drag.card);
  for (const item of dropBar.children) {
    item.classList.toggle("qp-drop-bar__place--over", item.dataset.drop === drag.over);
  }
  scrollNearEdges(event.clientY);
}

function scrollNearEdges(y) {
  const margin = 48;
  const isByBar = getComputedStyle(dropBar).display !== "none";
  if (y < margin) window.scrollBy(0, -12);
  else if (!isByBar && y > window.innerHeight - margin) window.scrollBy(0, 12);
}

function endDrag(isDropped) {
  if (!drag) return;
  const { card, ghost, over } = drag;
  drag = null;
  if (!ghost) return;
  ghost.remove();
  card.classList.remove("qp-card--lifted");
  document.body.classList.remove("qp-dragging");
  dropBar.hidden = true;
  mark(null, null);
  // The click that ends a drag must not follow the link of the card.
  window.addEventListener("click", stopClick, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", stopClick, { capture: true }), 50);
  if (isDropped && over) move(card, over);
}

function stopClick(event) {
  event.preventDefault();
  event.stopPropagation();
}

// --- Start ----------------------------------------------------------------------------------------

function reveal(root) {
  for (const item of root.querySelectorAll("[data-script-only]")) item.hidden = false;
}

if (board) {
  reveal(document);
  board.addEventListener("keydown", (event) => {
    if (pressed(event)) event.preventDefault();
  });
  // Firefox clicks a button on the release of Space: the press has already been answered.
  board.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest?.("[data-grip]")) event.preventDefault();
  });
  board.addEventListener("focusout", (event) => {
    if (held && event.relatedTarget && !held.card.contains(event.relatedTarget)) letGo();
  });
  board.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-move]")) return;
    event.preventDefault();
    const card = event.target.closest("[data-card]");
    event.target.closest("details").open = false;
    card.querySelector("summary").focus();
    move(card, event.target.elements.target.value);
  });
  board.addEventListener("pointerdown", startDrag);
  board.addEventListener("dragstart", (event) => event.preventDefault());
  window.addEventListener("pointermove", follow, { passive: false });
  window.addEventListener("pointerup", (event) => {
    if (event.pointerId === drag?.pointer) endDrag(true);
  });
  window.addEventListener("pointercancel", () => endDrag(false));
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) endDrag(false);
  });
  pendingBox.querySelector("[data-pending-retry]").addEventListener("click", retry);
  window.addEventListener("online", retry);
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size > 0) event.preventDefault();
  });
}
