/* The arena from above: its lines in unreal units, and how they lie on the canvas. Blue attacks +y. */

export const HALF_WIDTH = 4096, HALF_LENGTH = 5120, GOAL_HALF = 893, GOAL_DEPTH = 880, CORNER = 1152;
export const THIRD = 1706.7;
const CENTRE_CIRCLE = 1030;
const MARGIN = 240;

const BIG_PADS = [[3584, 0], [-3584, 0], [3072, 4096], [-3072, 4096], [3072, -4096], [-3072, -4096]];
const SMALL_PADS = [
  [0, 4240], [1792, 4184], [-1792, 4184], [940, 3308], [-940, 3308], [0, 2816], [3584, 2484], [-3584, 2484],
  [1788, 2300], [-1788, 2300], [2048, 1036], [-2048, 1036], [0, 1024], [1024, 0], [-1024, 0],
  [0, -4240], [1792, -4184], [-1792, -4184], [940, -3308], [-940, -3308], [0, -2816], [3584, -2484], [-3584, -2484],
  [1788, -2300], [-1788, -2300], [2048, -1036], [-2048, -1036], [0, -1024],
];

/** The usual arena, or, for any other, a plain floor as large as what was driven on. */
export function fieldOf(kind, scenes) {
  return kind === "standard" ? standard() : plain(scenes);
}

function standard() {
  return {
    halfLength: HALF_LENGTH + GOAL_DEPTH, halfWidth: HALF_WIDTH, floor: floor(), lines: lines(),
    thirds: path(segment(-HALF_WIDTH, THIRD, HALF_WIDTH, THIRD), segment(-HALF_WIDTH, -THIRD, HALF_WIDTH, -THIRD)),
    goals: { blue: goal(-1), orange: goal(1) }, ends: { blue: end(-1), orange: end(1) }, bigPads: pads(BIG_PADS, 150), smallPads: pads(SMALL_PADS, 60),
  };
}

function plain(scenes) {
  let x = 2000, y = 2000;
  for (const track of [scenes.ball, ...scenes.players]) {
    for (let i = 0; i < track.x.length; i++) {
      x = Math.max(x, Math.abs(track.x[i]));
      y = Math.max(y, Math.abs(track.y[i]));
    }
  }
  const whole = new Path2D();
  whole.roundRect(-x - 150, -y - 150, 2 * x + 300, 2 * y + 300, 500);
  return { halfLength: y + 150, halfWidth: x + 150, floor: whole, lines: whole };
}

function floor() {
  const w = HALF_WIDTH, l = HALF_LENGTH, c = CORNER;
  const whole = new Path2D();
  const corners = [[w, l - c], [w - c, l], [c - w, l], [-w, l - c], [-w, c - l], [c - w, -l], [w - c, -l], [w, c - l]];
  corners.forEach(([x, y], i) => (i ? whole.lineTo(x, y) : whole.moveTo(x, y)));
  whole.closePath();
  return whole;
}

function lines() {
  const drawn = path(segment(-HALF_WIDTH, 0, HALF_WIDTH, 0));
  drawn.moveTo(CENTRE_CIRCLE, 0);
  drawn.arc(0, 0, CENTRE_CIRCLE, 0, 2 * Math.PI);
  drawn.addPath(floor());
  return drawn;
}

function goal(end) {
  const box = new Path2D();
  box.rect(-GOAL_HALF, end > 0 ? HALF_LENGTH : -HALF_LENGTH - GOAL_DEPTH, 2 * GOAL_HALF, GOAL_DEPTH);
  return box;
}

function end(side) {
  const third = new Path2D();
  third.rect(-HALF_WIDTH, side > 0 ? THIRD : -HALF_LENGTH, 2 * HALF_WIDTH, HALF_LENGTH - THIRD);
  return third;
}

function pads(places, radius) {
  const drawn = new Path2D();
  for (const [x, y] of places) {
    drawn.moveTo(x + radius, y);
    drawn.arc(x, y, radius, 0, 2 * Math.PI);
  }
  return drawn;
}

function segment(x, y, toX, toY) {
  const drawn = new Path2D();
  drawn.moveTo(x, y);
  drawn.lineTo(toX, toY);
  return drawn;
}

function path(...parts) {
  const drawn = new Path2D();
  for (const part of parts) drawn.addPath(part);
  return drawn;
}

/** Width over height of the canvas that the field fills. */
export function aspect(field, portrait) {
  const long = 2 * (field.halfLength + MARGIN), short = 2 * (field.halfWidth + MARGIN);
  return portrait ? short / long : long / short;
}

/** How the field lies on a canvas of `width` by `height` pixels: blue attacks to the right, upright to the top.
 *  With a `centre` (uu) it is looked at from nearer by `zoom`, and never past the edge of the whole. */
export class View {
  constructor(field, portrait) {
    Object.assign(this, { field, portrait, scale: 1, x: 0, y: 0 });
  }

  fit(width, height, zoom = 1, centre = null) {
    const across = 2 * ((this.portrait ? this.field.halfWidth : this.field.halfLength) + MARGIN);
    this.scale = (width / across) * zoom;
    this.x = width / 2;
    this.y = height / 2;
    if (centre) {
      const dx = this.dx(centre.x, centre.y), dy = this.dy(centre.x, centre.y);
      this.x = clamp(width / 2 - dx, width / 2 - (width * (zoom - 1)) / 2, width / 2 + (width * (zoom - 1)) / 2);
      this.y = clamp(height / 2 - dy, height / 2 - (height * (zoom - 1)) / 2, height / 2 + (height * (zoom - 1)) / 2);
    }
    return this;
  }

  dx(x, y) { return (this.portrait ? -x : y) * this.scale; }
  dy(x, y) { return (this.portrait ? -y : -x) * this.scale; }

  /** Pixels of a place in uu. */
  atX(x, y) { return this.x + this.dx(x, y); }
  atY(x, y) { return this.y + this.dy(x, y); }

  /** Draw in uu from here on: the origin at a place, `away` pixels right and down, everything `larger` times. */
  use(context, x = 0, y = 0, larger = 1, away = 0) {
    const s = this.scale * larger, left = this.atX(x, y) + away, top = this.atY(x, y) + away;
    if (this.portrait) context.setTransform(-s, 0, 0, -s, left, top);
    else context.setTransform(0, -s, s, 0, left, top);
  }
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}
