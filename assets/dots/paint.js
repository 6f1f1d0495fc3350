// One moment of a run of dots, painted on a canvas: what the detective believes, the forger's map, real dots, fakes and
// where each of them goes next. x and y are in -1..1, y upwards.

const UNIT = 16384; // of the whole numbers that stand for places
const STEPS = 8; // of belief that are told apart by colour
const REACH = 1.04; // of the plane that is shown, so that a dot on its edge is whole

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const places = (text) => Float32Array.from(new Int16Array(bytesOf(text).buffer), (whole) => whole / UNIT);
const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const mix = (one, other, share) => one.map((part, at) => Math.round(part + (other[at] - part) * share));
const css = (parts) => `rgb(${parts.join(" ")})`;

const decode = (frame) => ({
  step: frame.step,
  fakes: places(frame.fakes),
  beliefs: bytesOf(frame.beliefs),
  arrows: places(frame.arrows),
  heat: bytesOf(frame.heat),
  grid: places(frame.grid),
});

// From "sure that it is fake" through the page's colour to "sure that it is real".
// A detective that only leans to one side is seen to: most of a good game is played around the middle.
const LEAN = 0.6;
const believed = (colours, share) => mix(
  rgb(colours.paper), rgb(share < 0.5 ? colours.fake : colours.real), Math.abs(2 * share - 1) ** LEAN,
);

const placer = (side) => {
  const half = side / 2 / REACH;
  return { x: (x) => side / 2 + x * half, y: (y) => side / 2 - y * half, half };
};

// What stays the same from moment to moment is made once: `make()` again where one of the parts is another.
const keeper = () => {
  let known = [], made = null;
  return (parts, make) => {
    if (parts.some((part, at) => part !== known[at])) [known, made] = [parts, make()];
    return made;
  };
};
const keepTable = keeper(), keepReals = keeper();

const paintHeat = (context, heat, colours, side) => {
  const cells = Math.sqrt(heat.length), image = new ImageData(cells, cells);
  const table = keepTable([colours.paper, colours.real, colours.fake], () => (
    Array.from({ length: 256 }, (_, at) => mix(rgb(colours.paper), believed(colours, at / 255), 0.5))
  ));
  for (let at = 0; at < heat.length; at++) {
    [image.data[4 * at], image.data[4 * at + 1], image.data[4 * at + 2]] = table[heat[at]];
    image.data[4 * at + 3] = 255;
  }
  const small = new OffscreenCanvas(cells, cells);
  small.getContext("2d").putImageData(image, 0, 0);
  const { x, y } = placer(side);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, x(-1), y(1), x(1) - x(-1), y(-1) - y(1));
};

// How much noise there is at a place of its map, -1..1, in units of the mean. Normal noise reaches to 2 there, and the
// mean of exp(-x * x / 2) from -2 to 2 is 0.598; uniform noise is as much everywhere.
const amount = (spread, ...place) => (
  spread > 1 ? place.reduce((product, at) => product * Math.exp(-((spread * at) ** 2) / 2) / 0.598, 1) : 1
);

