"use strict";
// Shows the rows fifty at a time, filtered and sorted. Every name becomes a text node.
(function () {
  const PAGE = 50;
  const FIELDS = ["name", "kind", "place", "life", "outcome", "why", "compared", "candidates",
    "steps", "cost", "active", "days", "when"];
  const F = Object.fromEntries(FIELDS.map((field, i) => [field, i]));
  const ROLES = { n: ["bdi", "n"], p: ["bdi", "p"], c: ["code", ""], m: ["mark", ""] };
  const byId = (id) => document.getElementById(id);
  const body = byId("rows");
  let data = null;
  let list = body.dataset.list;
  let found = [];
  let page = 0;
  let order = { key: "impact", down: true };

  function load() {
    if (!data) data = JSON.parse(byId("data").textContent);
    return data;
  }
  const text = (place) => load().strings[place];

  function say(into, prose) {
    for (const piece of prose) {
      if (typeof piece === "number") { into.append(text(piece).replaceAll(" › ", "\u00a0› ")); continue; }
      const [tag, name] = ROLES[piece[0]];
      const element = document.createElement(tag);
      if (name) element.className = name;
      element.append(piece.slice(1));
      into.append(element);
    }
    return into;
  }
  function item(prose) { return say(document.createElement("li"), prose); }

  function draw(row) {
    const copy = byId("row").content.firstElementChild.cloneNode(true);
    const slot = (name) => copy.querySelector(`[data-slot="${name}"]`);
    slot("name").textContent = row[F.name];
    for (const name of ["kind", "place", "life", "outcome", "cost", "when"]) {
      slot(name).textContent = text(row[F[name]]);
    }
    say(slot("why"), row[F.why]);
    if (row[F.compared]) {
      const [ours, theirs, words] = row[F.compared];
      say(slot("ours"), ours);
      say(slot("theirs"), theirs);
      slot("missed").textContent = words;
    }
    for (const [name, grade, reasons] of row[F.candidates]) {
      const line = document.createElement("li");
      const bdi = document.createElement("bdi");
      bdi.className = "n";
      bdi.append(name);
      line.append(bdi, " – ", text(grade));
      if (reasons.length) line.append(": ");
      slot("candidates").append(say(line, reasons));
    }
    for (const step of row[F.steps]) slot("steps").append(item(step));
    for (const empty of copy.querySelectorAll("[data-optional]")) {
      if (!empty.querySelector("[data-slot]").textContent) empty.remove();
    }
    return copy;
  }

  function haystack(row) {
    const best = row[F.candidates][0];
    return [row[F.name], text(row[F.place]), best ? best[0] : ""].join("\n").toLowerCase();
  }

  function choose() {
    const wanted = byId("find").value.trim().toLowerCase();
    const kind = byId("kind").value;
    const outcome = byId("outcome").value;
    found = load().lists[list].filter((row) =>
      (!kind || text(row[F.kind]) === kind) &&
      (!outcome || text(row[F.outcome]) === outcome) &&
      (!wanted || haystack(row).includes(wanted)));
    const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const value = {
      name: (row) => row[F.name], outcome: (row) => text(row[F.outcome]),
      cost: (row) => row[F.active], since: (row) => row[F.days],
    }[order.key];
    if (value) {
      found.sort((a, b) => (order.down ? -1 : 1) * (typeof value(a) === "number"
        ? value(a) - value(b) : compare(value(a), value(b))));
    }
  }

  function show() {
    const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
    page = Math.min(Math.max(0, page), last);
    const rows = found.slice(page * PAGE, page * PAGE + PAGE);
    body.replaceChildren(...rows.map(draw));
    byId("before").disabled = page === 0;
    byId("after").disabled = page === last;
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const from = found.length ? page * PAGE + 1 : 0;
    byId("count").textContent = `${number.format(from)}–${number.format(page * PAGE + rows.length)} / ${number.format(found.length)}`;
  }

  function again() { page = 0; choose(); show(); }

  function options(select, field) {
    const words = new Set(load().lists[list].map((row) => text(row[F[field]])));
    const held = select.value;
    select.replaceChildren(select.options[0], ...[...words].sort().map((word) => new Option(word, word)));
    select.value = words.has(held) ? held : "";
  }

  function open(name) {
    list = name;
    for (const tab of document.querySelectorAll("[data-list-of]")) {
      tab.setAttribute("aria-pressed", String(tab.dataset.listOf === name));
    }
    options(byId("kind"), "kind");
    options(byId("outcome"), "outcome");
    again();
  }

  function turn(by) {
    page += by;
    show();
    byId("table").scrollIntoView();
  }

  function sortBy(button) {
    const key = button.dataset.sort;
    order = { key, down: order.key === key ? !order.down : key === "cost" || key === "since" };
    for (const head of document.querySelectorAll("th[aria-sort]")) head.setAttribute("aria-sort", "none");
    button.closest("th").setAttribute("aria-sort", order.down ? "descending" : "ascending");
    again();
  }

  byId("tools").hidden = false;
  byId("pager").hidden = false;
  byId("find").addEventListener("input", again);
  byId("kind").addEventListener("change", again);
  byId("outcome").addEventListener("change", again);
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));
  for (const tab of document.querySelectorAll("[data-list-of]")) {
    tab.addEventListener("click", () => open(tab.dataset.listOf));
  }
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.disabled = false;
    button.addEventListener("click", () => sortBy(button));
  }
  // The first rows are in the page already; the rest is read once the page stands.
  setTimeout(() => { open(list); }, 50);
})();
