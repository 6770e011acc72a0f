/* The viewer of a replay: what is on the page (templates/training/replay/viewer.html), and the time that passes.
 * It never starts by itself. Styles are set through the object model, which the content security policy allows. */

import { Painter } from "./replay-viewer/painter.js";
import { clockText, IN_PLAY, load } from "./replay-viewer/scenes.js";

const STEP = 5; // seconds, of the arrow keys
const BEFORE_GOAL = 4; // seconds shown before a goal that is jumped to
const SHOWN_GOAL = 2.5; // seconds that a goal's words stay
const SPEEDS = ["0.25", "0.5", "1", "2", "4"];
const SLOW = 1 / 40; // seconds from drawing to drawing, on average: slower than that, fewer pixels are drawn
const LONGEST_GAP = 0.1; // seconds that pass at most from one drawing to the next, as after a tab was hidden

export class ReplayViewer {
  constructor(root, scenes) {
    this.root = root;
    this.scenes = scenes;
    this.parts = Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.last = scenes.state.length - 1;
    this.at = this.kickOff();
    this.speed = 1;
    this.isPlaying = false;
    this.pace = 0; // seconds from drawing to drawing, a running mean
    this.said = {};
    const own = scenes.players.findIndex((p) => p.name === root.dataset.ownName && p.side === root.dataset.ownSide);
    this.painter = new Painter(this.parts.canvas, scenes, { kind: root.dataset.field, own });
    this.fill();
    this.listen();
    this.watch();
    this.say();
    this.render();
  }

  /** The first picture with the ball in play. */
  kickOff() {
    const first = this.scenes.state.findIndex((state) => state & IN_PLAY);
    return Math.max(0, first);
  }

  // ---- What the page shows ----

  fill() {
    const { slider, follow, goals, marks } = this.parts;
    slider.max = this.last;
    this.scenes.players.forEach((player, place) => {
      if (!player.flags.some(Boolean)) return;
      follow.append(new Option(`${player.name} (${player.side})`, place));
    });
    for (const goal of this.scenes.goals) {
      marks.append(this.mark(goal));
      goals.append(this.goalButton(goal));
    }
    this.parts.nogoals.hidden = this.scenes.goals.length > 0;
    this.parts.trails.checked = this.painter.shows.trails = !isCalm();
  }

  mark(goal) {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const attributes = { x: (1000 * goal.picture) / Math.max(1, this.last) - 2, y: 0, width: 4, height: 12 };
    for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
    mark.classList.add(goal.side);
    return mark;
  }

  goalButton(goal) {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.className = `viewer-goal ${goal.side}`;
    button.textContent = `${clockText(this.scenes, goal.picture)} ${this.scorer(goal)}`;
    button.setAttribute("aria-label", `Jump to the goal at ${button.textContent}, ${goal.side}`);
    button.addEventListener("click", () => this.seek(goal.picture - BEFORE_GOAL * this.scenes.rate));
    item.append(button);
    return item;
  }

  scorer(goal) {
    return goal.scorer === null ? `${capital(goal.side)} goal` : this.scenes.players[goal.scorer].name;
  }

  // ---- Time ----

  play(on = !this.isPlaying) {
    if (on && this.at >= this.last) this.at = 0;
    this.isPlaying = on;
    this.before = null;
    this.parts.play.textContent = on ? "Pause" : "Play";
    this.parts.play.classList.toggle("is-playing", on);
    if (!on) this.say();
    this.render();
  }

  seek(at) {
    this.at = Math.max(0, Math.min(this.last, at));
    this.say();
    this.render({ steady: true });
  }

  skip(seconds) {
    this.seek(this.at + seconds * this.scenes.rate);
  }

  /** One picture on or back, standing still. */
  nudge(pictures) {
    this.play(false);
    this.seek(Math.round(this.at) + pictures);
  }

  /** To the next goal or the one before; a moment after a jump to a goal is still before it. */
  jump(direction) {
    const starts = this.scenes.goals.map((goal) => goal.picture - BEFORE_GOAL * this.scenes.rate);
    const target = direction > 0 ? starts.find((start) => start > this.at + 1) : starts.findLast((start) => start < this.at - 10);
    if (target !== undefined) this.seek(target);
  }

  setSpeed(speed) {
    this.speed = Number(speed);
    this.parts.speed.value = speed;
  }

  follow(place) {
    this.painter.follow(place);
    this.parts.follow.value = String(place);
    this.render({ steady: true });
  }

  followNext() {
    const { options, selectedIndex } = this.parts.follow;
    this.follow(Number(options[(selectedIndex + 1) % options.length].value));
  }

  toggle(name, on = !this.painter.shows[name]) {
    this.painter.shows[name] = this.parts[name].checked = on;
    this.render();
  }

  // ---- Drawing ----

