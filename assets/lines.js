// Lines that move in place, drawn by uPlot, which another component brings.
// data: JSON as bytes, { x: [...], series: [{ name, colour, ink, dash: [on, off, ...], values: [number or null, ...] }], x_max, y_min, y_max (each may be null),
//         log, percent, marks: [[x, what], ...], spikes: [[x, value, ink], ...], guide or null, guide_colour, guide_label or null, x_label, y_label,
//         text, faint, paper, height (of the whole, where the page's style has no --chart-height), alt, language, joined: whether a line goes on over places without a value }
// Drag across the chart to zoom in, double click to zoom out; a zoom stays while the run goes on.
// Letters are the page's own: whatever typeface the theme has.

const SMALL = 14, LARGE = 16, LEAST = 11, LINE = 19, NARROW = 420; // pixels

const shown = (data) => [...data.series.flatMap((series) => series.values).filter((value) => value !== null), ...(data.guide === null ? [] : [data.guide])];
const highest = (data) => data.y_max ?? Math.max(...shown(data), 0.1) * 1.08;
const lowest = (data) => data.y_min ?? Math.min(...shown(data), 0) * 1.08;
const powers = (data) => {
  const positive = shown(data).filter((value) => value > 0);
  const ends = positive.length ? [Math.min(...positive), Math.max(...positive)] : [1, 10];
  return [10 ** Math.floor(Math.log10(ends[0])), 10 ** Math.ceil(Math.log10(ends[1] * 1.01))];
};

const family = (frame) => getComputedStyle(frame).fontFamily;
const font = (frame, size, weight = "400") => `${weight} ${size}px ${family(frame)}`;
const screen = () => window.devicePixelRatio || 1;
const isNarrow = (frame) => frame.clientWidth < NARROW;

const options = (frame, data) => ({
  width: frame.clientWidth,
  height: frame.clientHeight,
  padding: [() => frame.latest.marks.length ? 22 : 10, () => room(frame, frame.latest), 0, 0],
  legend: { show: false },
  cursor: { y: false, points: { size: 9 }, drag: { setScale: true, x: true, y: false }, sync: { key: "run", setSeries: false } },
  scales: {
    x: { time: false, range: (plot, low, high) => frame.zoom || [0, frame.latest.x_max] },
    y: {
      distr: data.log ? 3 : 1,
      range: () => data.log ? powers(frame.latest) : [lowest(frame.latest), highest(frame.latest)],
    },
  },
  axes: [axis(frame, data, data.x_label, 42), axis(frame, data, isNarrow(frame) ? "" : data.y_label, 58, data.y_max === 1 ? [0, 0.5, 1] : null)],
  series: [{}, ...data.series.map(({ name, colour, dash }) => ({
    label: name, stroke: colour, width: 3, dash, spanGaps: data.joined, points: { show: isAlone, size: 8, fill: colour },
  }))],
  hooks: {
    setSelect: [(plot) => { if (plot.select.width > 4) frame.zoom = [plot.select.left, plot.select.left + plot.select.width].map((pixel) => plot.posToVal(pixel, "x")); }],
    drawAxes: [(plot) => guide(plot, frame.latest), (plot) => changes(plot, frame)],
    draw: [(plot) => spikes(plot, frame), (plot) => ends(plot, frame)],
    setCursor: [(plot) => plot.redraw(false, false)],
  },
});

// A single value makes no line, so it is shown as a point.
const isAlone = (plot, number) => plot.data[number].filter((value) => value !== null).length === 1;

const axis = (frame, data, label, size, splits = null, isUpright = size > 42) => ({
  label: label || undefined, size: isUpright ? (plot, texts) => Math.max(size - 18, roomFor(plot, texts ?? [], frame) + 8) : size - 18, labelSize: label ? 20 : 0, labelGap: 0, gap: 4, font: font(frame, SMALL), labelFont: font(frame, SMALL),
  stroke: data.text, grid: { stroke: data.faint, width: 1 }, ticks: { show: false },
  values: (plot, values) => values.map((value) => value === null ? "" : splits && data.percent ? percent(value, data) : isUpright && isHuge(value) ? huge(value, data, 2) : value.toLocaleString(data.language)),
  ...(isUpright ? {} : { incrs: [1, 2, 5].flatMap((digit) => [0, 1, 2, 3, 4, 5, 6].map((power) => digit * 10 ** power)).sort((one, other) => one - other) }),
  ...(splits ? { splits: () => splits } : isUpright && data.log ? { splits: (plot, number, low, high) => steps(low, high) } : { space: 34 }),
});

// What has run away is told in thousands and millions.
const isHuge = (value) => Math.abs(value) >= 10_000;
const huge = (value, data, digits) => value.toLocaleString(data.language, { notation: "compact", maximumFractionDigits: digits });

const roomFor = (plot, texts, frame) => {
  plot.ctx.save();
  plot.ctx.font = font(frame, SMALL);
  const width = Math.max(0, ...texts.map((text) => plot.ctx.measureText(text).width));
  plot.ctx.restore();
  return Math.ceil(width);
};

