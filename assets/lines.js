// Lines that move in place, drawn by uPlot, which another component brings.
// data: JSON as bytes, { x: [...], series: [{ name, colour, ink, dash: [on, off, ...], values: [number or null, ...] }], x_max, y_max or null, log,
//         marks: [[x, what], ...], guide or null, guide_colour, guide_label or null, x_label, y_label, label_width, text, faint, height, alt, language,
//         joined: whether a line goes on over places without a value }
// Drag across the chart to zoom in, double click to zoom out; a zoom stays while the run goes on.

const FONT = `14px ${getComputedStyle(document.body).fontFamily}`, BOLD = "600 " + FONT.replace("14", "16");
const LINE = 19;

const shown = (data) => [...data.series.flatMap((series) => series.values).filter((value) => value !== null), ...(data.guide === null ? [] : [data.guide])];
const highest = (data) => Math.max(...shown(data), 0.1) * 1.08;
const lowest = (data) => Math.min(...shown(data), 0) * 1.08;
const powers = (data) => {
  const positive = shown(data).filter((value) => value > 0);
  const ends = positive.length ? [Math.min(...positive), Math.max(...positive)] : [1, 10];
  return [10 ** Math.floor(Math.log10(ends[0])), 10 ** Math.ceil(Math.log10(ends[1] * 1.01))];
};

const options = (frame, data) => ({
  width: frame.clientWidth,
  height: data.height,
  padding: [10, data.label_width, 0, 0],
  legend: { show: false },
  cursor: { y: false, points: { size: 9 }, drag: { setScale: true, x: true, y: false }, sync: { key: "run", setSeries: false } },
  scales: {
    x: { time: false, range: (plot, low, high) => frame.zoom || [0, frame.latest.x_max] },
    y: {
      distr: data.log ? 3 : 1,
      range: () => data.log ? powers(frame.latest) : [lowest(frame.latest), frame.latest.y_max ?? highest(frame.latest)],
    },
  },
  axes: [axis(data, data.x_label, 42), axis(data, data.y_label, 58, data.y_max === 1 ? [0, 0.5, 1] : null)],
  series: [{}, ...data.series.map(({ name, colour, dash }) => ({
    label: name, stroke: colour, width: 3, dash, spanGaps: data.joined, points: { show: isAlone, size: 8, fill: colour },
  }))],
  hooks: {
    setSelect: [(plot) => { if (plot.select.width > 4) frame.zoom = [plot.select.left, plot.select.left + plot.select.width].map((pixel) => plot.posToVal(pixel, "x")); }],
    drawAxes: [(plot) => guide(plot, frame.latest), (plot) => changes(plot, frame.latest)],
    draw: [(plot) => ends(plot, frame.latest)],
    setCursor: [(plot) => plot.redraw(false, false)],
  },
});

// A single value makes no line, so it is shown as a point.
const isAlone = (plot, number) => plot.data[number].filter((value) => value !== null).length === 1;

const axis = (data, label, size, splits = null) => ({
  label: label || undefined, size: size - 18, labelSize: label ? 20 : 0, labelGap: 0, gap: 4, font: FONT, labelFont: FONT, stroke: data.text,
  grid: { stroke: data.faint, width: 1 }, ticks: { show: false },
  values: (plot, values) => values.map((value) => value === null ? "" : value.toLocaleString(data.language)),
  ...(splits ? { splits: () => splits } : { space: 34 }),
});

const guide = (plot, { guide, guide_colour, guide_label }) => {
  if (guide === null) return;
  const { ctx, bbox } = plot, y = plot.valToPos(guide, "y", true), ratio = window.devicePixelRatio || 1;
  ctx.save();
  if (guide_label) {
    ctx.font = BOLD.replace("16px", `${14 * ratio}px`);
    ctx.fillStyle = guide_colour;
    ctx.textAlign = "left";
    ctx.fillText(guide_label, bbox.left + 6 * ratio, y < bbox.top + 22 * ratio ? y + 16 * ratio : y - 6 * ratio);
  }
  ctx.setLineDash([6, 6]);
  ctx.strokeStyle = guide_colour;
  ctx.lineWidth = (guide_label ? 2 : 1) * ratio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
};

