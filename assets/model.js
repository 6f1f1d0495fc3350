// Both networks at work on one noise vector: numbers flow into the forger, its fake and a real picture into the
// detective, its verdicts come out, and who learns from them. Changed in place; a pulse shows the way.
// data: JSON as bytes, see pages/shared/draw/model.py
// A tap on the small drawing sends the trigger "opened"; "-" and "+" send "changed": [name, value].

const SLOTS = { small: { forger: 60, detective: 29, picture: 30 }, large: { forger: 62, detective: 62, picture: 58 } };
const HOP = 130, PAUSE = 2600; // ms between two lights of a pulse at most, and between two pulses before a run
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const make = (kind, parent, look = "", text = "") => {
  const node = parent.appendChild(document.createElement(kind));
  if (look) node.className = look;
  node.textContent = text;
  return node;
};

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

// A picture of so many pixels, drawn at the largest whole multiple that the slot has room for.
const put = (canvas, image, slot) => {
  const ratio = window.devicePixelRatio || 1, longer = Math.max(image.width, image.height);
  const times = Math.max(1, Math.floor(slot * ratio / longer));
  const source = new OffscreenCanvas(image.width, image.height);
  source.getContext("2d").putImageData(image, 0, 0);
  canvas.width = image.width * times;
  canvas.height = image.height * times;
  const scale = Math.min(1 / ratio, slot / (longer * times));
  canvas.style.width = `${canvas.width * scale}px`;
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
};

// What a layer made: its maps side by side, or its numbers as a block; the brighter, the larger the number.
const paintMaps = (canvas, { count, height, width, pixels }, [low, high], slot) => {
  const bytes = bytesOf(pixels), columns = Math.ceil(Math.sqrt(count)), gap = height > 1 ? 1 : 0;
  const rows = Math.ceil(count / columns);
  const image = new ImageData(columns * (width + gap) - gap, rows * (height + gap) - gap);
  for (let at = 0; at < bytes.length; at++) {
    const map = Math.floor(at / (width * height)), inside = at % (width * height);
    const x = (map % columns) * (width + gap) + inside % width;
    const y = Math.floor(map / columns) * (height + gap) + Math.floor(inside / width);
    const light = bytes[at] / 255, to = 4 * (y * image.width + x);
    for (let c = 0; c < 3; c++) image.data[to + c] = low[c] + (high[c] - low[c]) * light;
    image.data[to + 3] = 255;
  }
  put(canvas, image, slot);
};

const paintPicture = (canvas, { height, width, channels, pixels }, slot) => {
  const bytes = bytesOf(pixels), image = new ImageData(width, height);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = bytes[p * channels + (channels === 3 ? c : 0)];
    image.data[4 * p + 3] = 255;
  }
  put(canvas, image, slot);
};

// Structure

const boxesOf = (parent, role, boxes, large, choose) => boxes.map((box) => {
  const node = make(large ? "button" : "div", parent, `box ${role}`);
  const made = make("span", node, "made");
  const shown = box.maps.map(() => make("canvas", made));
  const numbers = box.numbers.map(() => make("b", made));
  if (large) {
    node.type = "button";
    make("span", node, "does", box.does);
    make("small", node, "size", box.size);
    make("small", node, "term", box.term);
    node.onmouseenter = node.onfocus = node.onclick = () => choose(node, box);
  }
  return { node, shown, numbers };
});

const verdictOf = (parent, role) => {
  const node = make("div", parent, `verdict ${role}`), bar = make("span", node, "bar");
  return { node, fill: make("i", bar), says: make("b", node) };
};

const knobsOf = (parent, root, knobs) => knobs.forEach((knob) => {
  const node = make("div", parent, "knob");
  make("span", node, "", knob.label);
  const button = (sign, value, label) => {
    const one = make("button", node, "", sign);
    one.type = "button";
    one.title = label;
    one.setAttribute("aria-label", label);
    if (value === null) one.setAttribute("aria-disabled", "true");
    one.onclick = () => {
      if (value === null) root.about.textContent = label;
      else root.send("changed", [knob.name, value]);
    };
  };
  button("\u2212", knob.less, knob.less_label);
  make("b", node, "", knob.value);
  button("+", knob.more, knob.more_label);
});

