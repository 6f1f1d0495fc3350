(essentials) => {
  // What is wrong with how a page lies on the screen now: a list of sentences, empty when all is well.
  // essentials: selectors of what must be seen without scrolling.
  const OVERLAYS = "[data-testid=stPopoverBody], [role=dialog], [role=listbox], [role=menu], [data-testid=stTooltipContent], .words dl";
  const TARGETS = "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=radio], [role=checkbox], [role=slider], [role=option]";
  const LEAST = 24; // pixels of a target: WCAG 2.2, 2.5.8
  const found = new Set(), root = document.documentElement;
  const say = (what, element) => found.add(`${what}: ${(element.textContent || element.getAttribute("aria-label") || element.outerHTML).trim().slice(0, 60)}`);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const overlay = document.querySelector(OVERLAYS) && [...document.querySelectorAll(OVERLAYS)].find(isShown);
  const isOnTop = (element) => !overlay || overlay.contains(element);

  // 1. Nothing moves sideways, neither the page nor a box in it.
  if (root.scrollWidth > root.clientWidth) found.add(`The page is ${root.scrollWidth} wide, the screen ${root.clientWidth}`);
  if (visualViewport.width > innerWidth + 1) found.add("The page is zoomed out");
  for (const box of document.querySelectorAll("body *")) {
    const style = getComputedStyle(box);
    if (["auto", "scroll"].includes(style.overflowX) && box.scrollWidth > box.clientWidth + 1 && isShown(box)) say("Scrolls sideways", box);
  }

  // 2. All of each text is seen: no box hides its end. The words in a line of it, as they lie on the screen.
  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || ["STYLE", "SCRIPT"].includes(element.tagName) || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const whole = range.getBoundingClientRect();
    if (!whole.width) continue;
    const rows = [...range.getClientRects()];
    let seen = { top: -1e6, bottom: 1e6 }, moves = false; // whether a box lets one scroll to it
    for (let box = element; box !== document.body; box = box.parentElement) {
      const rect = box.getBoundingClientRect(), style = getComputedStyle(box);
      if (rect.width <= 1 || rect.height <= 1) { if (style.overflowX !== "visible") { seen = null; break; } continue; } // for screen readers
      if (["hidden", "clip"].includes(style.overflowX) && (whole.right > rect.right + 1 || whole.left < rect.left - 1)) say("Cut off", element);
      if (["auto", "scroll"].includes(style.overflowY)) moves = true;
      if (!moves && ["hidden", "clip"].includes(style.overflowY) && rows.some(({ top, bottom, height }) => Math.max(rect.top - top, bottom - rect.bottom) > 0.3 * height)) say("Cut off above or below", element);
      if (style.overflowY !== "visible") seen = { top: Math.max(seen.top, rect.top), bottom: Math.min(seen.bottom, rect.bottom) };
      if (style.position === "fixed") break;
    }
    if (!seen) continue;
    if (whole.right > root.clientWidth + 1 || whole.left < -1) say("Beyond the screen", element);
    for (const rect of rows) {
      const top = Math.max(rect.top, seen.top), bottom = Math.min(rect.bottom, seen.bottom);
      if (rect.width > 2 && bottom - top > 2) lines.push({ element, left: rect.left, right: rect.right, top, bottom, height: rect.height });
    }
  }
  const isToldBelow = ({ value }) => [...document.querySelectorAll(".whole_name")].some((name) => isShown(name) && name.textContent === value);
  for (const input of document.querySelectorAll("[role=combobox]")) {
    if (isShown(input) && input.value && input.scrollWidth > input.clientWidth + 1 && input.clientWidth > 1 && !isToldBelow(input)) found.add(`Longer than its box: ${input.value}`);
  }

  // Pictures, and fields with words in them, are no place for other words.
  for (const element of document.querySelectorAll("img, canvas, input:not([type=range])")) {
    let { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    for (let box = element.parentElement; box; box = box.parentElement) { // what is scrolled out of its box is not there
      const rect = box.getBoundingClientRect();
      if (getComputedStyle(box).overflowY !== "visible" && rect.height > 1) [top, bottom] = [Math.max(top, rect.top), Math.min(bottom, rect.bottom)];
    }
    if (element.matches("input") && !element.value) continue;
    if (isShown(element) && width > 4 && bottom - top > 4) lines.push({ element, left, right, top, bottom, height });
  }

  // 3. No text lies over another or over a picture, those of one layer.
  // What stays in sight at an edge, on a ground of its own, hides what passes behind it.
  const cover = (element) => {
    for (let box = element; box; box = box.parentElement) {
      const { position, backgroundColor } = getComputedStyle(box);
      if (["sticky", "fixed"].includes(position) && !/^rgba.*, 0\)$|transparent/.test(backgroundColor)) return box;
    }
    return null;
  };
  // Of all pairs only those that meet are asked more: a page has some hundred lines, and each question costs.
  const top = lines.filter((line) => isOnTop(line.element));
  top.forEach((one, n) => top.slice(n + 1).forEach((other) => {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const line = Math.min(one.height, other.height); // also of one that the screen's edge cuts: lines touch a little
    if (across <= 3 || down <= Math.min(line * 0.4, 9)) return;
    if (one.element === other.element || one.element.closest(".uplot") || other.element.closest(".uplot")) return;
    if (cover(one.element) !== cover(other.element)) return;
    say(`Over "${(other.element.textContent || other.element.outerHTML).trim().slice(0, 60)}"`, one.element);
  }));

  // 4. No word of a control or a sentence is cut in two.
  for (const control of document.querySelectorAll("button, a[href], [role=tab], [role=radio], [data-testid=stMarkdownContainer] p")) {
    if (!isShown(control)) continue;
    const words = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      for (const word of words.currentNode.textContent.matchAll(/[\p{Script=Latin}\p{N}]+/gu)) {
        const range = document.createRange();
        range.setStart(words.currentNode, word.index);
        range.setEnd(words.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) say(`"${word[0]}" is cut in two`, control);
      }
    }
  }

  // 5. Whatever can be hit is large enough: its box, or what answers around its middle.
  for (const target of document.querySelectorAll(TARGETS)) {
    const around = target.matches("[type=checkbox], [type=radio]") ? "label" : "[data-testid=stMultiSelect], .stSlider";
    const box = target.matches("input") && target.closest(around) || target;
    const { left, top, width, height } = box.getBoundingClientRect();
    if (!isShown(box) || !width || !height || target.disabled || !isOnTop(box) || target.tabIndex < 0 || target.closest("p, .uplot")) continue;
    if (width >= LEAST - 0.5 && height >= LEAST - 0.5) continue;
    const x = left + width / 2, y = top + height / 2, reach = LEAST / 2 - 1;
    if (x < reach || y < reach || x > innerWidth - reach || y > innerHeight - reach) continue;
    const answers = [[0, 0], [-reach, 0], [reach, 0], [0, -reach], [0, reach]].every(([across, down]) => {
      const hit = document.elementFromPoint(x + across, y + down);
      return hit && (box.contains(hit) || hit.contains(box) && hit.closest("label, button, a, [data-baseweb=slider], .stSlider"));
    });
    if (!answers) say(`A target of ${Math.round(width)} x ${Math.round(height)}`, box);
  }

  // 6. What matters is seen without scrolling.
  for (const selector of essentials) {
    const element = [...document.querySelectorAll(selector)].find(isShown);
    const rect = element?.getBoundingClientRect();
    if (!element) found.add(`Not there: ${selector}`);
    else if (rect.bottom > innerHeight + 1 || rect.top < -1) found.add(`Below the fold at ${Math.round(rect.bottom)}: ${selector}`);
  }
  return [...found];
}
