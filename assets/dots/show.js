// A run of dots as one picture that moves: the plane, and beside it who feeds whom. Changed in place.
// data: JSON as bytes, see pages/shared/draw/plane.py
// Triggers: "layers", what is switched on; "drawn", the dots that were drawn; "done", drawing has ended.

const NEAR = 0.07; // of a dot that is pointed at, in the plane
const SLOT = 84; // CSS pixels of the small square of noise

const make = (kind, parent, look = "", text = "") => {
  const node = parent.appendChild(document.createElement(kind));
  if (look) node.className = look;
  node.textContent = text;
  return node;
};

const button = (parent, look, text, press) => {
  const node = make("button", parent, look, text);
  node.type = "button";
  node.onclick = press;
  return node;
};

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

const buildWiring = (root, words) => {
  const node = (kind, name) => {
    const one = make(kind, root.wiring, `node ${name}`);
    one.name = name;
    return one;
  };
  root.wires = root.wiring.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  root.wires.setAttribute("aria-hidden", "true");
  const noise = node("div", "noise");
  root.small = make("canvas", noise);
  root.small.setAttribute("role", "img");
  root.small.setAttribute("aria-label", words.noise_alt);
  make("span", noise, "", words.noise);
  const forger = node("button", "forger"), detective = node("button", "detective");
  for (const [each, name, about] of [[forger, words.forger, words.forger_about], [detective, words.detective, words.detective_about]]) {
    each.type = "button";
    each.textContent = name;
    each.onmouseenter = each.onfocus = () => { root.says.textContent = about; };
  }
  for (const begins of ["mouseenter", "focus", "click"]) forger.addEventListener(begins, () => morph(root));
  for (const ends of ["mouseleave", "blur"]) forger.addEventListener(ends, () => root.endMorph?.());
};

const buildLayers = (root, data) => {
  root.on = Object.fromEntries(data.layers.map((layer) => [layer.name, layer.on]));
  for (const { name, label, about } of data.layers) {
    const chip = button(root.chips, "chip", label, () => {
      root.on[name] = !root.on[name];
      chip.setAttribute("aria-pressed", root.on[name]);
      lay(root);
      root.repaint();
      root.says.textContent = about;
      root.send("layers", Object.keys(root.on).filter((each) => root.on[each]));
    });
    chip.setAttribute("aria-pressed", root.on[name]);
    chip.dataset.layer = name;
    chip.title = about;
  }
  root.chips.hidden = !data.chips;
};

const build = (root, data) => {
  const { words } = data;
  root.replaceChildren();
  Object.assign(root, { queue: root.queue ?? [], turns: 0, rings: [], pen: newPen(root), keepNoise: keeper() });
  const world = make("div", root, "world");
  root.wiring = make("div", world, "wiring");
  const plane = make("div", world, "plane");
  root.canvas = make("canvas", plane);
  root.canvas.tabIndex = 0;
  root.tools = make("div", root, "tools");
  root.undo = button(root.tools, "", words.undo, () => root.pen.undo());
  root.clear = button(root.tools, "", words.clear, () => root.pen.clear());
  button(root.tools, "", words.done, () => root.send("done", true));
  root.steps = make("ol", root, "parts");
  root.chips = make("div", root, "chips");
  root.chips.setAttribute("role", "group");
  root.chips.setAttribute("aria-label", words.layers);
  root.says = make("p", root, "says");
  root.says.setAttribute("aria-live", "polite");
  root.repaint = () => {
    if (root.asked) return;
    root.asked = requestAnimationFrame(() => { root.asked = null; paint(root); });
  };
  root.tellPen = () => { root.says.textContent = filled(words.drawn, { count: root.pen.count().toLocaleString(data.language) }); };
  root.tellPart = () => {
    [...root.steps.children].forEach((item, at) => item.firstChild.setAttribute("aria-current", at === root.partNow ? "step" : "false"));
    root.says.textContent = root.parts.list[root.partNow].says;
  };
  buildWiring(root, words);
  buildLayers(root, data);
  listen(root);
};

// The plane and what one points at

const nearest = (root, [x, y]) => {
  const moment = root.shown ?? root.moment;
  let found = null, least = NEAR;
  const look = (kind, dots, isOn) => {
    for (let n = 0; isOn && n < dots.length / 2; n++) {
      const away = Math.hypot(dots[2 * n] - x, dots[2 * n + 1] - y);
      if (away < least) [found, least] = [{ kind, n, at: [dots[2 * n], dots[2 * n + 1]] }, away];
    }
  };
  if (moment) look("fake", moment.fakes, root.on.fakes);
  if (!found) look("real", root.reals, root.on.reals);
  return found;
};

