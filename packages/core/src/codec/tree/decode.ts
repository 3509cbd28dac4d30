import { ByteReader } from '../bytes/byte-reader.js';
import { makeView } from '../bytes/views.js';
import { parseBigInt } from '../columns/primitives.js';
import { type Shape, shapeOf } from '../columns/shapes.js';
import { decodeStringColumn } from '../columns/strings.js';
import { DecodeError } from '../errors.js';
import { define } from '../walk/plain.js';
import { TAG } from './tags.js';

/** Decodes what `encodeByTree` made. Throws whatever is wrong with it. */
export function decodeByTree(payload: Uint8Array, count: number): unknown[] {
  const input = new ByteReader(payload, 1);
  const decoder = new TreeDecoder(input);
  if (decoder.count !== count) throw new DecodeError(`expected ${count} results, received ${decoder.count}`);
  return decoder.finish();
}

class TreeDecoder {
  readonly count: number;
  readonly #input: ByteReader;
  readonly #tags: Uint8Array;
  readonly #integers: Int32Array;
  readonly #numbers: Float64Array;
  readonly #strings: string[];
  readonly #shapes: Shape[];
  /** Objects by their number; undefined where no reference will ask for one. */
  readonly #objects: unknown[] | undefined;
  #tagAt = 0;
  #integerAt = 0;
  #numberAt = 0;
  #stringAt = 0;

  constructor(input: ByteReader) {
    const hasReferences = input.u8() !== 0;
    this.count = input.u32();
    const [tags, integers, numbers, strings, shapes] = input.uint32s(5) as unknown as number[];
    this.#input = input;
    this.#tags = input.uint8s(tags!);
    this.#integers = input.int32s(integers!);
    this.#numbers = input.float64s(numbers!);
    this.#strings = decodeStringColumn(strings!, input);
    this.#shapes = decodeStringColumn(shapes!, input).map(shapeOf);
    this.#objects = hasReferences ? [] : undefined;
  }

  finish(): unknown[] {
    if (this.count > this.#tags.length) throw new DecodeError('expected a tag for each result');
    const values = new Array<unknown>(this.count);
    for (let i = 0; i < values.length; i++) values[i] = this.node();
    if (
      this.#tagAt !== this.#tags.length ||
      this.#integerAt !== this.#integers.length ||
      this.#numberAt !== this.#numbers.length ||
      this.#stringAt !== this.#strings.length
    ) {
      throw new DecodeError('expected as much as there are tags for');
    }
    this.#input.end();
    return values;
  }

  node = (): unknown => {
    switch (this.#tags[this.#tagAt++]) {
      case TAG.UNDEFINED:
        return undefined;
      case TAG.NULL:
        return null;
      case TAG.FALSE:
        return false;
      case TAG.TRUE:
        return true;
      case TAG.INTEGER:
        return this.#integer();
      case TAG.NUMBER:
        return this.#number();
      case TAG.STRING:
        return this.#string();
      case TAG.BIGINT:
        return parseBigInt(this.#string());
      case TAG.RECORD:
        return this.#record();
      case TAG.DICTIONARY:
        return this.#dictionary();
      case TAG.ARRAY:
        return this.#array();
      case TAG.MAP:
        return this.#map();
      case TAG.SET:
        return this.#set();
      case TAG.DATE:
        return this.#remember(new Date(this.#number()));
      case TAG.BINARY:
        return this.#remember(makeView(this.#integer(), this.#input.raw(this.#number())));
      case TAG.REFERENCE:
        return this.#reference();
      default:
        throw new DecodeError('unknown tag of a value, or none');
    }
  };

  #integer(): number {
    if (this.#integerAt === this.#integers.length) throw new DecodeError('expected an integer more');
    return this.#integers[this.#integerAt++]!;
  }

  /** A count of nodes to come, of which each takes a tag at least. */
  #size(): number {
    const size = this.#integer();
    if (!(size >= 0 && size <= this.#tags.length - this.#tagAt))
      throw new DecodeError(`unexpected size ${size}`);
    return size;
  }

  #number(): number {
    if (this.#numberAt === this.#numbers.length) throw new DecodeError('expected a number more');
    return this.#numbers[this.#numberAt++]!;
  }

  #string(): string {
    if (this.#stringAt === this.#strings.length) throw new DecodeError('expected a string more');
    return this.#strings[this.#stringAt++]!;
  }

  #remember<T>(object: T): T {
    this.#objects?.push(object);
    return object;
  }

  #reference(): unknown {
    const number = this.#integer();
    const objects = this.#objects;
    if (objects === undefined || !(number >= 0 && number < objects.length)) {
      throw new DecodeError(`unexpected reference ${number}`);
    }
    return objects[number];
  }

  #record(): unknown {
    const shape = this.#shapes[this.#integer()];
    if (shape === undefined) throw new DecodeError('unknown shape of a record');
    if (this.#objects === undefined) return shape.read(this.node);
    // What is within may refer to it, so it has to be there first.
    const record = this.#remember<Record<string, unknown>>({});
    for (let k = 0; k < shape.keys.length; k++) define(record, shape.keys[k]!, this.node());
    return record;
  }

  #dictionary(): unknown {
    const size = this.#size();
    const dictionary = this.#remember<Record<string, unknown>>({});
    for (let k = 0; k < size; k++) {
      const key = this.#string();
      define(dictionary, key, this.node());
    }
    return dictionary;
  }

  #array(): unknown[] {
    const array = this.#remember(new Array<unknown>(this.#size()));
    for (let i = 0; i < array.length; i++) array[i] = this.node();
    return array;
  }

  #map(): Map<unknown, unknown> {
    const map = this.#remember(new Map<unknown, unknown>());
    for (let left = this.#size(); left > 0; left--) {
      const key = this.node();
      map.set(key, this.node());
    }
    return map;
  }

  #set(): Set<unknown> {
    const set = this.#remember(new Set<unknown>());
    for (let left = this.#size(); left > 0; left--) set.add(this.node());
    return set;
  }
}
