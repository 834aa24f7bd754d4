"use strict";
(() => {
  const LINE = 30, BINS = 20, OUTCOMES = ["graded", "failed", "skipped"];
  const $ = (id) => document.getElementById(id);
  let data, table, size, order = [], chosen = -1, sorting = { column: "row", down: false };

  // Text is only ever set as text: what user code said stays text.
  function make(tag, text, attributes = {}, ...children) {
    const element = document.createElement(tag);
    if (text !== null) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  async function unpack(id) {
    const bytes = Uint8Array.from(atob($(id).textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  const whole = (number) => Math.round(number).toLocaleString("en");
  const short = (number) => String(Number(number.toPrecision(4)));
  const share = (number) => `${(100 * number).toFixed(1)}%`;

  // Numbers

  function interval(found, show) {
    if (!found) return "nothing was graded";
    if (found.low === null) return found.rows === 1 ? "one row: no interval" : "no spread: no interval";
    return `95% interval ${show(found.low)} to ${show(found.high)}`;
  }

  function number(name, value, more) {
    const box = make("div", null, {}, make("dt", name), make("dd", value, { class: "value" }));
    if (more) box.append(make("dd", more, { class: "more" }));
    $("numbers").append(box);
  }

  function showNumbers() {
    const found = data.statistics, signal = found.training_signal, times = found.duration_ms;
    number("Mean reward", found.reward ? short(found.reward.mean) : "–", interval(found.reward, short));
    number(`Passed (reward ≥ ${short(found.pass_threshold)})`, found.pass_rate ? share(found.pass_rate.mean) : "–",
      interval(found.pass_rate, share));
    for (const point of found.pass_at_k.slice(1)) number(`pass@${point.k}`, share(point.mean), interval(point, share));
    number("Attempts", whole(found.attempts), `${whole(found.rows)} rows; ${whole(found.failed)} failed, ${whole(found.skipped)} skipped`);
    number("Rows that teach nothing", signal.groups ? share(signal.share_without_variance) : "–", signal.groups
      ? `equal rewards: ${whole(signal.all_passed)} always pass, ${whole(signal.none_passed)} never`
      : "unknown with one attempt a row");
    if (times.p50 !== undefined)
      number("Time of an attempt", `${whole(times.p50)} ms`, `p90 ${whole(times.p90)}, p99 ${whole(times.p99)} ms; in the model p50 ${whole(found.model_ms.p50)} ms`);
    number("Tokens (estimated)", whole(found.tokens.prompt + found.tokens.completion), `in ${whole(found.model_calls)} model calls`);
    if (found.truncated !== null)
      number("Longer than max_response_length", whole(found.truncated), `of ${whole(found.attempts)}; the limit is ${whole(found.max_response_length)} tokens`);
  }

  function showComparison() {
    const found = data.comparison;
    if (!found) return;
    $("comparison").hidden = false;
    $("comparison-title").textContent = `Compared with ${found.first}`;
    for (const measure of [found.reward, found.pass_rate])
      if (measure) $("verdicts").append(make("li", measure.words));
    const alone = found.rows_in_first_only + found.rows_in_second_only;
    $("pairs").textContent = `${whole(found.paired_rows)} rows are in both runs` + (alone ? `; ${whole(alone)} are left out.` : ".");
  }

  // Rewards

  let low, width;
  const binOf = (reward) => Math.min(BINS - 1, Math.floor((reward - low) / width));

  function binsOf(rewards) {
    const bins = new Array(BINS).fill(0);
    for (const reward of rewards) bins[binOf(reward)] += 1;
    return bins;
  }

  function showRewards() {
    const rewards = table.reward.filter((value) => value !== null);
    if (!rewards.length) { $("legend").textContent = "Nothing was graded."; return; }
    const others = data.other_rewards, all = rewards.concat(others);
    let high = -Infinity;
    low = Infinity;
    for (const value of all) { low = Math.min(low, value); high = Math.max(high, value); }
    if (low >= 0 && high <= 1) { low = 0; high = 1; }
    if (low === high) { low -= 0.5; high += 0.5; }
    width = (high - low) / BINS;
    const mine = binsOf(rewards), shares = mine.map((count) => count / rewards.length);
    const theirs = binsOf(others).map((count) => count / (others.length || 1));
    const most = Math.max(...shares, ...theirs);
    mine.forEach((count, bin) => $("bars").append(bar(bin, count, shares[bin] / most, theirs[bin] / most)));
    $("bars").after(make("div", null, { class: "ticks", "aria-hidden": "true" }, make("span", short(low)), make("span", short((low + high) / 2)), make("span", short(high))));
    $("legend").append(make("span", "", { class: "key" }), `${data.run.name}: ${whole(rewards.length)} graded attempts`);
    if (others.length) $("legend").append(make("span", "", { class: "key other" }), `${data.other}: ${whole(others.length)} graded attempts, drawn to the same sum`);
    $("legend").append(". A bar shows the attempts in it.");
  }

  function bar(bin, count, height, otherHeight) {
    const from = low + bin * width, to = from + width;
    const label = `${whole(count)} attempts with a reward from ${short(from)} to ${short(to)}`;
    const button = make("button", null, { type: "button", "aria-label": label, title: label, "aria-pressed": "false" });
    const at = (share, kind) => { const part = make("span", null, { class: kind }); part.style.height = `${100 * share}%`; return part; };
    if (count) button.append(at(Math.max(height, 0.012), "bar"));
    if (otherHeight) button.append(at(Math.max(otherHeight, 0.012), "bar other"));
    button.addEventListener("click", () => {
      const was = button.getAttribute("aria-pressed") === "true";
      $("filter").reset();
      if (!was) {
        $("least").value = short(from);
        $("most").value = short(to);
        pressed = bin;
        button.setAttribute("aria-pressed", "true");
      }
      refresh();
      $("attempts").scrollIntoView({ block: "nearest" });
    });
    return button;
  }
  // The bar that filters: the fields show its ends rounded.
  let pressed = null;
  function forgetBar() {
    pressed = null;
    for (const button of $("bars").children) button.setAttribute("aria-pressed", "false");
  }

  // Failures

  function showFailures() {
    const kinds = data.statistics.failure_kinds;
    if (!kinds.length) return;
    $("failures").hidden = false;
    for (const kind of kinds) {
      const line = kind.message.split("\n", 1)[0];
      const summary = make("summary", null, {}, make("span", kind.boundary, { class: "boundary" }), ` ${whole(kind.count)} × ${line}`);
      const open = make("button", `Show row ${kind.row}, attempt ${kind.repeat}`, { type: "button" });
      open.addEventListener("click", () => view(table.row.findIndex((row, at) => row === kind.row && table.repeat[at] === kind.repeat)));
      $("kinds").append(make("details", null, {}, summary, make("pre", kind.traceback || kind.message), open));
    }
  }

  // The table

  const columns = () => [
    ["row", "Row", true], ["repeat", "Attempt", true], ["outcome", "Outcome", false], ["reward", "Reward", true],
    ...(data.other ? [["other", "Other", true], ["difference", "Difference", true]] : []),
    ["calls", "Calls", true], ["tokens", "Tokens", true], ["ms", "ms", true], ["said", "Failure or prompt", false],
  ];

  function value(column, at) {
    if (column === "difference") {
      const mine = table.reward[at], theirs = table.other[at];
      return mine === null || theirs === null ? null : mine - theirs;
    }
    return column === "said" ? table.said[at] || table.prompt[at] : table[column][at];
  }

  function showHead() {
    $("grid").classList.toggle("compared", Boolean(data.other));
    $("grid").setAttribute("aria-colcount", columns().length);
    for (const [name, title, isNumber] of columns()) {
      const button = make("button", title, { type: "button" });
      if (name === "other") button.title = `Mean reward of the row in ${data.other}`;
      button.addEventListener("click", () => {
        sorting = { column: name, down: sorting.column === name && !sorting.down };
        refresh();
      });
      $("head").append(make("div", null, { role: "columnheader", class: isNumber ? "number" : "", "data-column": name }, button));
    }
  }

  function rewardWanted() {
    if (pressed !== null) return (reward) => binOf(reward) === pressed;
    const [least, most] = [$("least").value, $("most").value];
    if (least === "" && most === "") return null;
    return (reward) => (least === "" || reward >= Number(least)) && (most === "" || reward <= Number(most));
  }

  function wanted() {
    const words = $("words").value.trim().toLowerCase(), outcome = $("outcome").value;
    const isWanted = rewardWanted();
    return (at) => {
      if (outcome !== "" && table.outcome[at] !== Number(outcome)) return false;
      if (isWanted && (table.reward[at] === null || !isWanted(table.reward[at]))) return false;
      return !words || `${table.row[at]} ${table.said[at]} ${table.prompt[at]}`.toLowerCase().includes(words);
    };
  }

  function compareBy({ column, down }) {
    return (a, b) => {
      const one = value(column, a), two = value(column, b);
      // What has no value comes last, whichever way.
      if (one === null || two === null) return one === two ? a - b : one === null ? 1 : -1;
      const way = one < two ? -1 : one > two ? 1 : 0;
      return (down ? -way : way) || a - b;
    };
  }

  function refresh() {
    const keep = wanted(), found = [];
    for (let at = 0; at < size; at++) if (keep(at)) found.push(at);
    if (sorting.column !== "row" || sorting.down) found.sort(compareBy(sorting));
    order = found;
    chosen = order.length ? 0 : -1;
    for (const cell of $("head").children) {
      const isSorted = cell.dataset.column === sorting.column;
      cell.setAttribute("aria-sort", isSorted ? (sorting.down ? "descending" : "ascending") : "none");
      const title = columns().find(([name]) => name === cell.dataset.column)[1];
      cell.firstChild.textContent = isSorted ? `${title} ${sorting.down ? "▾" : "▴"}` : title;
    }
    $("grid").setAttribute("aria-rowcount", order.length + 1);
    $("count").textContent = `${whole(order.length)} of ${whole(size)} attempts`;
    $("spacer").style.height = `${order.length * LINE}px`;
    $("scroller").scrollTop = 0;
    draw();
  }

  // Only the lines that are seen are there.
  function draw() {
    const scroller = $("scroller"), first = Math.max(0, Math.floor(scroller.scrollTop / LINE) - 5);
    const last = Math.min(order.length, first + Math.ceil(scroller.clientHeight / LINE) + 10);
    const lines = [];
    for (let place = first; place < last; place++) lines.push(line(place));
    $("spacer").replaceChildren(...lines);
    if (!order.length) $("spacer").append(make("p", "No attempt is like that.", { class: "empty" }));
    if (chosen >= first && chosen < last) scroller.setAttribute("aria-activedescendant", `line-${chosen}`);
    else scroller.removeAttribute("aria-activedescendant");
  }

  function line(place) {
    const at = order[place];
    const element = make("div", null, { role: "row", class: "line", id: `line-${place}`, "aria-rowindex": place + 2, "aria-selected": place === chosen });
    element.style.top = `${place * LINE}px`;
    for (const [name, , isNumber] of columns()) element.append(cell(name, at, isNumber));
    element.addEventListener("click", () => { choose(place); view(at); });
    return element;
  }

  function cell(name, at, isNumber) {
    const found = value(name, at);
    let text = found === null ? "" : String(found), kind = isNumber ? "number" : "";
    if (name === "outcome") { text = OUTCOMES[found]; kind = text; }
    else if (name === "said" && table.said[at]) kind = "failed";
    else if (name === "difference" && found) { text = (found > 0 ? "+" : "") + short(found); kind += found > 0 ? " better" : " worse"; }
    else if (isNumber && found !== null) text = name === "row" || name === "repeat" ? text : Number.isInteger(found) ? whole(found) : short(found);
    return make("span", text, { role: "gridcell", class: kind, ...(name === "said" ? { title: text } : {}) });
  }

  function choose(place) {
    chosen = Math.max(0, Math.min(order.length - 1, place));
    const scroller = $("scroller"), top = chosen * LINE;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + LINE > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + LINE - scroller.clientHeight;
    draw();
  }

  function onGridKey(event) {
    const page = Math.max(1, Math.floor($("scroller").clientHeight / LINE) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -order.length, End: order.length };
    if (!order.length) return;
    if (event.key in steps) choose(chosen + steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") view(order[chosen]);
    else return;
    event.preventDefault();
  }

  // The conversation

  const packs = new Map();
  let shown = -1;

  async function view(at) {
    if (at < 0 || at === undefined) return;
    shown = at;
    $("viewer-title").textContent = `Row ${table.row[at]}, attempt ${table.repeat[at]}`;
    const place = order.indexOf(at);
    $("previous").disabled = place <= 0;
    $("next").disabled = place < 0 || place >= order.length - 1;
    if (!$("viewer").open) $("viewer").showModal();
    $("talk").replaceChildren(facts(at));
    $("talk").scrollTop = 0;
    if (table.pack[at] < 0) {
      const file = `trajectories/row_${table.row[at]}_run_${table.repeat[at]}.json`;
      $("talk").append(make("p", `This page does not hold this conversation, so as to stay small enough: it is in ${file} of the run's folder.`));
      return;
    }
    const id = `pack-${table.pack[at]}`;
    if (!packs.has(id)) packs.set(id, unpack(id));
    const pack = await packs.get(id);
    if (packs.size > 8) packs.delete(packs.keys().next().value);
    if (shown === at) $("talk").replaceChildren(facts(at, pack[table.inside[at]]), ...pack[table.inside[at]].messages.map(message));
  }

  function facts(at, talk = {}) {
    const list = make("dl", null, { class: "facts" });
    const add = (name, text) => { if (text !== undefined && text !== null && text !== "") list.append(make("dt", name), make("dd", typeof text === "string" ? text : JSON.stringify(text))); };
    add("Outcome", OUTCOMES[table.outcome[at]]);
    add("Reward", table.reward[at] === null ? "" : String(table.reward[at]));
    if (data.other) add(`Row in ${data.other}`, table.other[at] === null ? "not graded" : String(table.other[at]));
    add("Label", talk.label);
    add("Failure", talk.failure ? `${talk.failure.boundary}: ${talk.failure.message}` : table.said[at]);
    add("Metrics", talk.sample_metrics);
    add("Metadata", talk.request_metadata);
    add("Spent", `${whole(table.ms[at])} ms, ${whole(table.calls[at])} model calls, ${whole(table.tokens[at])} tokens (estimated)`);
    return list;
  }

  function message(said) {
    const box = make("article", null, { class: `message ${["user", "assistant", "tool", "system"].includes(said.role) ? said.role : ""}` });
    box.append(make("h3", said.tool_call_id ? `${said.role} · ${said.tool_call_id}` : said.role));
    if (said.reasoning_content) box.append(make("pre", said.reasoning_content, { class: "thought" }));
    if (said.content || !said.tool_calls) box.append(make("pre", typeof said.content === "string" ? said.content : JSON.stringify(said.content, null, 2)));
    for (const call of said.tool_calls || []) {
      box.append(make("pre", `${call.function.name}(${pretty(call.function.arguments)})  ${call.id}`, { class: "call" }));
    }
    return box;
  }

  function pretty(text) {
    try { const parsed = JSON.parse(text), flat = JSON.stringify(parsed); return flat.length > 80 ? JSON.stringify(parsed, null, 2) : flat; }
    catch { return text; }
  }

  function step(by) {
    const place = order.indexOf(shown) + by;
    if (place < 0 || place >= order.length) return;
    choose(place);
    view(order[place]);
  }

  function listen() {
    $("scroller").addEventListener("scroll", () => requestAnimationFrame(draw));
    $("scroller").addEventListener("keydown", onGridKey);
    addEventListener("resize", draw);
    $("filter").addEventListener("submit", (event) => event.preventDefault());
    $("filter").addEventListener("input", (event) => { if (event.target.type === "number") forgetBar(); refresh(); });
    $("filter").addEventListener("reset", () => { forgetBar(); setTimeout(refresh); });
    $("previous").addEventListener("click", () => step(-1));
    $("next").addEventListener("click", () => step(1));
    $("close").addEventListener("click", () => $("viewer").close());
    $("viewer").addEventListener("keydown", (event) => { if (event.key === "j") step(1); if (event.key === "k") step(-1); });
    $("viewer").addEventListener("close", () => $("scroller").focus());
  }

  async function start() {
    data = await unpack("data");
    table = data.table;
    size = table.row.length;
    const { rollout, policy, dataset, started_at: started, state } = data.run;
    $("about").textContent = [rollout && `rollout ${rollout}`, policy && `policy ${policy}`, dataset && `data ${dataset}`,
      started && `started ${started.slice(0, 16).replace("T", " ")}`, state, data.tool].filter(Boolean).join(" · ");
    showNumbers(); showComparison(); showRewards(); showFailures(); showHead(); listen(); refresh();
    $("limit").textContent = data.embedded === size
      ? `All ${whole(size)} conversations are in this page.`
      : `This page holds the conversations of ${whole(data.embedded)} of ${whole(size)} attempts, failed ones first; the others are in the run's trajectories folder.`;
    document.body.dataset.ready = "yes";
  }

  start().catch((error) => {
    $("broken").hidden = false;
    $("broken").textContent = `This page cannot show its data (${error.message}). It needs a browser of 2023 or later.`;
  });
})();
