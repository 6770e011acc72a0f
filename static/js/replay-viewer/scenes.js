/* A match as ten pictures a second: read from the bytes that matches/rocket_league/scenes.py writes (see there). */

export const IN_PLAY = 1, OVERTIME = 2, HAS_BALL = 4;
export const HAS_CAR = 1, DEMOLISHED = 2, BOOSTING = 4;

const MAGIC = "TLSC";
const VERSION = 1;
const JUMP = 700; // uu between two pictures: farther than anything moves in a tenth of a second, so it was put there
const TURN = (2 * Math.PI) / 256;

/** Fetch and read a match; rejects with an Error whose message is for a person. */
export async function load(url) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin" });
  } catch {
    throw new Error("The match could not be fetched. Are you still connected?");
  }
  if (answer.status === 404) throw new Error("There are no pictures of this match, or they are not yours to see.");
  if (!answer.ok || answer.redirected) throw new Error("The match could not be fetched. Reload the page to sign in again.");
  return read(await answer.arrayBuffer());
}

/** The pictures in an ArrayBuffer. Throws an Error whose message is for a person. */
export function read(buffer) {
  const bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC || bytes[4] !== VERSION) {
    throw new Error("These pictures were written by another version. Reload the page.");
  }
  const length = new DataView(buffer).getUint32(5, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(9, 9 + length)));
  const columns = new Columns(bytes, 9 + length, header.pictures);
  const scenes = { ...header, state: columns.plain(), clock: columns.words(), ball: columns.place() };
  scenes.players = header.players.map((told) => ({
    ...told, ...columns.place(), yaw: columns.steps(), boost: columns.steps(), flags: columns.plain(),
  }));
  scenes.score = running(header.goals, header.pictures);
  return scenes;
}

class Columns {
  constructor(bytes, start, pictures) {
    if (bytes.length < start) throw new Error("The pictures of this match end too early. Reload the page.");
    Object.assign(this, { bytes, at: start, pictures });
  }

  plain() {
    const column = this.bytes.subarray(this.at, (this.at += this.pictures));
    if (column.length < this.pictures) throw new Error("The pictures of this match end too early. Reload the page.");
    return column;
  }

  steps() {
    const steps = this.plain(), values = new Uint8Array(this.pictures);
    for (let i = 0, value = 0; i < this.pictures; i++) values[i] = value = (value + steps[i]) & 255;
    return values;
  }

  words() {
    const low = this.plain(), high = this.plain(), values = new Int16Array(this.pictures);
    for (let i = 0, value = 0; i < this.pictures; i++) values[i] = value = (value + (low[i] | (high[i] << 8))) & 65535;
    return values;
  }

  place() {
    return { x: this.words(), y: this.words(), z: this.words() };
  }
}

/** Goals of each side so far, by picture. */
function running(goals, pictures) {
  const score = { blue: new Uint8Array(pictures), orange: new Uint8Array(pictures) };
  for (const goal of goals) for (let i = goal.picture; i < pictures; i++) score[goal.side][i]++;
  return score;
}

/** Where `track` is at a time counted in pictures (with a fraction); written into `out`, to make no garbage. */
export function placeAt(track, at, out) {
  const i = Math.floor(at), j = Math.min(i + 1, track.x.length - 1), share = at - i;
  const dx = track.x[j] - track.x[i], dy = track.y[j] - track.y[i], dz = track.z[j] - track.z[i];
  const part = dx * dx + dy * dy + dz * dz > JUMP * JUMP ? Math.round(share) : share;
  out.x = track.x[i] + dx * part;
  out.y = track.y[i] + dy * part;
  out.z = track.z[i] + dz * part;
  return out;
}

/** The direction of the nose at a time, radians from +x towards +y; turns by the shorter way. */
export function yawAt(player, at) {
  const i = Math.floor(at), j = Math.min(i + 1, player.yaw.length - 1);
  const step = ((player.yaw[j] - player.yaw[i] + 384) & 255) - 128;
  return (player.yaw[i] + step * (at - i)) * TURN;
}

/** Whether something was put elsewhere between a picture and the next. */
export function jumps(track, i) {
  const dx = track.x[i + 1] - track.x[i], dy = track.y[i + 1] - track.y[i];
  return dx * dx + dy * dy > JUMP * JUMP;
}

/** The clock of a picture: 4:07, or +0:12 in overtime. */
export function clockText(scenes, i) {
  const seconds = scenes.clock[i];
  const sign = scenes.state[i] & OVERTIME ? "+" : "";
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
