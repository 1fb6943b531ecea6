"use strict";
// Draws what holds on a day; every "what" was decided in Python, here it is only looked up and moved.
const scene = JSON.parse(document.getElementById("scene").textContent);
const given = JSON.parse(document.getElementById("network").textContent);
const element = (id) => document.getElementById(id);
const stage = element("stage"), slider = element("slider");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const DAY = 86400000;
const first = Date.parse(scene.first + "T00:00:00Z");
let day = scene.days, chosen = null, pointed = null, scale = 1;

const dateOf = (n) => new Date(first + n * DAY);
const iso = (n) => dateOf(n).toISOString().slice(0, 10);
const say = (n, month = "long") => dateOf(n).toLocaleDateString("en-GB", { day: "numeric", month, year: "numeric", timeZone: "UTC" });
const holds = (from, to) => from <= day && (to === null || day < to);
const tell = (message) => parent.postMessage({ ecomap: true, ...message }, "*");

// --- the canvas: nodes and lines are pyvis's, the field behind them is drawn here ---

const nodes = new vis.DataSet(given.nodes.map((n) => ({ ...n, label: undefined, title: undefined })));
const edges = new vis.DataSet(given.edges.map((e) => ({ ...e, arrows: "" })));
const network = new vis.Network(element("canvas"), { nodes, edges }, {
  physics: false,
  autoResize: false,
  interaction: { dragNodes: false, dragView: false, zoomView: false, selectable: false, keyboard: false, hover: true, tooltipDelay: 1e9 },
  nodes: { borderWidth: 2 },
  edges: { smooth: false, chosen: false, hoverWidth: 0 },
});
const people = new Map(scene.people.map((p) => [p.id, { ...p, state: undefined, seat: null, at: null, label: null }]));
const headings = new Map();
let cast = null;
const goal = (p) => p.seat[3][p.state.ring];

network.on("beforeDrawing", (ctx) => {
  for (const [group, w] of Object.entries(cast.wedges)) {
    const colour = scene.groups[group].colour;
    ctx.globalAlpha = 0.055; ctx.fillStyle = colour; ctx.fill(new Path2D(w.field));
    ctx.globalAlpha = 1; ctx.strokeStyle = colour; ctx.lineWidth = 3; ctx.stroke(new Path2D(w.rim));
  }
  ctx.strokeStyle = "#b9c0c4"; ctx.lineWidth = 1;
  for (const r of scene.rings.slice(0, -1)) { ctx.beginPath(); ctx.ellipse(0, 0, r.rx, r.ry, 0, 0, 2 * Math.PI); ctx.stroke(); }
  ctx.strokeStyle = "#cfd4d7"; ctx.setLineDash([1, 4]);
  for (const p of people.values()) if (p.state) line(ctx, p.at, p.seat[3][3]);
  ctx.setLineDash([]);
  for (const a of scene.arcs) arc(ctx, a);
});
network.on("afterDrawing", (ctx) => {
  ctx.font = "11px 'Segoe UI', Arial, sans-serif"; ctx.textAlign = "center"; ctx.textBaseline = "middle";
  scene.rings.forEach((r, n) => written(ctx, r.name, 0, -(r.ry + (n ? scene.rings[n - 1].ry : scene.centre)) / 2));
  for (const p of people.values()) {
    if (!p.state) continue;
    const [x, y] = p.at;
    if (p.id === chosen || p.id === pointed) { ctx.beginPath(); ctx.arc(x, y, scene.node + 5, 0, 2 * Math.PI); ctx.strokeStyle = "#0b0c0c"; ctx.lineWidth = 2; ctx.stroke(); }
    if (p.state.new) plus(ctx, x + scene.node * 0.85, y - scene.node * 0.85);
  }
});

