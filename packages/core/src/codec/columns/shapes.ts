import { DecodeError } from '../errors.js';
import { define } from '../walk/plain.js';

/** Objects with more keys are more likely dictionaries, of which no two have the same. */
const MAX_KEYS = 64;

/** Shapes that are remembered, so that each is compiled once and not per batch; and how long the keys of one may be. */
const MAX_SHAPES = 256;
const MAX_JSON_UNITS = 4096;

/** From this many records on, a function compiled for the shape has paid for itself. */
const RECORDS_WORTH_COMPILING = 100;

/** True if objects with these keys may be sent as records. */
export function isShape(keys: readonly string[]): boolean {
  return keys.length > 0 && keys.length <= MAX_KEYS && !keys.includes('__proto__');
}

/** The keys as a payload names them. WHY one by one: a list would be asked for a `toJSON` that it may inherit. */
export function jsonOf(keys: readonly string[]): string {
  return `[${keys.map((key) => JSON.stringify(key)).join()}]`;
}

const shapes = new Map<string, Shape>();

/** The shape that a payload names by the JSON of its keys. */
export function shapeOf(json: string): Shape {
  const known = shapes.get(json);
  if (known !== undefined) return known;
  const shape = new Shape(parseKeys(json));
  if (json.length <= MAX_JSON_UNITS) {
    if (shapes.size >= MAX_SHAPES) shapes.clear();
    shapes.set(json, shape);
  }
  return shape;
}

function parseKeys(json: string): string[] {
  const keys: unknown = JSON.parse(json);
  if (!Array.isArray(keys) || !isShape(keys) || new Set(keys).size !== keys.length) {
    throw new DecodeError('expected the keys of a record');
  }
  if (!keys.every((key) => typeof key === 'string')) throw new DecodeError('expected keys that are strings');
  return keys;
}

/** Makes a record of values that come one after the other. */
type ReadRecord = (next: () => unknown) => object;
/** Makes records of the values of their keys, each key's in an array of its own. */
type MakeRecords = (rows: number, columns: readonly ArrayLike<unknown>[]) => object[];

/** The keys that records have in common, and the ways to make such records. */
export class Shape {
  readonly keys: readonly string[];
  /** Records made one by one, as a measure of whether to compile. */
  #made = 0;
  #compiledRead: ReadRecord | undefined;
  #compiledMake: MakeRecords | undefined;

  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  /** Makes a record of as many values as there are keys. */
  read(next: () => unknown): object {
    if (this.#compiledRead !== undefined) return this.#compiledRead(next);
    if (this.#made++ === RECORDS_WORTH_COMPILING) this.#compiledRead = compileRead(this.keys);
    const record: Record<string, unknown> = {};
    for (let k = 0; k < this.keys.length; k++) define(record, this.keys[k]!, next());
    return record;
  }

  make(rows: number, columns: readonly ArrayLike<unknown>[]): object[] {
    if (rows >= RECORDS_WORTH_COMPILING) {
      this.#compiledMake ??= compileMake(this.keys);
      if (this.#compiledMake !== undefined) return this.#compiledMake(rows, columns);
    }
    const records = new Array<object>(rows);
    for (let i = 0; i < rows; i++) {
      let k = 0;
      records[i] = this.read(() => columns[k++]![i]);
    }
    return records;
  }
}

// WHY code is made here: an object literal with known keys is made in a quarter of the time of an object that is
// built up key by key, and this is the serial part of every map. The keys come from a child, so they go into the code
// as JSON strings alone, and never as `__proto__`, which in a literal is no key.

function compileRead(keys: readonly string[]): ReadRecord | undefined {
  const fields = keys.map((key) => `${JSON.stringify(key)}: next()`);
  return compile('next', `return { ${fields.join(', ')} };`);
}

function compileMake(keys: readonly string[]): MakeRecords | undefined {
  const names = keys.map((_, k) => `c${k}`);
  const fields = keys.map((key, k) => `${JSON.stringify(key)}: c${k}[i]`);
  return compile(
    'rows, columns',
    `const [${names.join(', ')}] = columns;
     const records = new Array(rows);
     for (let i = 0; i < rows; i++) records[i] = { ${fields.join(', ')} };
     return records;`,
  );
}

function compile<F>(parameters: string, body: string): F | undefined {
  try {
    return new Function(parameters, body) as F;
  } catch {
    return undefined; // Node was started with --disallow-code-generation-from-strings
  }
}