// Where an axis in powers of ten has its lines: at these, and in between where they are few.
const steps = (low, high) => {
  const powers = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, n) => low * 10 ** n);
  return powers.length > 2 ? powers : powers.slice(0, -1).flatMap((power) => [power, 2 * power, 5 * power]).concat(high);
};

const percent = (value, data) => value.toLocaleString(data.language, { style: "percent" });

const brief = (value, data) => {
  if (data.percent) return percent(value, data);
  if (isHuge(value)) return huge(value, data, 1);
  const size = Math.abs(value), digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString(data.language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
};

// Text that no line strikes through: what lies under its letters gives way.
const write = (ctx, text, x, y, ink, paper) => {
  ctx.lineJoin = "round";
  ctx.lineWidth = 5 * screen();
  ctx.strokeStyle = paper;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y);
};

const guide = (plot, { guide, guide_colour, guide_label }) => {
  if (guide === null) return;
  const { ctx, bbox } = plot, y = plot.valToPos(guide, "y", true);
  ctx.save();
  ctx.setLineDash([6, 6]);
  ctx.strokeStyle = guide_colour;
  ctx.lineWidth = (guide_label ? 2 : 1) * screen();
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
};

// Where somebody changed a setting: an upright line; above the chart the newest says what it was.
const changes = (plot, frame) => {
  const { marks, text, paper } = frame.latest, { ctx, bbox } = plot, ratio = screen();
  ctx.save();
  ctx.strokeStyle = text;
  ctx.lineWidth = ratio;
  ctx.font = font(frame, 13 * ratio);
  ctx.textBaseline = "bottom";
  frame.placed = [];
  marks.forEach(([at, what], place) => {
    const x = plot.valToPos(at, "x", true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) return;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (place < marks.length - 1) return;
    const most = ctx.canvas.width - 8 * ratio, said = fitted(ctx, what, most), width = ctx.measureText(said).width;
    const left = Math.max(4 * ratio, Math.min(x, ctx.canvas.width - 4 * ratio - width));
    ctx.setLineDash([]);
    ctx.lineWidth = 5 * ratio;
    write(ctx, said, left, bbox.top - 3 * ratio, text, paper);
    note(frame, said, left, bbox.top - 17 * ratio, width, 14 * ratio);
  });
  ctx.restore();
};

const fitted = (ctx, text, most) => {
  if (ctx.measureText(text).width <= most) return text;
  while (text.length > 1 && ctx.measureText(`${text}…`).width > most) text = text.slice(0, -1);
  return `${text}…`;
};

// Values far beyond all others: an arrow at the edge says how far.
const spikes = (plot, frame) => {
  const { spikes, paper } = frame.latest, { ctx, bbox } = plot, ratio = screen();
  ctx.save();
  ctx.font = font(frame, 13 * ratio, "600");
  ctx.textBaseline = "middle";
  for (const [at, value, ink] of spikes) {
    const isHigh = value > 0, text = `${isHigh ? "▲" : "▼"} ${brief(value, frame.latest)}`, width = ctx.measureText(text).width;
    const x = plot.valToPos(at, "x", true), y = isHigh ? bbox.top + 8 * ratio : bbox.top + bbox.height - 8 * ratio;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const left = Math.max(bbox.left, Math.min(x - 6 * ratio, bbox.left + bbox.width - width));
    if (frame.placed.some((other) => left < other.x + other.width && other.x < left + width && Math.abs(other.y - y + 7 * ratio) < 14 * ratio)) continue;
    write(ctx, text, left, y, ink, paper);
    note(frame, text, left, y - 7 * ratio, width, 14 * ratio);
  }
  ctx.restore();
};

// Where texts stand, in pixels of the canvas, for what is placed later, and for tests.
const note = (frame, text, x, y, width, height) => frame.placed.push({ text, x, y, width, height });

// The newest value up to a place; lines need not have one at each.
const newest = (values, index) => {
  while (index >= 0 && (values[index] ?? null) === null) index--;
  return index < 0 ? null : values[index];
};

// What stands beside the ends of the lines: the newest values, or those under the pointer, and what the guide is.
const said = (frame, data, index) => {
  const lines = data.series.flatMap(({ name, ink, values }) => {
    const value = newest(values, index), end = newest(values, data.x.length - 1);
    return value === null ? [] : [{ ink, lines: name ? wrapped(frame, name, brief(value, data)) : [brief(value, data)], value: end }];
  });
  const label = data.guide !== null && data.guide_label;
  return label ? [...lines, { ink: data.guide_colour, lines: wrapped(frame, ...parts(label)), value: data.guide }] : lines;
};

const wrapped = (frame, ...words) => isNarrow(frame) && words.join(" ").length > 8 ? words : [words.join(" ")];
const parts = (label) => /^(.*\S)\s+(\S+)$/.exec(label)?.slice(1) ?? [label];

const widest = (frame, ctx, labels) => {
  ctx.font = font(frame, LARGE, "600");
  return Math.max(0, ...labels.flatMap((label) => label.lines.map((line) => ctx.measureText(line).width)));
};

