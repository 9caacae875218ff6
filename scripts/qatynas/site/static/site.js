// What pages do beyond being read: filter and search the index; choose marks and draw relations in a document.
"use strict";

const find = (selector, root = document) => root.querySelector(selector);
const list = (selector, root = document) => [...root.querySelectorAll(selector)];

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// --- The list of documents ---

function startIndex(form) {
  const cards = list(".card").map((item) => {
    const [title, ...body] = window.qatynasTexts[find("a", item).getAttribute("href")].split("\n");
    return { item, title, body: body.join("\n") };
  });
  const names = ["q", "genre", "split", "source", "label"];
  const pattern = (term) => new RegExp(term.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");

  function apply() {
    const given = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const terms = given.q.normalize("NFC").split(/\s+/u).filter(Boolean).map(pattern);
    let shown = 0;
    for (const card of cards) {
      const { label, ...plain } = card.item.dataset;
      const fits = Object.entries(plain).every(([name, value]) => !given[name] || given[name] === value)
        && (!given.label || label.split(" ").includes(given.label))
        && terms.every((term) => term.test(card.title) || term.test(card.body));
      card.item.hidden = !fits;
      shown += fits;
      showHit(find(".hit", card.item), card.body, fits && terms.length ? terms.find((term) => term.test(card.body)) : null);
    }
    form.elements.found.value = `${shown} of ${cards.length} documents`;
    const kept = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
    if (location.hash.slice(1) !== String(kept)) history.replaceState(null, "", `#${kept}`);
  }

  function readAddress() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of names) form.elements[name].value = kept.get(name) ?? "";
    apply();
  }

  form.hidden = false;
  for (const kind of ["input", "change"]) form.addEventListener(kind, apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  window.addEventListener("hashchange", readAddress);
  readAddress();
}

function showHit(place, body, term) {
  place.hidden = !term;
  if (!term) return place.replaceChildren();
  const found = term.exec(body);
  const end = found.index + found[0].length;
  const start = body.lastIndexOf(" ", Math.max(0, found.index - 60)) + 1;
  const stop = body.indexOf(" ", end + 80);
  const after = body.slice(end, stop < 0 ? undefined : stop);
  place.replaceChildren(start ? "… " : "", body.slice(start, found.index), make("mark", {}, found[0]), after, stop < 0 ? "" : " …");
}

// --- A document ---

