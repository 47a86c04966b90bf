// What every page needs: the CSRF token on htmx requests, the cursor on the summary of errors.

const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

// A fragment that the server refuses (403, 404, 500) must not pass in silence.
document.addEventListener("htmx:responseError", (event) => {
  const region = document.createElement("div");
  region.className = "fr-alert fr-alert--error fr-alert--sm";
  region.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent =
    event.detail.xhr.status === 403
      ? "Votre rôle ne permet pas cet acte, ou votre session est terminée. Rechargez la page."
      : "Le serveur n’a pas pu répondre. Rien n’a été modifié : réessayez, ou rechargez la page.";
  region.append(text);
  document.querySelector("#contenu > .fr-container")?.prepend(region);
});

document.addEventListener("htmx:sendError", () => {
  document.dispatchEvent(
    new CustomEvent("htmx:responseError", { detail: { xhr: { status: 0 } } }),
  );
});

document.querySelector(".qp-error-summary")?.focus();

// On a telephone the tabs are one line that slides: the current one is in sight, the page does not move.
for (const current of document.querySelectorAll(".qp-tabs a[aria-current]")) {
  const line = current.closest("ul");
  line.scrollLeft = current.offsetLeft - line.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
}

// Paper shows what the screen folds.
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  for (const item of folded) item.open = true;
});
window.addEventListener("afterprint", () => {
  for (const item of folded) item.open = false;
});