// Pixels that the labels need on the right of the chart: all of theirs, or next to nothing while they fit within it.
const room = (frame, data) => {
  const ctx = (frame.ruler ??= document.createElement("canvas").getContext("2d"));
  const needed = Math.ceil(widest(frame, ctx, said(frame, data, data.x.length - 1))) + 12;
  const [low, high] = frame.zoom || [0, data.x_max], last = data.x[data.x.length - 1] ?? 0;
  const free = frame.clientWidth - 70, end = Math.min(1, Math.max(0, (last - low) / (high - low || 1)));
  return end * free + needed < free ? 10 : needed;
};

// Labels from top to bottom, moved apart so that each has its own height between `top` and `bottom`.
const spread = (labels, top, bottom) => {
  const gap = (n) => (labels[n].height + labels[n + 1].height) / 2;
  for (let round = 0; round < 30; round++) {
    for (let n = 0; n + 1 < labels.length; n++) {
      const overlap = Math.max(0, gap(n) - (labels[n + 1].y - labels[n].y)) / 2;
      labels[n].y -= overlap;
      labels[n + 1].y += overlap;
    }
  }
  let edge = top;
  for (const label of labels) {
    label.y = Math.max(label.y, edge + label.height / 2);
    edge = label.y + label.height / 2;
  }
  edge = bottom;
  for (const label of [...labels].reverse()) {
    label.y = Math.min(label.y, edge - label.height / 2);
    edge = label.y - label.height / 2;
  }
};

const ends = (plot, frame) => {
  const data = frame.latest, { x } = data, ratio = screen(), { ctx, bbox } = plot;
  const index = plot.cursor.idx ?? x.length - 1, labels = said(frame, data, index);
  const top = bbox.top - (data.marks.length ? 1 : 8) * ratio, bottom = bbox.top + bbox.height + 8 * ratio; // marks have words above
  const rows = labels.reduce((sum, label) => sum + label.lines.length, 0), free = bottom - top;
  const size = Math.max(LEAST, Math.min(LARGE, LARGE * free / (rows * LINE * ratio))), line = size * LINE / LARGE * ratio;
  for (const label of labels) Object.assign(label, { y: plot.valToPos(label.value, "y", true), height: label.lines.length * line });
  labels.sort((one, other) => one.y - other.y);
  spread(labels, top, bottom);
  ctx.save();
  ctx.font = font(frame, size * ratio, "600");
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const widths = Math.max(0, ...labels.flatMap((label) => label.lines.map((text) => ctx.measureText(text).width)));
  const end = x.length ? plot.valToPos(x[x.length - 1], "x", true) : bbox.left;
  const left = Math.max(bbox.left, Math.min(end + 8 * ratio, ctx.canvas.width - widths - 2 * ratio));
  for (const { ink, lines, y, height } of labels) {
    lines.forEach((text, row) => {
      const middle = y - height / 2 + (row + 0.5) * line;
      write(ctx, text, left, middle, ink, data.paper);
      note(frame, text, left, middle - line / 2, ctx.measureText(text).width, line);
    });
  }
  ctx.restore();
};

const build = (frame) => {
  frame.plot?.destroy();
  frame.narrow = isNarrow(frame);
  frame.plot = new uPlot(options(frame, frame.latest), frame.columns, frame);
  frame.plot.over.addEventListener("dblclick", () => { frame.zoom = null; frame.plot.setData(frame.plot.data); });
};

const fit = (frame) => {
  if (!frame.clientWidth) return;
  if (frame.narrow !== isNarrow(frame)) build(frame);
  else frame.plot.setSize({ width: frame.clientWidth, height: frame.clientHeight });
};

const render = (component) => {
  const { parentElement } = component;
  if (!globalThis.uPlot) {
    addEventListener("uplot", () => render(component), { once: true });
    return;
  }
  const frame = parentElement.querySelector(".lines"), text = new TextDecoder().decode(component.data);
  if (frame.text === text) return; // nothing has moved
  frame.text = text;
  const data = JSON.parse(text);
  const look = JSON.stringify([data.text, data.faint, data.height, data.language, data.log, data.series.map((series) => [series.name, series.colour])]);
  frame.latest = data;
  frame.style.height = `var(--chart-height, ${data.height}px)`; // the page's style may know how much room there is
  frame.setAttribute("role", "img"); // together with its name: a picture without one says nothing
  frame.setAttribute("aria-label", data.alt);
  frame.columns = [data.x, ...data.series.map((series) => series.values)];
  if (frame.look === look) {
    const needed = room(frame, data);
    frame.plot.setData(frame.columns);
    if (frame.needed !== needed) fit(frame);
    frame.needed = needed;
    return;
  }
  frame.look = look; // the first time, or another theme
  frame.needed = room(frame, data);
  build(frame);
  frame.observer ??= new ResizeObserver(() => fit(frame));
  frame.observer.observe(frame);
  document.fonts?.ready.then(() => frame.plot.redraw()); // the page's typeface may come later
};

export default render;