function startReader(text) {
  const rows = list("tr.relation");
  const panel = find("#panel");
  const tags = list("a.tag", text);
  const marks = (index) => list(`.m[data-m="${index}"]`, text);
  const tagOf = (index) => tags.find((tag) => tag.dataset.m === index);
  const relationsOf = (index) => rows.filter(({ dataset }) => dataset.head === index || dataset.tail === index);
  const arcs = makeArcs();
  let chosen = null; // what was clicked: a mention's index or a row of the relations
  let pointed = null; // what the mouse is over or the focus on, for as long as it is

  function draw() {
    const active = pointed ?? chosen;
    const relations = active instanceof Element ? [active] : active === null ? [] : relationsOf(active);
    for (const element of list(".on, .end")) element.classList.remove("on", "end");
    for (const row of relations) {
      row.classList.add("on");
      for (const index of [row.dataset.head, row.dataset.tail])
        for (const mark of marks(index)) mark.classList.add("end");
    }
    if (typeof active === "string") for (const part of [...marks(active), tagOf(active)]) part?.classList.add("on");
    drawArcs(text, arcs, relations.map((row) => [row, marks(row.dataset.head), marks(row.dataset.tail)]));
  }

  function point(what) {
    pointed = what;
    draw();
  }

  function choose(what) {
    chosen = what;
    pointed = null;
    for (const tag of tags) tag.setAttribute("aria-current", String(tag.dataset.m === what));
    fillPanel(panel, typeof what === "string" ? marks(what) : [], typeof what === "string" ? tagOf(what) : null,
      what instanceof Element ? [what] : what === null ? [] : relationsOf(what), letGo);
    draw();
    const shown = typeof what === "string" && !panel.classList.contains("idle") ? tagOf(what) : null;
    const over = getComputedStyle(panel).position === "fixed" ? panel.getBoundingClientRect().top : innerHeight;
    if (shown?.getBoundingClientRect().bottom > over) shown.scrollIntoView({ block: "center" });
  }

  // The focus goes back to the mark whose panel is closed; it would be lost with the button.
  function letGo() {
    if (typeof chosen === "string") tagOf(chosen).focus({ preventScroll: true });
    choose(null);
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = tags.indexOf(event.target);
    if (event.key === "Escape") letGo();
    if (at < 0 || !(step || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    const shown = tags.filter((tag) => tag === event.target || tag.offsetParent);
    const place = { Home: 0, End: shown.length - 1 }[event.key] ?? shown.indexOf(event.target) + step;
    const next = shown[Math.min(Math.max(place, 0), shown.length - 1)];
    rove(next);
    next.focus();
  }

  // One tag alone is in the order of the Tab key, so that a text of a hundred marks is one stop.
  function rove(to) {
    for (const tag of tags) tag.tabIndex = tag === to ? 0 : -1;
  }

  text.addEventListener("click", (event) => {
    const part = event.target.closest("[data-m]");
    if (!part || !getSelection().isCollapsed) return;
    event.preventDefault(); // a tag is a link to its row: the panel shows that row here
    const index = part.dataset.m;
    rove(tagOf(index));
    choose(chosen === index ? null : index);
  });
  text.addEventListener("mouseover", (event) => point(event.target.closest("[data-m]")?.dataset.m ?? null));
  text.addEventListener("mouseleave", () => point(null));
  text.addEventListener("focusin", (event) => point(event.target.dataset.m ?? null));
  text.addEventListener("focusout", () => point(null));
  document.addEventListener("keydown", move);
  for (const row of rows) {
    row.addEventListener("mouseenter", () => point(row));
    row.addEventListener("mouseleave", () => point(null));
    row.addEventListener("focusin", () => point(row));
    row.addEventListener("focusout", () => point(null));
    row.addEventListener("click", () => choose(row));
  }
  for (const link of list("td a[data-m], th a[data-m]")) link.addEventListener("click", () => choose(link.dataset.m));
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) choose(link.hash.slice(2));
  });
  new ResizeObserver(draw).observe(text);
  rove(tags[0]);
  startKey(text, draw);
  panel.hidden = false;
  const from = /^#t(\d+)$/.exec(location.hash);
  choose(from && marks(from[1]).length ? from[1] : null);

  function makeArcs() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "arcs");
    svg.setAttribute("aria-hidden", "true");
    text.append(svg);
    return (name, attributes, content = "") => {
      const element = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      element.textContent = content;
      svg.append(element);
      return element;
    };
  }
}

// On one line an arc over the words; otherwise a line through the gap above the lower mention, which crosses the lines
// between at a right angle and leads to the tail.
function drawArcs(text, add, joined) {
  find(".arcs", text).replaceChildren();
  if (!joined.length) return;
  const frame = text.getBoundingClientRect();
  const boxes = (parts) => parts.flatMap((part) => [...part.getClientRects()]).map(({ left, right, top, bottom }) =>
    ({ x: (left + right) / 2 - frame.left, top: top - frame.top, bottom: bottom - frame.top }));
  const size = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  add("marker", { id: "arrow", ...size }).append(add("path", { d: "M0 0L8 4L0 8z" }));
  const names = joined.map(([row, head, tail], place) => {
    const [path, x, y] = routeArc(...findNearest(boxes(head), boxes(tail)), place % 3);
    add("path", { d: path, "marker-end": "url(#arrow)" });
    return [row.dataset.type, x, y];
  });
  const taken = [];
  for (const [name, x, y] of names) {
    const half = name.length * 3.7;
    const left = Math.min(Math.max(x, half), frame.width - half);
    let height = y;
    while (taken.some(([a, b, w]) => Math.abs(a - left) < w + half && Math.abs(b - height) < 12)) height += 12;
    taken.push([left, height, half]);
    add("text", { x: left, y: height + 3 }, name);
  }
}

