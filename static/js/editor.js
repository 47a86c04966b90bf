// The small toolbar of the texts: Markdown marks around the selection or at the start of its lines.
// One stop of the Tab key for the whole bar, arrows inside it; Ctrl+B and Ctrl+I in the text.

const AROUND = { bold: ["**", "texte en gras"], italic: ["*", "texte en italique"] };
const BEFORE = { list: "- ", quote: "> " };
const SHORTCUTS = { b: "bold", i: "italic" };

// execCommand keeps the browser's own undo; where it is gone, setRangeText at least writes.
function replaceSelection(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function markAround(area, [sign, example]) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const before = value.slice(start - sign.length, start);
  const after = value.slice(end, end + sign.length);
  const inner = value.slice(start, end) || example;
  if (start !== end && before === sign && after === sign) {
    area.setSelectionRange(start - sign.length, end + sign.length);
    replaceSelection(area, inner);
    area.setSelectionRange(start - sign.length, start - sign.length + inner.length);
    return;
  }
  replaceSelection(area, sign + inner + sign);
  area.setSelectionRange(start + sign.length, start + sign.length + inner.length);
}

function markBefore(area, sign) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const found = value.indexOf("\n", area.selectionEnd);
  const end = found === -1 ? value.length : found;
  const lines = value.slice(start, end).split("\n");
  const allMarked = lines.every((line) => line.startsWith(sign));
  const marked = lines.map((line) => (allMarked ? line.slice(sign.length) : sign + line));
  // A list needs a blank line above it to be one.
  const gap = !allMarked && start > 0 && value[start - 2] !== "\n" ? "\n" : "";
  area.setSelectionRange(start, end);
  replaceSelection(area, gap + marked.join("\n"));
}

function mark(area, name) {
  if (name in AROUND) markAround(area, AROUND[name]);
  else markBefore(area, BEFORE[name]);
}

function moveInBar(buttons, event) {
  const last = buttons.length - 1;
  const here = buttons.indexOf(document.activeElement);
  const next = {
    ArrowRight: here === last ? 0 : here + 1,
    ArrowLeft: here === 0 ? last : here - 1,
    Home: 0,
    End: last,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  for (const [index, button] of buttons.entries()) button.tabIndex = index === next ? 0 : -1;
  buttons[next].focus();
}

for (const editor of document.querySelectorAll("[data-editor]")) {
  const bar = editor.querySelector('[role="toolbar"]');
  const area = editor.querySelector("textarea[form]");
  const buttons = [...bar.querySelectorAll("button")];
  bar.hidden = false;
  bar.addEventListener("keydown", (event) => moveInBar(buttons, event));
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(area, button.dataset.mark);
  });
  area.addEventListener("keydown", (event) => {
    const name = SHORTCUTS[event.key.toLowerCase()];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    mark(area, name);
  });
}
