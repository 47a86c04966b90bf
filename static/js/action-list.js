// Rows ticked in the list: how many, and the act kept in sight. Without this file, the button under
// the table does the same.

const form = document.querySelector("form[data-bulk]");
const bar = form?.querySelector("[data-bulk-bar]");

if (bar) {
  const boxes = [...form.querySelectorAll('input[name="a"]')];
  const count = bar.querySelector("[data-bulk-count]");
  const button = bar.querySelector("button");
  const idle = count.textContent;

  function tell() {
    const ticked = boxes.filter((box) => box.checked).length;
    bar.classList.toggle("qp-bulk--on", ticked > 0);
    button.hidden = ticked === 0;
    count.textContent =
      ticked === 0 ? idle : `${ticked} action${ticked > 1 ? "s cochées" : " cochée"}`;
  }

  form.addEventListener("change", tell);
  // The browser puts ticks back when one returns to the page.
  window.addEventListener("pageshow", tell);
  tell();
}
