/* Draws one moment of a match on a canvas. Knows nothing of buttons and time. */

import { aspect, fieldOf, View } from "./field.js";
import { BOOSTING, DEMOLISHED, HAS_BALL, HAS_CAR, jumps, placeAt, yawAt } from "./scenes.js";

const COLOURS = ["field", "stripe", "line", "blue", "orange", "blue-goal", "orange-goal", "pad", "ball", "ball-edge",
  "ball-trail", "boost", "boost-empty", "name", "halo", "shadow", "own"];
const CAR_LENGTH = 118, CAR_WIDTH = 84, BALL_RADIUS = 92.75, CEILING = 2044;
const ZOOM = 1.9;
const TRAIL = 14; // pictures
const LIGHT = 0.2; // how far a shadow lies from what throws it, of its height
const FINEST = 2; // pixels of the canvas a CSS pixel, at most
const PORTRAIT_BELOW = 600; // CSS pixels

const CAR = carShape();

function carShape() {
  const l = CAR_LENGTH / 2, w = CAR_WIDTH / 2;
  const body = new Path2D();
  body.moveTo(l, -w * 0.35);
  body.quadraticCurveTo(l * 1.12, 0, l, w * 0.35);
  body.lineTo(l * 0.45, w);
  body.lineTo(-l * 0.85, w);
  body.quadraticCurveTo(-l, w, -l, w * 0.7);
  body.lineTo(-l, -w * 0.7);
  body.quadraticCurveTo(-l, -w, -l * 0.85, -w);
  body.lineTo(l * 0.45, -w);
  body.closePath();
  const glass = new Path2D();
  glass.moveTo(l * 0.36, -w * 0.62);
  glass.lineTo(l * 0.36, w * 0.62);
  glass.lineTo(-l * 0.02, w * 0.5);
  glass.lineTo(-l * 0.02, -w * 0.5);
  glass.closePath();
  const flame = new Path2D();
  flame.moveTo(-l * 1.02, -w * 0.4);
  flame.lineTo(-l * 2.1, 0);
  flame.lineTo(-l * 1.02, w * 0.4);
  flame.closePath();
  return { body, glass, flame };
}

