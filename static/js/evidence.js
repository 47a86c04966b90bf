// Checklists of commitments or of pieces: a search that narrows them, and how many are ticked.
// Without this file, all the boxes are there.

/** Return a text without accents or capitals, to be compared. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function setUp(list, rank) {
  const boxes = [...list.querySelectorAll('input[type="checkbox"]')];
  if (boxes.length < 6) return;
  const noun = list.dataset.checklist;
  const items = boxes.map((box) => {
    const holder = box.closest(".fr-fieldset__element");
    return { box, holder, text: plain(holder.textContent) };
  });

  const tools = document.createElement("div");
  tools.className = "qp-checklist__tools";
  const label = document.createElement("label");
  label.className = "fr-label";
  label.htmlFor = `chercher-${rank}`;
  label.textContent = `Chercher dans la liste (${noun}s)`;
  const field = document.createElement("input");
  field.className = "fr-input";
  field.type = "search";
  field.id = label.htmlFor;
  field.autocomplete = "off";
  const count = document.createElement("p");
  count.className = "qp-checklist__count";
  count.setAttribute("role", "status");
  tools.append(label, field, count);
  list.prepend(tools);

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    const shown = items.filter((item) => !item.holder.hidden).length;
    const words = ticked > 1 ? "cochés" : "coché";
    const agreed = noun === "pièce" ? words.replace("coché", "cochée") : words;
    const found = field.value.trim() ? ` – ${shown} sur ${boxes.length} dans la liste` : "";
    count.textContent = `${ticked} ${noun}${ticked > 1 ? "s" : ""} ${agreed}${found}`;
  }

  function narrow() {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    for (const { box, holder, text } of items) {
      // What is ticked stays in sight: nothing is sent that is not seen.
      holder.hidden = !box.checked && !wanted.every((word) => text.includes(word));
    }
    for (const group of [...list.querySelectorAll("fieldset")].reverse()) {
      const own = items.filter((item) => group.contains(item.box));
      if (own.length) group.hidden = own.every((item) => item.holder.hidden);
    }
    tell();
  }

  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    // Enter searches; it must not send the form around.
    if (event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("change", tell);
  tell();
}

document.querySelectorAll("[data-checklist]").forEach(setUp);
