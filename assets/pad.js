// A pad to draw or paint on with mouse, finger, stylus or keyboard: pixels in, pixels out.
// data: JSON as bytes, { id, width, height, channels, paper: base64 of uint8 values, kept: the same or null, fine, live,
//         inks: [{ colour: [levels], name }], thick: [least, usual, most], name, hint, words: { undo, clear, thickness,
//         inks, down, up }, heard: number of the last drawing that was answered }
// A `fine` pad draws smooth lines, `FINE` times as finely as the pixels that it sends; another paints whole pixels.
// Sends the state "drawn": { id, n, pixels: base64 }, at each end of a stroke, and on the way while answers come.

const FINE = 3, UNDOS = 40, PATIENCE = 1500; // ms without an answer, after which it is not waited for any more

const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const encode = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
const css = (levels) => `rgb(${[0, 1, 2].map((n) => levels[n % levels.length]).join()})`;
const make = (kind, parent, rest = {}) => Object.assign(parent.appendChild(document.createElement(kind)), rest);

class Pad {
  constructor(root, data, send) {
    Object.assign(this, { root, data, send, undos: [], n: data.heard, ink: 0, thick: data.thick[1], isDown: false, cursor: null });
    this.times = data.fine ? FINE : 1;
    root.replaceChildren();
    this.build();
    this.put(data.kept || data.paper);
  }

  build() {
    const { data, root } = this, { words } = data;
    const board = make("div", root, { className: "board" });
    this.canvas = make("canvas", board, { width: data.width * this.times, height: data.height * this.times, tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", data.name);
    this.canvas.classList.toggle("fine", data.fine);
    this.paint = this.canvas.getContext("2d", { willReadFrequently: true });
    this.pointer = make("i", board, { hidden: true });
    const tools = make("div", root, { className: "tools" });
    const inks = make("div", tools, { className: "inks" });
    inks.setAttribute("role", "group");
    inks.setAttribute("aria-label", words.inks);
    this.inks = data.inks.map(({ colour, name }, place) => {
      const button = make("button", inks, { type: "button", title: name, onclick: () => this.take(place) });
      button.setAttribute("aria-label", name);
      button.style.setProperty("--ink", css(colour));
      return button;
    });
    const label = make("label", tools, { textContent: words.thickness });
    const [least, usual, most] = data.thick;
    this.slider = make("input", label, { type: "range", min: least, max: most, step: data.fine ? 0.5 : 1, value: usual });
    this.slider.oninput = () => { this.thick = Number(this.slider.value); };
    const buttons = make("div", tools, { className: "buttons" });
    make("button", buttons, { type: "button", className: "undo", textContent: words.undo, onclick: () => this.undo() });
    make("button", buttons, { type: "button", className: "clear", textContent: words.clear, onclick: () => this.clear() });
    this.said = make("output", root, { className: "pen" });
    make("p", root, { className: "hint", textContent: data.hint });
    this.take(0);
    this.listen();
  }

  take(place) {
    this.ink = place;
    this.inks.forEach((button, n) => button.setAttribute("aria-pressed", n === place));
  }

  // Pixels

  put(text) {
    const { width, height, channels } = this.data, bytes = decode(text), times = this.times;
    const image = this.paint.createImageData(width * times, height * times);
    for (let y = 0; y < height * times; y++) for (let x = 0; x < width * times; x++) {
      const from = channels * (Math.floor(y / times) * width + Math.floor(x / times)), to = 4 * (y * width * times + x);
      for (let c = 0; c < 3; c++) image.data[to + c] = bytes[from + (channels === 3 ? c : 0)];
      image.data[to + 3] = 255;
    }
    this.paint.putImageData(image, 0, 0);
  }

  pixels() {
    const { width, height, channels } = this.data, times = this.times, found = new Uint8Array(width * height * channels);
    const { data } = this.paint.getImageData(0, 0, width * times, height * times);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let dy = 0; dy < times; dy++) for (let dx = 0; dx < times; dx++)
        sum += data[4 * ((y * times + dy) * width * times + x * times + dx) + c];
      found[channels * (y * width + x) + c] = Math.round(sum / (times * times));
    }
    return encode(found);
  }

  hand() {
    this.sent = performance.now();
    this.send("drawn", { id: this.data.id, n: ++this.n, pixels: this.pixels() });
  }

  handIfAnswered() {
    const isAnswered = this.data.heard >= this.n || performance.now() - this.sent > PATIENCE;
    if (this.data.live && isAnswered && performance.now() - (this.sent || 0) > 100) this.hand();
  }

  // Strokes

