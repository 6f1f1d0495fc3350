// Draws a sheet of small pictures on a canvas, crisp at whole multiples of their pixels if there is room for two.
// data: JSON as bytes, { pixels: base64 of uint8 values picture by picture, count, size, channels, columns,
//         scores: [0..1] or null, bars: room for them, belief: colour, track: colour, alt }

const GAP = 3, BAR = 5;

const draw = (canvas, data, width) => {
  const { size, channels, columns, count, scores } = data;
  const ratio = window.devicePixelRatio || 1;
  const room = (width * ratio) / columns - GAP * ratio;
  const isCrisp = room >= 2 * size;
  const side = isCrisp ? size * Math.floor(room / size) : Math.floor(room);
  const gap = Math.round(GAP * ratio), bar = data.bars ? Math.round(BAR * ratio) : 0; // kept free without scores, so that two sheets line up
  const rows = Math.ceil(count / columns);
  canvas.width = columns * (side + gap) - gap;
  const line = side + gap + (data.bars ? bar + gap : 0);
  canvas.height = rows * line - gap;
  canvas.style.width = `${canvas.width / ratio}px`;
  canvas.style.height = `${canvas.height / ratio}px`;

  const bytes = Uint8Array.from(atob(data.pixels), (letter) => letter.charCodeAt(0));
  const tile = new OffscreenCanvas(size, size), paint = tile.getContext("2d");
  const image = paint.createImageData(size, size);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = !isCrisp;

  for (let n = 0; n < count; n++) {
    const start = n * size * size * channels;
    for (let p = 0; p < size * size; p++) {
      for (let c = 0; c < 3; c++) image.data[4 * p + c] = bytes[start + p * channels + (channels === 3 ? c : 0)];
      image.data[4 * p + 3] = 255;
    }
    paint.putImageData(image, 0, 0);
    const x = (n % columns) * (side + gap);
    const y = Math.floor(n / columns) * line;
    context.drawImage(tile, x, y, side, side);
    if (scores) {
      context.fillStyle = data.track;
      context.fillRect(x, y + side + gap / 2, side, bar);
      context.fillStyle = data.belief;
      context.fillRect(x, y + side + gap / 2, Math.round(side * scores[n]), bar);
    }
  }
};

export default ({ data: bytes, parentElement }) => {
  const canvas = parentElement.querySelector("canvas");
  const frame = canvas.parentElement, text = new TextDecoder().decode(bytes);
  if (frame.text === text) return; // nothing has moved
  frame.text = text;
  const data = JSON.parse(text);
  canvas.setAttribute("aria-label", data.alt);
  const paint = () => draw(canvas, frame.latest, frame.clientWidth);
  frame.latest = data;
  if (!frame.observer) {
    frame.observer = new ResizeObserver(paint);
    frame.observer.observe(frame);
  }
  paint();
};