  /** Draw at the next chance, and go on while it plays. */
  render({ steady = false } = {}) {
    this.steady ||= steady;
    this.due ??= requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.due = null;
    if (this.isPlaying) this.advance(now);
    this.painter.draw(this.at, { steady: this.steady || !this.isPlaying || isCalm() });
    this.steady = false;
    this.tell();
    if (this.isPlaying) this.render();
  }

  advance(now) {
    const passed = this.before === null ? 0 : Math.min(LONGEST_GAP, (now - this.before) / 1000);
    this.before = now;
    this.keepUp(passed);
    this.at += passed * this.scenes.rate * this.speed;
    if (this.at < this.last) return;
    this.at = this.last;
    this.play(false);
  }

  keepUp(passed) {
    this.pace += (passed - this.pace) * 0.04;
    if (this.pace < SLOW) return;
    this.pace = 0;
    this.painter.coarsen();
  }

  /** Clock, score, slider and a goal's words; touched only where they changed. */
  tell() {
    const shown = Math.floor(this.at), { clock, blue, orange, slider, goal } = this.parts;
    const scored = this.goalAt(shown);
    this.put(clock, clockText(this.scenes, shown));
    this.put(blue, String(this.scenes.score.blue[shown]));
    this.put(orange, String(this.scenes.score.orange[shown]));
    this.put(goal, scored ? `Goal: ${this.scorer(scored)}` : "");
    goal.className = `viewer-goal-words ${scored ? scored.side : ""}`;
    if (slider.value !== String(shown)) slider.value = shown;
    slider.setAttribute("aria-valuetext", this.words(shown));
    if (scored && scored !== this.said.goal && this.isPlaying) this.say();
    this.said.goal = scored;
  }

  put(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  goalAt(shown) {
    return this.scenes.goals.find(({ picture }) => shown >= picture && shown < picture + SHOWN_GOAL * this.scenes.rate);
  }

  words(shown) {
    const { blue, orange } = this.scenes.score;
    return `Clock ${clockText(this.scenes, shown)}, blue ${blue[shown]}, orange ${orange[shown]}`;
  }

  /** For who can't see it: when it stops, when somebody jumps, at a goal. Not every second. */
  say() {
    const shown = Math.floor(this.at), scored = this.goalAt(shown);
    this.put(this.parts.live, `${scored ? `Goal by ${this.scorer(scored)}. ` : ""}${this.words(shown)}.`);
  }

  // ---- What people do ----

  listen() {
    const { play, back, on, before, next, slider, speed, follow, trails, names, canvas } = this.parts;
    play.addEventListener("click", () => this.play());
    canvas.addEventListener("click", () => this.play());
    back.addEventListener("click", () => this.skip(-STEP));
    on.addEventListener("click", () => this.skip(STEP));
    before.addEventListener("click", () => this.jump(-1));
    next.addEventListener("click", () => this.jump(1));
    slider.addEventListener("input", () => this.seek(Number(slider.value)));
    speed.addEventListener("change", () => this.setSpeed(speed.value));
    follow.addEventListener("change", () => this.follow(Number(follow.value)));
    trails.addEventListener("change", () => this.toggle("trails", trails.checked));
    names.addEventListener("change", () => this.toggle("names", names.checked));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("select")) return;
    if (event.key === " " && target.matches("button, summary, input[type=checkbox]")) return;
    const act = this.keys()[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  keys() {
    const keys = {
      " ": () => this.play(),
      arrowleft: () => this.skip(-STEP),
      arrowright: () => this.skip(STEP),
      ",": () => this.nudge(-1),
      ".": () => this.nudge(1),
      home: () => this.seek(0),
      end: () => this.seek(this.last),
      n: () => this.jump(1),
      p: () => this.jump(-1),
      f: () => this.followNext(),
      t: () => this.toggle("trails"),
      l: () => this.toggle("names"),
    };
    SPEEDS.forEach((speed, i) => { keys[i + 1] = () => this.setSpeed(speed); });
    return keys;
  }

  /** Whatever changes how it must look: the room, the theme. */
  watch() {
    const redraw = (change) => () => { change(); this.render({ steady: true }); };
    new ResizeObserver(redraw(() => this.painter.resize())).observe(this.parts.canvas);
    const retheme = redraw(() => this.painter.retheme());
    new MutationObserver(retheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
  }
}

function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

async function start(root) {
  const state = root.querySelector("[data-viewer-state]"), again = root.querySelector("[data-viewer-again]");
  state.hidden = false;
  again.hidden = true;
  state.firstElementChild.textContent = "Fetching the match…";
  try {
    const scenes = await load(root.dataset.scenes);
    root.querySelector("[data-viewer-stage]").hidden = false;
    root.viewer = new ReplayViewer(root, scenes);
    state.hidden = true;
  } catch (error) {
    state.firstElementChild.textContent = error.message;
    again.hidden = false;
  }
}

for (const root of document.querySelectorAll("[data-viewer]")) {
  root.querySelector("[data-viewer-again]").addEventListener("click", () => start(root));
  start(root);
}
