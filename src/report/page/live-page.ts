// What runs in the dashboard: draws each state that the stream brings, and sends what the buttons ask for. It measures nothing.
import { Chart } from "./chart.js";
import type { PlotLibrary } from "./chart-options.js";
import type { ChartSpec } from "./chart-spec.js";
import type { LiveFigure, LivePageData, LiveState, LiveThreshold } from "./live-state.js";

declare const uPlot: PlotLibrary;

const { token } = JSON.parse(element("live").textContent ?? "{}") as LivePageData;
/** Drawn charts, with what tells whether a new state has the same lines. */
const drawn = new Map<string, { readonly chart: Chart; readonly lines: string }>();
let isPaused = false;
let isOver = false;
/** The stop button was pressed once: it asks before it does. */
let isAsking = false;

const stream = new EventSource(`events${location.search}`);
stream.addEventListener("message", ({ data }) => show(JSON.parse(data) as LiveState));
stream.addEventListener("error", () => {
  if (!isOver) element("words").textContent = "no connection to the run; trying again";
});
element("pause").addEventListener("click", () => post(isPaused ? "resume" : "pause"));
element("more").addEventListener("click", () => changeClients(1));
element("fewer").addEventListener("click", () => changeClients(-1));
element("stop").addEventListener("click", () => askOrStop());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const { chart } of drawn.values()) chart.redraw();
});

function element(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** By as many as the field says; where that is no number of clients, the browser says so. */
function changeClients(sign: 1 | -1): void {
  const count = element("count") as HTMLInputElement;
  if (count.reportValidity()) void post("clients", { change: sign * count.valueAsNumber });
}

function show(state: LiveState): void {
  isPaused = state.phase === "paused";
  isOver = state.phase === "ended";
  element("phase").textContent = state.phase;
  element("words").textContent = state.words;
  element("pause").textContent = isPaused ? "Resume" : "Pause";
  element("figures").replaceChildren(...state.figures.map(figureElement));
  element("thresholds").replaceChildren(...thresholdElements(state.thresholds));
  for (const spec of state.charts) draw(spec);
  if (!isOver) return;
  stream.close();
  for (const button of document.querySelectorAll<HTMLButtonElement>(".bar button")) button.disabled = true;
}

function figureElement({ term, value, more }: LiveFigure): HTMLElement {
  const box = document.createElement("div");
  const small = textElement("small", more);
  const dd = textElement("dd", value);
  dd.append(small);
  box.append(textElement("dt", term), dd);
  return box;
}

function thresholdElements(thresholds: readonly LiveThreshold[]): HTMLElement[] {
  if (thresholds.length === 0) return [textElement("li", "None were set.")];
  return thresholds.map(({ name, value, isOk }) => {
    const item = document.createElement("li");
    if (!isOk) item.className = "error";
    const word = textElement("span", isOk ? "holds" : "crossed");
    word.className = `word ${isOk ? "good" : "bad"}`;
    item.append(word, ` ${name}, measured ${value}`);
    return item;
  });
}

function textElement(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** A chart keeps its lines; where others have come, it is made anew. One point is no line yet. */
function draw(spec: ChartSpec): void {
  const host = document.getElementById(`chart-${spec.id}`);
  if (host === null || spec.series.length === 0 || spec.xs.length < 2) return;
  const lines = JSON.stringify(spec.series.map(({ label, tone, look }) => [label, tone, look]));
  const known = drawn.get(spec.id);
  if (known?.lines === lines) return known.chart.update(spec);
  const place = known === undefined ? host : emptyPlace(host);
  drawn.set(spec.id, { chart: new Chart(uPlot, place, spec), lines });
}

/** The same place without what is drawn in it. */
function emptyPlace(host: HTMLElement): HTMLElement {
  const place = host.cloneNode(true) as HTMLElement;
  place.querySelector(".legend")?.remove();
  place.querySelector(".plot")?.replaceChildren();
  host.replaceWith(place);
  return place;
}

function askOrStop(): void {
  const button = element("stop");
  if (isAsking) {
    button.textContent = "Stopping";
    void post("stop");
    return;
  }
  isAsking = true;
  button.textContent = "Really stop?";
  setTimeout(() => {
    isAsking = false;
    if (!isOver && button.textContent === "Really stop?") button.textContent = "Stop the run";
  }, 4000);
}

async function post(action: string, body: object = {}): Promise<void> {
  try {
    const response = await fetch(`${action}${location.search}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Utp-Load-Token": token },
      body: JSON.stringify(body),
    });
    element("answer").textContent = await response.text();
  } catch {
    element("answer").textContent = "The run does not answer.";
  }
}