const build = (root, data) => {
  const { words, large } = data;
  const focus = root.contains(document.activeElement) ? [...root.querySelectorAll("button")].indexOf(document.activeElement) : -1;
  root.replaceChildren();
  const above = data.note && make("div", root, "knobs");
  if (above) make("span", above, "note", data.note);
  const drawing = make("div", root, "drawing");
  drawing.setAttribute("role", large ? "group" : "img");

  const noise = make("div", drawing, "noise");
  const bars = make("span", noise, "bars");
  data.noise.forEach(() => make("i", bars));
  make("span", noise, "name", words.noise);
  if (data.knobs.length) knobsOf(above || make("div", noise, "knobs"), root, data.knobs);

  const choose = (node, box) => {
    root.querySelectorAll(".box.chosen").forEach((each) => each.classList.remove("chosen"));
    node.classList.add("chosen");
    root.about.textContent = box.about;
  };
  const net = (role) => {
    const part = make("div", drawing, `net ${role}`);
    const name = make("span", part, "name", words[role]);
    if (large) make("small", name, "", data.sizes[role]);
    return boxesOf(make("div", part, "boxes"), role, data[role], large, choose);
  };
  const forger = net("forger");
  const pictures = make("div", drawing, "pictures");
  const seen = ["fake", "real"].slice(0, data.pictures.length).map((role) => {
    const node = make("span", pictures, `picture ${role}`), canvas = make("canvas", node);
    make("span", node, "name", words[role]);
    return { node, canvas };
  });
  const detective = net("detective");
  const verdicts = make("div", drawing, "verdicts"), ends = make("span", verdicts, "ends");
  make("span", ends, "", words.fake);
  make("span", ends, "", words.real);
  const judged = ["fake", "real"].slice(0, data.pictures.length).map((role) => verdictOf(verdicts, role));

  const back = ["detective", "forger"].filter((role) => data.turns[role]).map((role) => {
    const node = make("span", drawing, `back ${role}`);
    if (data.turns[role] > 1) make("b", node, "", `${data.turns[role]} \u00d7`);
    return node;
  });

  root.about = make("p", root, "about", large ? `${words.turns} ${words.hint}` : "");
  root.about.setAttribute("aria-live", "polite");
  if (!large) {
    const open = make("button", root, "open");
    open.type = "button";
    open.title = words.open;
    open.setAttribute("aria-label", words.open);
    open.onclick = () => root.send("opened", true);
  }
  root.count = data.forger.length + data.detective.length;
  root.parts = { drawing, bars, forger, seen, detective, judged, back };
  // The way of a pulse: what lights up together stands in one list.
  root.way = [[noise], ...forger.map(({ node }) => [node]), seen.map(({ node }) => node),
    ...detective.map(({ node }) => [node]), judged.map(({ node }) => node), ...back.map((node) => [node])];
  for (const node of root.way.flat()) node.classList.toggle("lit", !node.classList.contains("back"));
  if (focus >= 0) root.querySelectorAll("button")[focus]?.focus();
};

const fill = (root, data) => {
  const { drawing, bars, forger, seen, detective, judged } = root.parts, slots = SLOTS[data.large ? "large" : "small"];
  drawing.setAttribute("aria-label", data.alt);
  data.noise.forEach((number, n) => {
    const bar = bars.children[n], share = Math.min(1, Math.abs(number) / 2.5) * 50;
    bar.style.height = `${share}%`;
    bar.style.top = `${number > 0 ? 50 - share : 50}%`;
  });
  for (const [role, boxes] of [["forger", forger], ["detective", detective]]) {
    const { background, ink } = data.lights[role], lights = [rgb(background), rgb(ink)];
    boxes.forEach(({ shown, numbers }, n) => {
      shown.forEach((canvas, way) => paintMaps(canvas, data[role][n].maps[way], lights, slots[role]));
      numbers.forEach((node, way) => { node.textContent = data[role][n].numbers[way]; });
    });
  }
  seen.forEach(({ canvas }, way) => paintPicture(canvas, data.pictures[way], slots.picture));
  judged.forEach(({ fill: bar, says }, way) => {
    bar.style.translate = `${100 * data.beliefs[way] - 100}%`;
    says.textContent = data.says[way];
  });
};

// One network below the other where they have no room beside each other.
const lay = (root) => {
  const room = root.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize);
  root.classList.toggle("two", root.classList.contains("large") || room < 24 + 3.8 * root.count);
};

// Motion

const pulse = (root, moves) => {
  if (moves === "never" || calm.matches || root.moving) return;
  const hop = Math.min(HOP * (moves === "always" ? 3 : 1), 1600 / root.way.length * (moves === "always" ? 3 : 1));
  // Only what the browser can move without laying the page out or painting it anew.
  const lights = root.way.flatMap((nodes, n) => nodes.map((node) => {
    const isBack = node.classList.contains("back"), options = { delay: n * hop, easing: "ease-out" };
    return isBack
      ? node.animate([{ transform: "scaleX(0)" }, { transform: "none" }], { ...options, duration: hop * 3 })
      : node.animate([{ opacity: 0 }, { opacity: 1, offset: 0.35 }, { opacity: 0 }],
        { ...options, duration: hop * 4, pseudoElement: "::after" });
  }));
  root.moving = Promise.allSettled(lights.map((light) => light.finished)).then(() => {
    root.moving = null;
    if (root.moves === "always") setTimeout(() => root.isConnected && root.moves === "always" && pulse(root, "always"), PAUSE);
  });
};

globalThis.showNetworks = ({ data: bytes, parentElement, setTriggerValue }) => {
  const root = parentElement.querySelector(".model"), text = new TextDecoder().decode(bytes);
  root.send = setTriggerValue;
  if (root.text === text) return; // nothing has moved
  root.text = text;
  const data = JSON.parse(text);
  root.classList.toggle("large", data.large);
  root.moves = data.moves;
  if (!data.words) return; // nothing to show yet
  const names = (boxes) => boxes.map(({ does, term, size, maps }) => [does, term, size, maps.length]);
  const look = JSON.stringify([data.words, data.sizes, names(data.forger), names(data.detective), data.knobs, data.note, data.turns, data.noise.length]);
  if (root.look !== look) {
    root.look = look;
    build(root, data);
  }
  if (!root.observer) {
    root.observer = new ResizeObserver(() => lay(root));
    root.observer.observe(root);
  }
  lay(root);
  fill(root, data);
  pulse(root, data.moves);
};

dispatchEvent(new Event("networks"));
export default () => {};