export class Painter {
  constructor(canvas, scenes, { kind, own }) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.scenes = scenes;
    this.field = fieldOf(kind, scenes);
    this.own = own;
    this.finest = FINEST;
    this.shows = { trails: true, names: true };
    this.followed = -1;
    this.camera = null;
    this.spot = { x: 0, y: 0, z: 0 };
    this.still = document.createElement("canvas");
    this.retheme();
  }

  /** Take the colours from the style sheet, as they are now. */
  retheme() {
    const probe = document.createElement("span");
    probe.hidden = true;
    this.canvas.after(probe);
    this.colours = Object.fromEntries(COLOURS.map((name) => {
      probe.style.color = `var(--viewer-${name})`;
      return [name, getComputedStyle(probe).color];
    }));
    this.font = getComputedStyle(this.canvas).fontFamily;
    probe.remove();
    this.resize(true);
  }

  /** Fit the canvas to the room it has; upright where that is narrow. */
  resize(anew = false) {
    const room = this.canvas.clientWidth;
    if (!room) return;
    const portrait = room < PORTRAIT_BELOW, ratio = Math.min(window.devicePixelRatio || 1, this.finest);
    const width = Math.round(room * ratio), height = Math.round((room * ratio) / aspect(this.field, portrait));
    if (!anew && width === this.canvas.width && height === this.canvas.height) return;
    this.canvas.width = this.still.width = width;
    this.canvas.height = this.still.height = height;
    this.ratio = ratio;
    this.whole = new View(this.field, portrait).fit(width, height);
    this.near = new View(this.field, portrait);
    this.paintField(this.still.getContext("2d", { alpha: false }), this.whole);
    this.labels = this.scenes.players.map((player, place) => this.label(player, place));
  }

  /** Draw fewer pixels, where there are more than the screen's own points: for a machine that can't keep up. */
  coarsen() {
    if (this.ratio <= 1) return;
    this.finest = Math.max(1, this.ratio * 0.7);
    this.resize();
  }

  follow(place) {
    this.followed = place;
    this.camera = null;
  }

  /** The picture at a time, counted in pictures with a fraction. */
  draw(at, { steady = true } = {}) {
    const view = this.look(at, steady), { context, scenes } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (view === this.whole) context.drawImage(this.still, 0, 0);
    else this.paintField(context, view);
    this.larger = Math.max(1.55, (17 * this.ratio) / (CAR_LENGTH * view.scale));
    const shown = Math.floor(at), hasBall = scenes.state[shown] & HAS_BALL;
    if (this.shows.trails) this.paintTrails(view, shown, hasBall);
    scenes.players.forEach((player, place) => this.paintCar(view, player, place, at));
    if (hasBall) this.paintBall(view, at);
    context.setTransform(1, 0, 0, 1, 0, 0);
    scenes.players.forEach((player, place) => this.paintLabel(view, player, place, at));
  }

  /** Where to look from: the whole field, or near a followed player, whom the camera comes after smoothly. */
  look(at, steady) {
    const player = this.scenes.players[this.followed];
    if (!player) return this.whole;
    const { x, y } = placeAt(player, at, this.spot);
    const lag = steady || !this.camera ? 1 : 0.12;
    this.camera = this.camera || { x, y };
    this.camera.x += (x - this.camera.x) * lag;
    this.camera.y += (y - this.camera.y) * lag;
    return this.near.fit(this.canvas.width, this.canvas.height, ZOOM, this.camera);
  }

  paintField(context, view) {
    const { field, colours } = this, line = 1.5 * this.ratio / view.scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.field;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    view.use(context);
    context.lineWidth = line;
    context.strokeStyle = colours.line;
    context.fillStyle = colours.stripe;
    context.fill(field.floor);
    for (const side of ["blue", "orange"]) {
      if (!field.goals) break;
      context.fillStyle = colours[`${side}-goal`];
      context.fill(field.goals[side]);
      context.strokeStyle = colours[side];
      context.stroke(field.goals[side]);
    }
    if (field.ends) this.tint(context);
    context.strokeStyle = colours.line;
    context.stroke(field.lines);
    if (!field.thirds) return;
    context.setLineDash([6 * line, 6 * line]);
    context.stroke(field.thirds);
    context.setLineDash([]);
    context.fillStyle = colours.pad;
    context.fill(field.smallPads);
    context.fill(field.bigPads);
  }

  /** The third before each goal in its side's colour, faintly. */
  tint(context) {
    context.save();
    context.clip(this.field.floor);
    context.globalAlpha = 0.3;
    for (const side of ["blue", "orange"]) {
      context.fillStyle = this.colours[`${side}-goal`];
      context.fill(this.field.ends[side]);
    }
    context.restore();
  }

  paintTrails(view, shown, hasBall) {
    const { context, colours, scenes } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.lineCap = "round";
    for (const player of scenes.players) {
      this.paintTrail(view, player, shown, colours[player.side], 2.2, (i) => player.flags[i] & HAS_CAR);
    }
    if (hasBall) this.paintTrail(view, scenes.ball, shown, colours["ball-trail"], 2.6, (i) => scenes.state[i] & HAS_BALL);
    context.globalAlpha = 1;
  }

  /** Two strokes for the older and the newer half, so that it fades without a stroke for each picture. */
  paintTrail(view, track, shown, colour, width, isThere) {
    const { context } = this, first = Math.max(0, shown - TRAIL), middle = Math.max(0, shown - TRAIL / 2);
    context.strokeStyle = colour;
    for (const [from, to, alpha] of [[first, middle, 0.16], [middle, shown, 0.38]]) {
      context.beginPath();
      for (let i = from; i < to; i++) {
        if (!isThere(i) || jumps(track, i)) continue;
        context.moveTo(view.atX(track.x[i], track.y[i]), view.atY(track.x[i], track.y[i]));
        context.lineTo(view.atX(track.x[i + 1], track.y[i + 1]), view.atY(track.x[i + 1], track.y[i + 1]));
      }
      context.globalAlpha = alpha;
      context.lineWidth = width * this.ratio;
      context.stroke();
    }
  }

  paintCar(view, player, place, at) {
    const { context, colours } = this, flags = player.flags[Math.floor(at)];
    if (!(flags & (HAS_CAR | DEMOLISHED))) return;
    const { x, y, z } = placeAt(player, at, this.spot), larger = this.larger * (1 + (0.5 * z) / CEILING);
    if (flags & DEMOLISHED) return this.paintWreck(view, x, y, colours[player.side]);
    const yaw = yawAt(player, at);
    if (z > 60) this.paintShadow(view, x, y, z, larger, yaw);
    view.use(context, x, y, larger);
    context.rotate(yaw);
    if (flags & BOOSTING) {
      context.fillStyle = colours.boost;
      context.fill(CAR.flame);
    }
    context.fillStyle = colours[player.side];
    context.fill(CAR.body);
    context.lineWidth = (place === this.own || place === this.followed ? 2.4 : 1) * this.ratio / (view.scale * larger);
    context.strokeStyle = place === this.own || place === this.followed ? colours.own : colours["ball-edge"];
    context.stroke(CAR.body);
    context.fillStyle = colours.halo;
    context.fill(CAR.glass);
  }

  paintShadow(view, x, y, z, larger, yaw) {
    const { context } = this;
    view.use(context, x, y, larger, LIGHT * z * view.scale);
    context.rotate(yaw);
    context.fillStyle = this.colours.shadow;
    context.fill(CAR.body);
  }

  paintWreck(view, x, y, colour) {
    const { context } = this, size = 6 * this.ratio;
    context.setTransform(1, 0, 0, 1, view.atX(x, y), view.atY(x, y));
    context.beginPath();
    context.moveTo(-size, -size);
    context.lineTo(size, size);
    context.moveTo(size, -size);
    context.lineTo(-size, size);
    context.globalAlpha = 0.75;
    context.strokeStyle = colour;
    context.lineWidth = 3 * this.ratio;
    context.stroke();
    context.globalAlpha = 1;
  }

  paintBall(view, at) {
    const { context, colours } = this, { x, y, z } = placeAt(this.scenes.ball, at, this.spot);
    const left = view.atX(x, y), top = view.atY(x, y), height = Math.max(0, z - BALL_RADIUS);
    const flat = Math.max(BALL_RADIUS * 1.25 * view.scale, 6 * this.ratio), radius = flat * (1 + (0.9 * height) / CEILING);
    const away = LIGHT * 1.6 * height * view.scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.shadow;
    disc(context, left + away + this.ratio, top + away + this.ratio, flat);
    context.fill();
    disc(context, left, top, radius);
    context.fillStyle = colours.ball;
    context.fill();
    context.lineWidth = 1.5 * this.ratio;
    context.strokeStyle = colours["ball-edge"];
    context.stroke();
  }

  /** Name, made once: text is what takes longest to draw. */
  label(player, place) {
    const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
    const size = (this.canvas.clientWidth < PORTRAIT_BELOW ? 11 : 12) * this.ratio;
    const name = [...player.name].length > 15 ? `${[...player.name].slice(0, 14).join("")}…` : player.name;
    const font = `${place === this.own ? 700 : 600} ${size}px ${this.font}`;
    context.font = font;
    canvas.width = Math.ceil(context.measureText(name).width + 6 * this.ratio);
    canvas.height = Math.ceil(size * 1.5);
    Object.assign(context, { font, textBaseline: "middle", lineJoin: "round", lineWidth: 3 * this.ratio });
    context.strokeStyle = this.colours.halo;
    context.strokeText(name, 3 * this.ratio, canvas.height / 2);
    context.fillStyle = this.colours.name;
    context.fillText(name, 3 * this.ratio, canvas.height / 2);
    return canvas;
  }

  paintLabel(view, player, place, at) {
    const { context, colours, ratio } = this, shown = Math.floor(at), flags = player.flags[shown];
    if (!(flags & (HAS_CAR | DEMOLISHED))) return;
    const { x, y, z } = placeAt(player, at, this.spot), label = this.labels[place];
    const left = view.atX(x, y), top = view.atY(x, y);
    if (left < 0 || top < 0 || left > this.canvas.width || top > this.canvas.height) return;
    const rise = CAR_LENGTH * 0.62 * this.larger * (1 + (0.5 * z) / CEILING) * view.scale;
    const width = 30 * ratio, height = 4 * ratio;
    const bottom = Math.max(top - rise, height + 3 * ratio + (this.shows.names ? label.height : 0));
    if (flags & HAS_CAR) {
      context.fillStyle = colours["boost-empty"];
      context.fillRect(left - width / 2 - ratio, bottom - height - ratio, width + 2 * ratio, height + 2 * ratio);
      context.fillStyle = colours.boost;
      context.fillRect(left - width / 2, bottom - height, (width * player.boost[shown]) / 100, height);
    }
    if (!this.shows.names) return;
    const from = Math.max(0, Math.min(this.canvas.width - label.width, left - label.width / 2));
    context.drawImage(label, Math.round(from), Math.round(bottom - height - 2 * ratio - label.height));
  }
}

function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