const beliefAt = (moment, [x, y]) => {
  const cells = Math.sqrt(moment.heat.length), cell = (place) => Math.min(cells - 1, Math.max(0, Math.floor((place + 1) / 2 * cells)));
  return moment.heat[cell(-y) * cells + cell(x)] / 255;
};

const look = (root, place) => {
  const { data } = root, moment = root.shown ?? root.moment;
  const { words, language } = data, share = (value) => value.toLocaleString(language, { style: "percent" });
  root.near = nearest(root, place);
  if (root.near?.kind === "fake") {
    const { n } = root.near, size = data.noise_size;
    const numbers = [...root.noise.subarray(n * size, (n + 1) * size)].map((number) => number.toLocaleString(language, { maximumFractionDigits: 2 }));
    if (data.noise_left) numbers.push("\u2026");
    root.says.textContent = filled(words.fake_dot, { noise: numbers.join("; "), belief: share(moment.beliefs[n] / 255) });
  } else if (root.near) {
    root.says.textContent = moment ? filled(words.real_dot, { belief: share(beliefAt(moment, root.near.at)) }) : words.real_only;
  } else if (moment) {
    root.says.textContent = filled(words.nowhere, { belief: share(beliefAt(moment, place)) });
  }
  root.repaint();
};

const listen = (root) => {
  const { canvas } = root;
  canvas.onpointerdown = (event) => (root.data.pen ? root.pen.down(event) : look(root, placeOf(canvas, event)));
  canvas.onpointermove = (event) => {
    if (root.data.pen) root.pen.move(event);
    else if (event.pointerType !== "touch") look(root, placeOf(canvas, event));
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => root.pen.up(event);
  canvas.onpointerleave = () => { root.near = null; root.repaint(); };
  canvas.onblur = () => { root.cross = root.near = null; root.repaint(); };
  canvas.onkeydown = (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (dx || dy) {
      const way = KEY_STEP * (event.shiftKey ? FAST : 1), [x, y] = root.cross ?? [0, 0];
      root.cross = [Math.min(1, Math.max(-1, x + dx * way)), Math.min(1, Math.max(-1, y + dy * way))];
      if (root.data.pen) root.repaint();
      else look(root, root.cross);
    } else if (!root.data.pen || !root.pen.key(event)) {
      return;
    }
    event.preventDefault();
  };
};

const paint = (root) => {
  const { data } = root, moment = data.pen ? null : root.shown ?? root.moment;
  const ratio = window.devicePixelRatio || 1, side = Math.round(root.canvas.clientWidth * ratio);
  if (!side) return;
  if (root.canvas.width !== side) root.canvas.width = root.canvas.height = side;
  const part = root.parts?.list[root.partNow], fake = root.near?.kind === "fake" ? root.near.n : null;
  const at = fake !== null && moment ? [moment.fakes[2 * fake], moment.fakes[2 * fake + 1]] : root.near?.at;
  paintPlane(root.canvas, {
    moment, reals: data.pen ? root.pen.dots() : root.reals, colours: data.colours, cross: root.cross,
    on: data.pen ? { reals: true } : part ? { ...root.on, ...part.on } : root.on,
    rings: [...(at ? [at] : []), ...(part?.rings ?? [])], spread: data.spread,
  });
  if (root.small.clientWidth && root.noise.length) {
    const slot = Math.round(root.small.clientWidth * ratio);
    if (root.small.width !== slot) root.small.width = root.small.height = slot;
    root.keepNoise([root.noise, slot, data.colours, fake], () => (
      paintNoise(root.small, root.noise, data.noise_size, data.spread, data.colours, fake)
    ));
  }
  root.wires.style.strokeDashoffset = -4 * root.turns;
};

// Who feeds whom: lines between the boxes and the plane, wherever these stand.

const WIRES = [ // from, to, whose colour, how far beside the middle, its word
  ["noise", "forger", "muted", 0], ["forger", "plane", "fake", 0, "fakes"], ["plane", "detective", "real", -20, "real"],
  ["plane", "detective", "fake", 0, "fakes"], ["detective", "plane", "detective", 20, "verdict"], ["detective", "forger", "detective", 0],
];

const drawWires = (root) => {
  const frame = root.wiring.getBoundingClientRect(), svg = root.wires, isRow = root.classList.contains("narrow");
  const box = (name) => {
    const node = name === "plane" ? root.canvas : root.wiring.querySelector(`.node.${name}`), each = node.getBoundingClientRect();
    return { left: each.left - frame.left, right: each.right - frame.left, top: each.top - frame.top, bottom: each.bottom - frame.top };
  };
  const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
  // All are measured before anything is drawn: the browser would lay the page out anew for each.
  const boxes = Object.fromEntries(["noise", "forger", "detective", "plane"].map((name) => [name, box(name)])), { plane } = boxes;
  svg.replaceChildren();
  for (const [from, to, role, beside, word] of WIRES) {
    const one = boxes[from], other = boxes[to], [ax, ay] = middle(one), [bx, by] = middle(other);
    const own = from === "plane" ? [bx, by] : [ax, ay]; // of the box that is not the plane
    let ends;
    if (from === "plane" || to === "plane") {
      const net = from === "plane" ? other : one;
      const near = isRow ? [own[0] + beside, net.bottom] : [net.right, own[1] + beside];
      const far = isRow ? [own[0] + beside, plane.top] : [plane.left, own[1] + beside];
      ends = from === "plane" ? [far, near] : [near, far];
    } else {
      ends = isRow
        ? [[ax < bx ? one.right : one.left, ay], [ax < bx ? other.left : other.right, ay]]
        : [[ax, ay < by ? one.bottom : one.top], [ax, ay < by ? other.top : other.bottom]];
    }
    wire(svg, ends, role);
    if (word && !isRow) nameWire(svg, ends, role, root.data.words[word]);
  }
};

const wire = (svg, [[ax, ay], [bx, by]], role) => {
  const length = Math.hypot(bx - ax, by - ay) || 1, [ux, uy] = [(bx - ax) / length, (by - ay) / length];
  const draw = (kind, name, value) => {
    const node = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", kind));
    node.setAttribute(name, value);
    node.setAttribute("class", role);
  };
  draw("path", "d", `M ${ax} ${ay} L ${bx - 7 * ux} ${by - 7 * uy}`);
  draw("polygon", "points", `${bx},${by} ${bx - 9 * ux - 5 * uy},${by - 9 * uy + 5 * ux} ${bx - 9 * ux + 5 * uy},${by - 9 * uy - 5 * ux}`);
};

const nameWire = (svg, [[ax, ay], [bx]], role, word) => {
  const name = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "text"));
  name.setAttribute("class", role);
  name.setAttribute("x", (ax + bx) / 2);
  name.setAttribute("y", ay - 4);
  name.textContent = word;
};

