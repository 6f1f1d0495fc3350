// Dots that one draws: with a mouse, a finger or a stylus, or with the arrow keys and the space bar. They are sent as
// bytes, x and y of each, 0 for -1 and 255 for 1, in base64url.

const APART = 0.035; // between two dots of a stroke
const KEY_STEP = 0.04, FAST = 4; // of the arrow keys, and times as much with Shift

const textOf = (dots) => {
  const bytes = dots.flat().map((place) => Math.round((Math.min(1, Math.max(-1, place)) + 1) / 2 * 255));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const dotsOf = (text) => {
  const bytes = bytesOf(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Array.from({ length: bytes.length >> 1 }, (_, n) => [2 * bytes[2 * n] / 255 - 1, 2 * bytes[2 * n + 1] / 255 - 1]);
};

const placeOf = (canvas, event) => {
  const box = canvas.getBoundingClientRect();
  return [(2 * (event.clientX - box.left) / box.width - 1) * REACH, (1 - 2 * (event.clientY - box.top) / box.height) * REACH];
};

// `pen.strokes` are what undo takes back, one at a time; `pen.held` is the pointer that draws, one at a time too.
const newPen = (root) => {
  const pen = { strokes: [], sent: new Set(), held: null };
  const all = () => pen.strokes.flat();
  const send = () => {
    const text = textOf(all());
    pen.sent.add(text);
    root.send("drawn", text);
    root.tellPen();
  };
  const put = (stroke, [x, y]) => {
    if (Math.abs(x) > 1 || Math.abs(y) > 1 || all().length >= root.data.pen.most) return;
    const last = stroke[stroke.length - 1];
    if (!last || Math.hypot(last[0] - x, last[1] - y) >= APART) stroke.push([x, y]);
  };
  pen.load = (text) => {
    if (pen.sent.has(text)) return; // it was drawn here, and since then perhaps more
    pen.sent.add(text);
    pen.strokes = text ? [dotsOf(text)] : [];
  };
  pen.dots = () => Float32Array.from(all().flat());
  pen.count = () => all().length;
  pen.undo = () => { pen.strokes.pop(); root.repaint(); send(); };
  pen.clear = () => { pen.strokes = []; root.repaint(); send(); };
  pen.down = (event) => {
    if (pen.held !== null || event.button > 0) return;
    event.preventDefault();
    pen.held = event.pointerId;
    root.canvas.setPointerCapture(event.pointerId);
    pen.stroke = [];
    pen.strokes.push(pen.stroke);
    pen.move(event);
  };
  pen.move = (event) => {
    if (event.pointerId !== pen.held) return;
    const all = event.getCoalescedEvents?.() ?? []; // is missing where a page comes over plain http
    for (const each of all.length ? all : [event]) put(pen.stroke, placeOf(root.canvas, each));
    root.repaint();
  };
  pen.up = (event) => {
    if (event.pointerId !== pen.held) return;
    if (!pen.stroke.length) pen.strokes.pop();
    pen.stroke = pen.held = null;
    send();
  };
  pen.key = (event) => {
    if (event.key !== " ") return false;
    const stroke = [];
    put(stroke, root.cross ?? [0, 0]);
    if (stroke.length) pen.strokes.push(stroke);
    root.repaint();
    send();
    return true;
  };
  return pen;
};