function line(ctx, from, to) { ctx.beginPath(); ctx.moveTo(...from); ctx.lineTo(...to); ctx.stroke(); }
function written(ctx, text, x, y) {
  ctx.strokeStyle = "#fff"; ctx.lineWidth = 4; ctx.lineJoin = "round"; ctx.strokeText(text, x, y);
  ctx.fillStyle = "#484949"; ctx.fillText(text, x, y);
}
function plus(ctx, x, y) {
  ctx.beginPath(); ctx.arc(x, y, 6.5, 0, 2 * Math.PI); ctx.fillStyle = "#ffdd00"; ctx.fill();
  ctx.strokeStyle = "#0b0c0c"; ctx.lineWidth = 1; ctx.stroke();
  ctx.lineWidth = 1.8; line(ctx, [x - 3.5, y], [x + 3.5, y]); line(ctx, [x, y - 3.5], [x, y + 3.5]);
}
function arc(ctx, a) {
  const one = people.get(a.a), other = people.get(a.b);
  if (!one.state || !other.state || !a.spans.some(([from, to]) => holds(from, to))) return;
  const about = pointed || chosen, touches = about === a.a || about === a.b;
  const [x0, y0] = one.at, [x1, y1] = other.at;
  ctx.strokeStyle = "#0b0c0c"; ctx.globalAlpha = !about ? 0.45 : touches ? 1 : 0.08; ctx.lineWidth = touches ? 1.8 : 1.2;
  ctx.beginPath(); ctx.moveTo(x0, y0);
  ctx.quadraticCurveTo(((x0 + x1) / 2) * scene.bend, ((y0 + y1) / 2) * scene.bend, x1, y1);
  ctx.stroke(); ctx.globalAlpha = 1;
}

// --- the names: buttons over the canvas, so that they are sharp, can be reached by key and are read aloud ---

function make(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className; if (text !== undefined) node.textContent = text;
  element("labels").append(node);
  return node;
}
function put(node, x, y) { node.style.left = x + "px"; node.style.top = y + "px"; }
for (const [group, g] of Object.entries(scene.groups)) {
  const heading = make("div", "group " + g.anchor, group);
  heading.style.color = g.colour; headings.set(group, heading);
}
make("div", "middle", scene.child);
for (const p of people.values()) {
  const label = make("button", "label " + scene.groups[p.group].anchor);
  label.type = "button";
  label.addEventListener("click", () => choose(p.id));
  for (const [on, id] of [["mouseenter", p.id], ["focus", p.id], ["mouseleave", null], ["blur", null]])
    label.addEventListener(on, () => { pointed = id; network.redraw(); });
  p.label = label;
}

function text(tag, className, words) {
  const node = document.createElement(tag);
  node.className = className; node.textContent = words;
  return node;
}
function write(p) {
  p.label.hidden = !p.state;
  if (!p.state) return;
  const area = p.state.area ? [" ", text("span", "area", p.state.area)] : [];
  const second = text("span", "second", "");
  second.append(text("span", "role", p.state.role), ...area);
  p.label.replaceChildren(text("b", "", p.name), " ", second);
  p.label.classList.toggle("ended", p.state.line === "ended");
  p.label.title = p.state.says;
}

// --- a day ---

function show(n) {
  day = Math.max(0, Math.min(scene.days, n));
  slider.value = day;
  const now = scene.casts.find((c) => holds(c.from, c.to)), newCast = now !== cast;
  cast = now;
  let there = 0, left = 0;
  for (const p of people.values()) {
    const state = p.states.find((s) => holds(s.from, s.to)) || null;
    if (state) state.line === "ended" ? left++ : there++;
    const same = state === p.state, appears = !p.state && state;
    p.state = state; p.seat = cast.seats[p.id];
    if (newCast && state) { put(p.label, p.seat[0], p.seat[1]); p.label.style.maxWidth = p.seat[2] + "px"; }
    if (same) continue;
    if (appears) p.at = goal(p);
    write(p); style(p);
  }
  if (newCast) for (const [group, heading] of headings) {
    heading.hidden = !(group in cast.wedges);
    if (!heading.hidden) put(heading, cast.wedges[group].x, cast.wedges[group].y);
  }
  const words = say(day);
  element("date").textContent = words;
  element("count").textContent = `${there} people and services on record` + (left ? `; ${left} who left lately` : "");
  slider.setAttribute("aria-valuetext", `${words}, ${there} people and services`);
  element("earlier").disabled = !scene.changes.some((d) => d < day);
  element("later").disabled = !scene.changes.some((d) => d > day);
  move();
}

