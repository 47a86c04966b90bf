// Warns before the session ends and lets it be prolonged. Limits, in seconds, are on <body>.

const token = document.querySelector('meta[name="csrf-token"]').content;
const total = Number(document.body.dataset.sessionSeconds);
const warning = Number(document.body.dataset.sessionWarningSeconds);
const dialog = document.getElementById("session-dialog");
const text = dialog.querySelector("[data-session-text]");
const keep = dialog.querySelector("[data-session-keep]");
// Every tab shares the session: activity in one counts for all.
const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;

let endsAt = 0;
let ended = false;
let said = "";

function renew() {
  endsAt = Date.now() + total * 1000;
  if (dialog.open) dialog.close();
}

function activity() {
  renew();
  channel?.postMessage("activity");
}

function say(sentence) {
  if (sentence === said) return;
  said = sentence;
  text.textContent = sentence;
}

function check() {
  if (ended) return;
  const left = Math.round((endsAt - Date.now()) / 1000);
  if (left <= 0) {
    ended = true;
    say("Votre session est terminée. Copiez ce que vous n’avez pas enregistré, puis reconnectez-vous.");
    keep.textContent = "Se reconnecter";
  } else if (left <= warning) {
    // By the minute, then by 15 seconds: a screen reader is not to be flooded.
    const time =
      left > 60 ? `${Math.ceil(left / 60)}\u00a0minutes` : `${Math.ceil(left / 15) * 15}\u00a0secondes`;
    say(`Faute d’activité, votre session se terminera dans ${time}.`);
  } else {
    return;
  }
  if (!dialog.open) dialog.showModal();
}

async function prolong() {
  try {
    const response = await fetch(dialog.dataset.keepAliveUrl, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      redirect: "error",
    });
    if (!response.ok) throw new Error(String(response.status));
    activity();
  } catch {
    say("Le serveur n’a pas répondu. Réessayez, ou copiez ce que vous n’avez pas enregistré.");
  }
}

keep.addEventListener("click", () => (ended ? window.location.reload() : prolong()));
// Escape: whoever puts the warning away is there.
dialog.addEventListener("cancel", (event) => {
  if (ended) return;
  event.preventDefault();
  prolong();
});

channel?.addEventListener("message", renew);
// A request of htmx prolongs the session as a page does.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) activity();
});
// A computer that wakes up must look at once.
document.addEventListener("visibilitychange", check);

activity();
setInterval(check, 1000);