  remember() {
    this.undos.push(this.paint.getImageData(0, 0, this.canvas.width, this.canvas.height));
    if (this.undos.length > UNDOS) this.undos.shift();
  }

  mark(from, to, pressure = 1) {
    this.paint.fillStyle = this.paint.strokeStyle = css(this.data.inks[this.ink].colour);
    if (!this.data.fine) return this.markPixels(from, to, Math.max(1, Math.round(this.thick * pressure)));
    Object.assign(this.paint, { lineWidth: this.thick * this.times * pressure, lineCap: "round", lineJoin: "round" });
    this.paint.beginPath();
    this.paint.moveTo(from.x, from.y);
    this.paint.lineTo(to.x + 0.01, to.y); // a tap leaves a dot too
    this.paint.stroke();
  }

  markPixels(from, to, size) {
    const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))));
    for (let n = 0; n <= steps; n++) {
      const x = from.x + ((to.x - from.x) * n) / steps, y = from.y + ((to.y - from.y) * n) / steps;
      this.paint.fillRect(Math.floor(x - (size - 1) / 2), Math.floor(y - (size - 1) / 2), size, size);
    }
  }

  undo() {
    const before = this.undos.pop();
    if (!before) return;
    this.paint.putImageData(before, 0, 0);
    this.hand();
  }

  clear() {
    this.remember();
    this.put(this.data.paper);
    this.hand();
  }

  // Pointers: mouse, fingers, stylus

  listen() {
    const { canvas } = this;
    let last = null, held = null;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
    };
    const force = (event) => (event.pointerType === "pen" && event.pressure ? 0.4 + 1.2 * event.pressure : 1);
    canvas.onpointerdown = (event) => {
      if (held !== null || event.button > 0) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      held = event.pointerId;
      this.hideCursor();
      this.remember();
      last = place(event);
      this.mark(last, last, force(event));
      this.handIfAnswered();
    };
    canvas.onpointermove = (event) => {
      if (event.pointerId !== held) return;
      // Only secure pages have the moves between two frames, so not those of http://192.168...
      const moves = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const move of moves.length ? moves : [event]) {
        const next = place(move);
        this.mark(last, next, force(move));
        last = next;
      }
      this.handIfAnswered();
    };
    const end = (event) => {
      if (event.pointerId !== held) return;
      held = last = null;
      this.hand();
    };
    canvas.onpointerup = canvas.onpointercancel = end;
    canvas.onkeydown = (event) => this.press(event);
    canvas.onblur = () => this.lift();
  }

  // The keyboard: arrows move, the space bar lowers and lifts the pen

  press(event) {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    if (way) this.go(way, event.shiftKey ? 4 : 1);
    else if (event.key === " " || event.key === "Enter") this.isDown ? this.lift() : this.lower();
    else if (event.key === "Escape") this.lift();
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    else return;
    event.preventDefault();
  }

  go([right, down], far) {
    const { width, height } = this.canvas, step = far * (this.data.fine ? Math.max(1, Math.round(width / 28)) : 1);
    const from = this.cursor || { x: Math.floor(width / 2) + 0.5, y: Math.floor(height / 2) + 0.5 };
    const to = { x: Math.min(width - 0.5, Math.max(0.5, from.x + right * step)), y: Math.min(height - 0.5, Math.max(0.5, from.y + down * step)) };
    this.cursor = this.cursor ? to : from;
    if (this.isDown) this.mark(from, this.cursor);
    this.showCursor();
    if (this.isDown) this.handIfAnswered();
  }

  lower() {
    this.cursor = this.cursor || { x: Math.floor(this.canvas.width / 2) + 0.5, y: Math.floor(this.canvas.height / 2) + 0.5 };
    this.isDown = true;
    this.remember();
    this.mark(this.cursor, this.cursor);
    this.showCursor();
    this.said.textContent = this.data.words.down;
    this.hand();
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.pointer.classList.remove("down");
    this.said.textContent = this.data.words.up;
    this.hand();
  }

  showCursor() {
    this.pointer.hidden = false;
    this.pointer.classList.toggle("down", this.isDown);
    this.pointer.style.left = `${(100 * this.cursor.x) / this.canvas.width}%`;
    this.pointer.style.top = `${(100 * this.cursor.y) / this.canvas.height}%`;
  }

  hideCursor() {
    this.lift();
    this.pointer.hidden = true;
  }
}

export default ({ data: bytes, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".pad"), data = JSON.parse(new TextDecoder().decode(bytes));
  const look = JSON.stringify([data.id, data.fine, data.inks, data.words]);
  if (root.look !== look) root.pad = new Pad(root, data, setStateValue);
  root.look = look;
  root.pad.data.heard = data.heard;
  root.pad.send = setStateValue;
};