// The noise laid out evenly and bent as the forger bends it; the denser it comes to lie, the darker.
const paintGrid = (context, grid, colours, side, spread) => {
  const { x, y } = placer(side), points = grid.length / 2;
  const at = (n) => [x(grid[2 * n]), y(grid[2 * n + 1])];
  context.strokeStyle = context.fillStyle = colours.fake;
  const across = Math.round(Math.sqrt(points));
  if (across * across !== points) { // noise of one number is a line
    const even = 2 * side / points / 2;
    for (let n = 0; n + 1 < points; n++) {
      const [from, to] = [at(n), at(n + 1)], here = even * amount(spread, (2 * n + 1) / (points - 1) - 1);
      context.globalAlpha = Math.min(0.9, Math.max(0.15, here / (Math.hypot(from[0] - to[0], from[1] - to[1]) + 0.1)));
      context.lineWidth = side / 60;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    context.globalAlpha = 1;
    return;
  }
  const even = (side / (across - 1)) ** 2 / 3;
  context.lineWidth = Math.max(1, side / 600);
  for (let row = 0; row + 1 < across; row++) {
    for (let column = 0; column + 1 < across; column++) {
      const n = row * across + column, corners = [n, n + 1, n + 1 + across, n + across].map(at);
      const area = Math.abs(corners.reduce((sum, [ax, ay], c) => {
        const [bx, by] = corners[(c + 1) % 4];
        return sum + ax * by - bx * ay;
      }, 0)) / 2;
      const here = 0.16 * amount(spread, (2 * column + 1) / (across - 1) - 1, (2 * row + 1) / (across - 1) - 1);
      context.globalAlpha = Math.min(0.55, Math.max(0.04, here * even / (area + even / 12)));
      context.beginPath();
      corners.forEach(([px, py], c) => (c ? context.lineTo(px, py) : context.moveTo(px, py)));
      context.closePath();
      context.fill();
      context.globalAlpha = 0.28;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
};

// A real dot is round, a fake is a diamond with a rim in the forger's colour, filled with what the detective believes.
const paintReals = (context, reals, colours, side) => {
  const { x, y } = placer(side), radius = Math.max(2, side / 190);
  context.fillStyle = colours.real;
  context.beginPath();
  for (let n = 0; n < reals.length; n += 2) {
    const [px, py] = [x(reals[n]), y(reals[n + 1])];
    context.moveTo(px + radius, py);
    context.arc(px, py, radius, 0, 2 * Math.PI);
  }
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
};

const diamond = (context, x, y, radius) => {
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
};

const paintFakes = (context, fakes, beliefs, colours, side) => {
  const { x, y } = placer(side), radius = Math.max(4, side / 95);
  context.lineWidth = Math.max(1.5, side / 360);
  context.strokeStyle = colours.fake_ink;
  for (let level = 0; level < STEPS; level++) {
    context.beginPath();
    for (let n = 0; n < beliefs.length; n++) {
      if (Math.min(STEPS - 1, Math.floor(beliefs[n] / 256 * STEPS)) === level) diamond(context, x(fakes[2 * n]), y(fakes[2 * n + 1]), radius);
    }
    context.fillStyle = css(believed(colours, level / (STEPS - 1)));
    context.fill();
    context.stroke();
  }
};

const paintArrows = (context, fakes, arrows, colours, side) => {
  const { x, y, half } = placer(side), head = Math.max(3, side / 130);
  context.strokeStyle = colours.text;
  context.lineWidth = Math.max(1, side / 420);
  context.beginPath();
  for (let n = 0; n < fakes.length; n += 2) {
    const [px, py] = [x(fakes[n]), y(fakes[n + 1])], [dx, dy] = [arrows[n] * half, -arrows[n + 1] * half];
    const length = Math.hypot(dx, dy);
    if (length < 2) continue;
    const [ux, uy] = [dx / length, dy / length], tip = Math.min(head, length / 2);
    context.moveTo(px, py);
    context.lineTo(px + dx, py + dy);
    context.moveTo(px + dx - tip * (ux + uy / 1.6), py + dy - tip * (uy - ux / 1.6));
    context.lineTo(px + dx, py + dy);
    context.lineTo(px + dx - tip * (ux - uy / 1.6), py + dy - tip * (uy + ux / 1.6));
  }
  context.stroke();
};

const paintCross = (context, [px, py], colours, side) => {
  const { x, y } = placer(side), arm = side / 40;
  for (const [colour, width] of [[colours.paper, 5], [colours.accent, 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * side / 500;
    context.beginPath();
    context.moveTo(x(px) - arm, y(py));
    context.lineTo(x(px) + arm, y(py));
    context.moveTo(x(px), y(py) - arm);
    context.lineTo(x(px), y(py) + arm);
    context.stroke();
  }
};

const paintRing = (context, [px, py], colours, side) => {
  const { x, y } = placer(side);
  for (const [colour, width] of [[colours.paper, 6], [colours.accent, 3]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * side / 500;
    context.beginPath();
    context.arc(x(px), y(py), side / 48, 0, 2 * Math.PI);
    context.stroke();
  }
};

// All that is switched on, from the ground up. `moment` is a decoded frame, or null where only real dots are known.
const paintPlane = (canvas, { moment, reals, on, colours, rings, cross, spread }) => {
  const context = canvas.getContext("2d"), side = canvas.width;
  context.globalAlpha = 1;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, side, side);
  if (moment && on.heat) paintHeat(context, moment.heat, colours, side);
  if (moment && on.map && moment.grid.length) paintGrid(context, moment.grid, colours, side, spread);
  if (on.reals) {
    context.drawImage(keepReals([reals, colours.real, side], () => {
      const layer = new OffscreenCanvas(side, side);
      paintReals(layer.getContext("2d"), reals, colours, side);
      return layer;
    }), 0, 0);
  }
  if (moment && on.arrows) paintArrows(context, moment.fakes, moment.arrows, colours, side);
  if (moment && on.fakes) paintFakes(context, moment.fakes, moment.beliefs, colours, side);
  rings.forEach((ring) => paintRing(context, ring, colours, side));
  if (cross) paintCross(context, cross, colours, side);
};

// The noise of the same fakes, as dots in a small square, or along a line where it is one number.
const paintNoise = (canvas, noise, size, spread, colours, chosen) => {
  const context = canvas.getContext("2d"), side = canvas.width, { x, y } = placer(side);
  context.fillStyle = colours.soft;
  context.fillRect(0, 0, side, side);
  const place = (n) => [x(noise[n * size] / spread), y(size > 1 ? noise[n * size + 1] / spread : 0)];
  context.fillStyle = colours.muted;
  for (let n = 0; n * size < noise.length; n++) {
    const [px, py] = place(n);
    context.fillRect(px - 1, py - 1, side / 45, side / 45);
  }
  if (chosen === null) return;
  context.fillStyle = colours.accent;
  context.beginPath();
  context.arc(...place(chosen), side / 20, 0, 2 * Math.PI);
  context.fill();
};
