const SHARDS = 64;
const FIRST_SLOTS = 16;
/** A shard grows when more of its slots are taken. */
const MAX_LOAD = 0.8;
const MANY = 255;
const TWO_TO_32 = 2 ** 32;

/**
 * What is known of each key: where its record is in the journal, and how often it was met in this call. Typed arrays of
 * 15 bytes a slot, half full or more: ten million keys take about 250 MB.
 *
 * Of a key, its first eight bytes are kept. WHY they are enough: who finds a place reads the record there, which has the
 * whole key; and with ten million keys, two of them agree in these bytes once in 200,000 journals.
 * WHY shards: a table that doubles has both sizes in memory for a while. Of these, one at a time does.
 */
export class KeyTable {
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard());
  /** How often keys were met that were met `MANY` times. */
  readonly #often = new Map<string, number>();

  /** Where the key's record begins; 0 where it has none. */
  placeOf(key: Uint8Array): number {
    const [shard, lo, hi] = this.#of(key);
    return shard.placeAt(shard.find(lo, hi));
  }

  setPlace(key: Uint8Array, place: number): void {
    const [shard, lo, hi] = this.#of(key);
    shard.setPlace(lo, hi, place);
  }

  /** How often the key was met before this. */
  meet(key: Uint8Array): number {
    const [shard, lo, hi] = this.#of(key);
    const met = shard.meet(lo, hi);
    if (met < MANY) return met;
    const name = `${lo},${hi}`;
    const often = this.#often.get(name) ?? MANY;
    this.#often.set(name, often + 1);
    return often;
  }

  #of(key: Uint8Array): [Shard, lo: number, hi: number] {
    const lo = wordAt(key, 0);
    const hi = wordAt(key, 4);
    return [this.#shards[hi % SHARDS] as Shard, lo, hi];
  }
}

function wordAt(key: Uint8Array, at: number): number {
  const [a, b, c, d] = [key[at], key[at + 1], key[at + 2], key[at + 3]] as [number, number, number, number];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Open addressing with linear probing. A slot is free that has no place and was never met. */
class Shard {
  #taken = 0;
  #slots = FIRST_SLOTS;
  /** Two words a slot. */
  #keys = new Uint32Array(FIRST_SLOTS * 2);
  #places = new Uint32Array(FIRST_SLOTS);
  #highPlaces = new Uint16Array(FIRST_SLOTS);
  #met = new Uint8Array(FIRST_SLOTS);

  /** The key's slot, or the free one where it would be. */
  find(lo: number, hi: number): number {
    const mask = this.#slots - 1;
    let slot = lo & mask;
    while (!this.#isFree(slot) && !(this.#keys[slot * 2] === lo && this.#keys[slot * 2 + 1] === hi))
      slot = (slot + 1) & mask;
    return slot;
  }

  placeAt(slot: number): number {
    return (this.#highPlaces[slot] as number) * TWO_TO_32 + (this.#places[slot] as number);
  }

  setPlace(lo: number, hi: number, place: number): void {
    const slot = this.#take(lo, hi);
    this.#places[slot] = place;
    this.#highPlaces[slot] = Math.floor(place / TWO_TO_32);
  }

  meet(lo: number, hi: number): number {
    const slot = this.#take(lo, hi);
    const met = this.#met[slot] as number;
    if (met < MANY) this.#met[slot] = met + 1;
    return met;
  }

  #isFree(slot: number): boolean {
    return this.#met[slot] === 0 && this.#places[slot] === 0 && this.#highPlaces[slot] === 0;
  }

  #take(lo: number, hi: number): number {
    const slot = this.find(lo, hi);
    if (!this.#isFree(slot)) return slot;
    if (this.#taken >= this.#slots * MAX_LOAD) {
      this.#grow();
      return this.#take(lo, hi);
    }
    this.#taken += 1;
    this.#keys[slot * 2] = lo;
    this.#keys[slot * 2 + 1] = hi;
    return slot;
  }

  #grow(): void {
    const [keys, places, highPlaces, met, slots] = [
      this.#keys,
      this.#places,
      this.#highPlaces,
      this.#met,
      this.#slots,
    ];
    this.#slots = slots * 2;
    this.#keys = new Uint32Array(this.#slots * 2);
    this.#places = new Uint32Array(this.#slots);
    this.#highPlaces = new Uint16Array(this.#slots);
    this.#met = new Uint8Array(this.#slots);
    for (let old = 0; old < slots; old++) {
      if (met[old] === 0 && places[old] === 0 && highPlaces[old] === 0) continue;
      const slot = this.find(keys[old * 2] as number, keys[old * 2 + 1] as number);
      this.#keys[slot * 2] = keys[old * 2] as number;
      this.#keys[slot * 2 + 1] = keys[old * 2 + 1] as number;
      this.#places[slot] = places[old] as number;
      this.#highPlaces[slot] = highPlaces[old] as number;
      this.#met[slot] = met[old] as number;
    }
  }
}