const lay = (root) => {
  root.classList.toggle("narrow", root.clientWidth < 520);
  root.classList.toggle("unwired", !root.on.wiring);
  if (root.on.wiring) drawWires(root);
  root.repaint();
};

const fill = (root, data, before) => {
  root.reals = places(data.reals);
  root.noise = Float32Array.from(new Int16Array(bytesOf(data.noise).buffer), (whole) => whole / 4096);
  root.canvas.setAttribute("aria-label", data.alt);
  root.canvas.setAttribute("role", data.pen ? "application" : "img");
  const begins = data.pen && !root.classList.contains("draws");
  root.classList.toggle("draws", Boolean(data.pen));
  root.tools.hidden = !data.pen;
  if (begins) root.canvas.scrollIntoView({ block: "center" }); // the button for it stands far below
  root.moves = data.moves === "live";
  if (data.pen) root.pen.load(data.pen.drawn);
  if (data.moves === "film") {
    if (before?.film !== data.film) {
      root.frames = data.frames.map(decode);
      playFilm(root, root.frames);
    }
  } else {
    root.frames = null;
    clearTimeout(root.film);
    takeIn(root, data);
    playOn(root);
    feedOn(root);
  }
  if (JSON.stringify(data.parts) !== JSON.stringify(root.parts ?? null)) {
    root.steps.replaceChildren(...(data.parts?.list ?? []).map((part, at) => {
      const item = document.createElement("li");
      button(item, "", at + 1, () => turnPart(root, at, false)).setAttribute("aria-label", part.title);
      return item;
    }));
    root.shown = null;
    playParts(root, data.parts);
  }
  root.steps.hidden = !data.parts;
  root.repaint();
};

globalThis.showDots = ({ data: bytes, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".dots"), text = new TextDecoder().decode(bytes);
  root.send = setTriggerValue;
  if (root.text === text) return; // nothing has moved
  root.text = text;
  const data = JSON.parse(text), before = root.data;
  root.data = data;
  const built = JSON.stringify([data.words, data.layers.map((layer) => layer.label), data.language]);
  if (root.built !== built) {
    root.built = built;
    build(root, data);
  }
  if (!root.observer) {
    root.observer = new ResizeObserver(() => lay(root));
    root.observer.observe(root);
  }
  fill(root, data, before);
  const stands = [built, Boolean(data.pen), Boolean(data.parts)].join();
  if (root.stands !== stands) {
    root.stands = stands;
    lay(root);
  }
};

dispatchEvent(new Event("dots"));
export default () => {};
