// « Copier le texte »: the text of a read-only area goes to the clipboard. Without this file, one selects it.

for (const button of document.querySelectorAll("[data-copy]")) {
  const area = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    area.select();
    try {
      await navigator.clipboard.writeText(area.value);
      status.textContent = "Texte copié.";
    } catch {
      // Refused, or a page without https: the text is selected, two keys are left to press.
      area.focus();
      status.textContent = "Le texte est sélectionné : appuyez sur Ctrl et C pour le copier.";
    }
  });
}