// Where somebody changed a setting: an upright line; the newest says what it was.
const changes = (plot, { marks, text }) => {
  const { ctx, bbox } = plot, ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = text;
  ctx.lineWidth = ratio;
  ctx.font = FONT.replace("14px", `${13 * ratio}px`);
  ctx.textBaseline = "bottom";
  marks.forEach(([at, what], place) => {
    const x = plot.valToPos(at, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (place < marks.length - 1) return;
    const fits = x + ctx.measureText(what).width < bbox.left + bbox.width + 120 * ratio;
    ctx.textAlign = fits ? "left" : "right";
    ctx.fillText(what, x + (fits ? 4 : -4) * ratio, bbox.top + bbox.height - 3 * ratio);
  });
  ctx.restore();
};

const brief = (value, language) => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
};

// The newest value up to a place; lines need not have one at each.
const newest = (values, index) => {
  while (index >= 0 && (values[index] ?? null) === null) index--;
  return index < 0 ? null : values[index];
};

// Labels from top to bottom, moved apart so that each has a line of its own between `top` and `bottom`.
const spread = (labels, top, bottom, line) => {
  const last = labels.length - 1;
  for (let round = 0; round < 20; round++) {
    for (let n = 0; n < last; n++) {
      const overlap = Math.max(0, line - (labels[n + 1].y - labels[n].y)) / 2;
      labels[n].y -= overlap;
      labels[n + 1].y += overlap;
    }
  }
  labels.forEach((label, n) => { label.y = Math.max(label.y, top + n * line); });
  labels.forEach((label, n) => { label.y = Math.min(label.y, bottom - (last - n) * line); });
};

// The newest values, or those under the pointer, beside the ends of the lines.
const ends = (plot, { x, series, language }) => {
  const ratio = window.devicePixelRatio || 1, { ctx, bbox } = plot;
  const index = plot.cursor.idx ?? x.length - 1;
  const left = Math.min(plot.valToPos(x[x.length - 1], "x", true), bbox.left + bbox.width) + 8 * ratio;
  const labels = series.flatMap(({ name, ink, values }) => {
    const value = newest(values, index), end = newest(values, x.length - 1);
    return value === null ? [] : [{ ink, text: `${name} ${brief(value, language)}`, y: plot.valToPos(end, "y", true) }];
  }).sort((one, other) => one.y - other.y);
  spread(labels, bbox.top + 6 * ratio, bbox.top + bbox.height - 6 * ratio, LINE * ratio);
  ctx.save();
  ctx.font = BOLD.replace("16px", `${16 * ratio}px`);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const { ink, text, y } of labels) {
    ctx.fillStyle = ink;
    ctx.fillText(text, left, y);
  }
  ctx.restore();
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
  const look = JSON.stringify([data.text, data.faint, data.height, data.language, data.series.map((series) => [series.name, series.colour])]);
  frame.latest = data;
  frame.setAttribute("aria-label", data.alt);
  const columns = [data.x, ...data.series.map((series) => series.values)];
  if (frame.look === look) {
    frame.plot.setData(columns);
    return;
  }
  frame.look = look; // the first time, or another theme
  frame.plot?.destroy();
  frame.plot = new uPlot(options(frame, data), columns, frame);
  frame.plot.over.addEventListener("dblclick", () => { frame.zoom = null; frame.plot.setData(frame.plot.data); });
  document.fonts.ready.then(() => frame.plot.redraw()); // a canvas keeps the typeface it was drawn with
  frame.observer ??= new ResizeObserver(() => frame.plot.setSize({ width: frame.clientWidth, height: frame.latest.height }));
  frame.observer.observe(frame);
};

export default render;