// Of two mentions that run over several lines the pieces that lie nearest, lines first.
function findNearest(heads, tails) {
  const far = ([one, other]) => Math.abs(one.top - other.top) * 1000 + Math.abs(one.x - other.x);
  return heads.flatMap((head) => tails.map((tail) => [head, tail])).reduce((best, pair) => (far(pair) < far(best) ? pair : best));
}

// The path of an arc and the place of its name; arcs of several steps keep apart.
function routeArc(head, tail, step) {
  const [x, u] = [head.x, tail.x];
  if (Math.abs(head.top - tail.top) < 12) {
    const [from, to] = [head.top + 3, tail.top + 3];
    const high = Math.min(from, to) - Math.min(30, 14 + Math.abs(u - x) / 20) - step * 6;
    return [`M${x} ${from}C${x} ${high} ${u} ${high} ${u} ${to}`, (x + u) / 2, (from + 6 * high + to) / 8];
  }
  const up = tail.top < head.top;
  const [from, to, gap] = up ? [head.top, tail.bottom, head.top - 7 - step * 4] : [head.bottom, tail.top, tail.top - 7 - step * 4];
  const turn = Math.min(6, Math.abs(u - x) / 2);
  const [sign, side] = [up ? turn : -turn, u < x ? -turn : turn];
  const corners = `V${gap + sign}Q${x} ${gap} ${x + side} ${gap}H${u - side}Q${u} ${gap} ${u} ${gap - sign}`;
  return [`M${x} ${from}${corners}V${to}`, (x + u) / 2, gap];
}

// The panel tells of a mention what its row of the tables tells, and its relations.
function fillPanel(panel, parts, tag, relations, close) {
  panel.replaceChildren();
  panel.classList.toggle("idle", !tag && !relations.length);
  if (!tag && !relations.length) {
    panel.append("Choose a mark in the text, or a relation in the table below. Arrow keys move from mark to mark, Escape lets go.");
    return;
  }
  const button = make("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
  button.addEventListener("click", close);
  panel.append(button);
  if (tag) {
    const words = parts.map(readWords).join("");
    panel.append(make("h2", { lang: "kk" }, words));
    const row = find(tag.getAttribute("href"));
    const heads = list("thead th", row.closest("table"));
    const entries = [...row.cells].flatMap((cell, place) =>
      heads[place].textContent === "Words" ? [] : [make("dt", {}, heads[place].textContent), copy(cell)]);
    panel.append(make("dl", {}, ...entries));
  }
  if (relations.length) {
    const items = relations.map((row) => make("li", {}, ...[...row.cells].flatMap((cell, place) =>
      [...(place ? [" → "] : []), ...[...cell.childNodes].map((node) => withLanguage(node, cell))])));
    panel.append(make("dl", {}, make("dt", {}, relations.length === 1 ? "Relation" : "Relations")), make("ul", {}, ...items));
  }
}

function readWords(mark) {
  const copied = mark.cloneNode(true);
  for (const tag of list(".tag", copied)) tag.remove();
  return copied.textContent;
}

function copy(cell) {
  const entry = make("dd", cell.lang ? { lang: cell.lang } : {});
  entry.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
  return entry;
}

function withLanguage(node, cell) {
  return cell.lang ? make("span", { lang: cell.lang }, node.cloneNode(true)) : node.cloneNode(true);
}

// The key above the text: a button a label shows and hides its marks, one more shows and hides the labels' names.
function startKey(text, draw) {
  const key = find(".key");
  for (const item of list("li", key)) {
    const button = make("button", { type: "button", "aria-pressed": "true" }, ...item.childNodes);
    button.addEventListener("click", () => {
      const off = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!off));
      for (const part of list(`.l-${item.dataset.label}`, text)) part.classList.toggle("off", off);
      draw();
    });
    item.append(button);
  }
  const names = make("button", { type: "button", "aria-pressed": "true" }, "labels in the text");
  names.addEventListener("click", () => {
    const plain = text.classList.toggle("plain");
    names.setAttribute("aria-pressed", String(!plain));
    draw();
  });
  key.append(make("li", { class: "tool" }, names));
}

document.addEventListener("DOMContentLoaded", () => {
  const form = find("#filters");
  const text = find("#text");
  if (form) startIndex(form);
  if (text) startReader(text);
});
