/* The glossary behind the words of a page: each is underlined where it stands, and explained under the pointer or on a
   tap. The page itself is not touched: the underlines are a highlight, which lies over its text.
   The whole list opens by a button in the frame, for keyboards and older browsers.
   data: { terms: [{ title, forms, text }], name: of the button } */

const NAME = "glossary", EVERY_MS = 2000; // between two searches, at least: pages with a run change all the time
const NOT_IN = ".words, button, a, input, textarea, select, canvas, svg, code, [role=radio], [role=option], [contenteditable], .glossary";
let terms = [], pattern = null, ranges = [], searched = 0, waiting = 0, bubble = null, watcher = null;

const BOOK = '<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"><path d="M12 6c-2-1.6-5-2-9-2v14c4 0 7 .4 9 2 2-1.6 5-2 9-2V4c-4 0-7 .4-9 2zm0 0v14"/></svg>';

export default ({ data, parentElement }) => {
  terms = data.terms;
  list(parentElement.querySelector(".words"), data.name);
  const forms = terms.flatMap(({ forms }, number) => forms.map((form) => [form, number])).sort((a, b) => b[0].length - a[0].length);
  const edge = /[\w)]$/, letters = "\\p{L}\\p{N}_";
  const part = ([form]) => {
    const plain = form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return /[\u3000-\u9fff]/.test(form) ? plain : `(?<![${letters}])${plain}` + (edge.test(form) ? `(?![${letters}])` : "");
  };
  pattern = forms.length ? new RegExp(forms.map(part).join("|"), "giu") : null;
  byForm = new Map(forms.map(([form, number]) => [form.toLowerCase(), number]));
  if (!globalThis.CSS?.highlights) return; // an older browser: the list of words does without
  if (!watcher) {
    watcher = new MutationObserver(plan);
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
    addEventListener("pointermove", point, { passive: true });
    addEventListener("click", point, true);
    addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
    addEventListener("scroll", hide, { capture: true, passive: true });
  }
  plan();
};
let byForm = new Map();

function list(root, name) {
  const [button, words] = root.children;
  const open = (isOpen) => {
    words.hidden = !isOpen;
    button.setAttribute("aria-expanded", isOpen);
  };
  words.replaceChildren(...terms.flatMap(({ title, text }) => {
    const word = document.createElement("dt"), meaning = document.createElement("dd");
    word.textContent = title;
    meaning.textContent = text;
    return [word, meaning];
  }));
  words.tabIndex = 0; // it scrolls
  words.setAttribute("aria-label", name);
  button.setAttribute("aria-label", name);
  button.title = name;
  if (button.firstChild) return;
  button.innerHTML = BOOK;
  button.onclick = () => open(words.hidden);
  root.onkeydown = ({ key }) => {
    if (key !== "Escape" || words.hidden) return;
    open(false);
    button.focus();
  };
  addEventListener("pointerdown", ({ target }) => { if (!root.contains(target)) open(false); });
}

function plan() {
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = 0;
    (globalThis.requestIdleCallback ?? setTimeout)(search);
  }, Math.max(100, EVERY_MS - (performance.now() - searched)));
}

function search() {
  searched = performance.now();
  ranges = [];
  const main = document.querySelector(".stMainBlockContainer");
  if (!main || !pattern) return;
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.length < 2 || node.parentElement.closest(NOT_IN) || !node.parentElement.closest("p, li, small, figcaption, td, th, h1, h2, h3, h4")) continue;
    for (const found of node.data.matchAll(pattern)) {
      const range = new StaticRange({ startContainer: node, startOffset: found.index, endContainer: node, endOffset: found.index + found[0].length });
      ranges.push({ range, term: byForm.get(found[0].toLowerCase()) });
    }
  }
  CSS.highlights.set(NAME, new Highlight(...ranges.map(({ range }) => range)));
}

/* Which word lies under a point: the browser says which letter does. */
function at(x, y) {
  const spot = document.caretPositionFromPoint?.(x, y) ?? document.caretRangeFromPoint?.(x, y);
  const node = spot?.offsetNode ?? spot?.startContainer, place = spot?.offset ?? spot?.startOffset;
  const found = ranges.find(({ range }) => range.startContainer === node && range.startOffset <= place && place <= range.endOffset);
  if (!found || !node.isConnected) return null;
  const live = document.createRange();
  live.setStart(node, found.range.startOffset);
  live.setEnd(node, Math.min(found.range.endOffset, node.data.length));
  const box = [...live.getClientRects()].find(({ left, right, top, bottom }) => left - 2 <= x && x <= right + 2 && top - 2 <= y && y <= bottom + 2);
  return box ? { term: terms[found.term], box } : null;
}

function point({ clientX, clientY, target, type }) {
  if (target.closest?.(".glossary")) return;
  const found = target.closest?.(NOT_IN) ? null : at(clientX, clientY);
  if (found) show(found);
  else if (type === "click" || bubble) hide();
}

function show({ term, box }) {
  if (bubble?.term === term.title) return;
  hide();
  bubble = document.createElement("div");
  bubble.className = "glossary";
  bubble.setAttribute("role", "tooltip");
  bubble.term = term.title;
  const title = document.createElement("b"), text = document.createElement("span");
  title.textContent = term.title;
  text.textContent = term.text;
  bubble.append(title, text);
  document.body.append(bubble);
  const { width, height } = bubble.getBoundingClientRect();
  bubble.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  bubble.style.top = `${box.bottom + height + 8 < innerHeight ? box.bottom + 6 : box.top - height - 6}px`;
}

function hide() {
  bubble?.remove();
  bubble = null;
}