function style(p) {
  const id = "line " + p.id, hidden = !p.state;
  if (hidden) { nodes.update({ id: p.id, hidden }); edges.update({ id, hidden }); return; }
  const drawn = scene.lines[p.state.line], ended = p.state.line === "ended";
  const colour = { border: p.colour, background: ended ? "#fff" : p.colour };
  nodes.update({ id: p.id, hidden, x: p.at[0], y: p.at[1], color: { ...colour, highlight: colour, hover: colour },
    borderWidth: 2, shapeProperties: { borderDashes: ended ? [4, 3] : false } });
  const stroke = drawn.grey ? scene.grey : p.colour;
  edges.update({ id, hidden, width: drawn.width, dashes: drawn.dashes || false, color: { color: stroke, highlight: stroke, hover: stroke } });
}

let moving = false;
function move() { if (!moving) { moving = true; requestAnimationFrame(step); } }
function step() {
  const changed = []; let far = false;
  for (const p of people.values()) {
    if (!p.state) continue;
    const [x, y] = goal(p), dx = x - p.at[0], dy = y - p.at[1];
    if (!dx && !dy) continue;
    const there = still || Math.abs(dx) + Math.abs(dy) < 0.6;
    p.at = there ? [x, y] : [p.at[0] + dx * 0.3, p.at[1] + dy * 0.3];
    far = far || !there; changed.push({ id: p.id, x: p.at[0], y: p.at[1] });
  }
  if (changed.length) nodes.update(changed); else network.redraw();
  moving = far;
  if (far) requestAnimationFrame(step);
}

function choose(id) {
  chosen = id; mark(); tell({ select: id });
}
function mark() {
  for (const p of people.values()) { p.label.classList.toggle("chosen", p.id === chosen); p.label.setAttribute("aria-pressed", String(p.id === chosen)); }
  network.redraw();
}

// --- the slider: moved here, told when let go ---

let waiting = 0;
function released() { clearTimeout(waiting); waiting = setTimeout(() => tell({ day: iso(day) }), 250); }
slider.max = scene.days;
slider.addEventListener("input", () => show(Number(slider.value)));
slider.addEventListener("change", released);
element("earlier").addEventListener("click", () => { show(scene.changes.filter((d) => d < day).pop()); released(); });
element("later").addEventListener("click", () => { show(scene.changes.find((d) => d > day)); released(); });
element("first").textContent = say(0, "short");
element("last").textContent = say(scene.days, "short");
for (const m of scene.marks) {
  if (m.kind === "crisis") continue;
  const sign = make("span", m.kind, m.kind === "review" ? "◆" : "");
  sign.style.left = (100 * m.day) / scene.days + "%"; sign.title = m.text; element("marks").append(sign);
}
network.on("click", (e) => { const id = network.getNodeAt(e.pointer.DOM); if (people.has(id) && people.get(id).state) choose(id); });
network.on("hoverNode", (e) => { if (people.has(e.node)) { pointed = e.node; element("canvas").style.cursor = "pointer"; network.redraw(); } });
network.on("blurNode", () => { pointed = null; element("canvas").style.cursor = ""; network.redraw(); });
addEventListener("message", (e) => {
  if (e.source !== parent || !e.data || !e.data.ecomap) return;
  if (e.data.day) show(Math.round((Date.parse(e.data.day + "T00:00:00Z") - first) / DAY));
  if ("chosen" in e.data) { chosen = people.has(e.data.chosen) ? e.data.chosen : null; mark(); }
});

// --- size: the whole picture always, as large as the width allows ---

let width = 0;
function fit() {
  if (stage.clientWidth === width || stage.clientWidth < 50) return; // 0 until it is laid out
  width = stage.clientWidth;
  scale = Math.min(1.3, stage.clientWidth / scene.width);
  const height = Math.round(scene.height * scale);
  stage.style.height = height + "px";
  network.setSize(stage.clientWidth + "px", height + "px");
  network.redraw();
  network.moveTo({ position: { x: 0, y: 0 }, scale });
  element("labels").style.transform = `scale(${scale})`;
  tell({ height: document.querySelector("main").offsetHeight + 4 });
}
element("labels").className = "lines" + scene.labelLines;
show(scene.days);
fit();
new ResizeObserver(fit).observe(stage); // a frame that is given its width late has no other sign of it
network.once("afterDrawing", () => tell({ drawn: true }));
