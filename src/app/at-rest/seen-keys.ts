/** What became of a key: it has a value now, or it was deleted. */
export type Fate = 'live' | 'deleted';

const firstSlots = 1 << 16;
/** Sixteen million places: 128 MB. */
const mostSlots = 1 << 24;

/**
 * Millions of etcd keys with what became of each, in eight bytes a key: a hash of 62 bits stands for it, made from numbers that
 * nobody can know, so that no file can be made to confuse it. At ten million keys, chances are one to 90,000 that two are taken
 * for one. A key is told once; where twelve million are in, no more are taken.
 */
export class SeenKeys {
  readonly #seeds: readonly [number, number];
  readonly #mostSlots: number;
  #low = new Uint32Array(firstSlots);
  #high = new Uint32Array(firstSlots);
  #count = 0;

  /** @param seeds two random numbers of 32 bits */
  constructor(seeds: readonly [number, number], slots = mostSlots) {
    this.#seeds = seeds;
    this.#mostSlots = slots;
  }

  /** What was told first of the key; `fate` is taken for it where nothing was. Undefined where there is no room for it. */
  firstFate(key: Uint8Array, fate: Fate): { readonly fate: Fate; readonly isFirst: boolean } | undefined {
    const low = hash(key, this.#seeds[0]);
    // One bit is the fate, and one is always set: zero is an empty place.
    const high = (hash(key, this.#seeds[1]) & ~3) >>> 0;
    const slot = find(this.#low, this.#high, low, high);
    const found = this.#high[slot] ?? 0;
    if (found !== 0) return { fate: (found & 1) === 1 ? 'deleted' : 'live', isFirst: false };
    if (!this.#hasRoom()) return undefined;
    this.#put(low, (high | 2 | (fate === 'deleted' ? 1 : 0)) >>> 0);
    return { fate, isFirst: true };
  }

  #hasRoom(): boolean {
    if (this.#count < this.#low.length * 0.75) return true;
    if (this.#low.length >= this.#mostSlots) return false;
    const [low, high] = [this.#low, this.#high];
    this.#low = new Uint32Array(low.length * 2);
    this.#high = new Uint32Array(low.length * 2);
    this.#count = 0;
    for (let slot = 0; slot < low.length; slot++) {
      const kept = high[slot] ?? 0;
      if (kept !== 0) this.#put(low[slot] ?? 0, kept);
    }
    return true;
  }

  #put(low: number, high: number): void {
    const slot = find(this.#low, this.#high, low, (high & ~3) >>> 0);
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#count++;
  }
}

/** Where this hash is, or the empty place where it would be. */
function find(lows: Uint32Array, highs: Uint32Array, low: number, high: number): number {
  const mask = lows.length - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const there = highs[slot] ?? 0;
    if (there === 0 || (lows[slot] === low && (there & ~3) >>> 0 === high)) return slot;
  }
}

/** MurmurHash3's steps, a byte at a time. */
function hash(bytes: Uint8Array, seed: number): number {
  let h = seed;
  for (let index = 0; index < bytes.length; index++) {
    h = Math.imul(h ^ (bytes[index] ?? 0), 0xcc9e_2d51);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe654_6b64) | 0;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
