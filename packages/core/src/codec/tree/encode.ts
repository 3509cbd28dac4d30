import { types } from 'node:util';
import { ByteWriter } from '../bytes/byte-writer.js';
import { viewBytes, viewKind } from '../bytes/views.js';
import { isShape, jsonOf } from '../columns/shapes.js';
import { encodeStrings } from '../columns/strings.js';
import { CODEC } from '../types.js';
import { judgeBuiltIn } from '../walk/built-ins.js';
import { arrayExtras } from '../walk/own-keys.js';
import { dataProperty, isBare, prototypeOf, stringKeys } from '../walk/plain.js';
import { TAG } from './tags.js';

/** Deeper values are left to the walk, which knows the way there. */
const MAX_DEPTH = 1000;

/** With more shapes than this, objects are dictionaries rather than records. */
const MAX_SHAPES = 100;

/**
 * Encodes a batch of plain data of any shape, shared references and cycles included. Undefined where one of the
 * values is of another kind; the batch must then go another way.
 */
export function encodeByTree(values: readonly unknown[], maxBytes?: number): Uint8Array | undefined {
  const tree: Tree = {
    tags: [],
    integers: [],
    numbers: [],
    strings: [],
    binary: [],
    shapes: new Map(),
    objects: new Map(),
    references: 0,
    depth: 0,
  };
  for (let i = 0; i < values.length; i++) if (!addNode(values[i], tree)) return undefined;
  return finish(tree, values.length, maxBytes);
}

/** What was encoded so far: the streams that `TAG` speaks of, and what has got a number. */
interface Tree {
  tags: number[];
  integers: number[];
  numbers: number[];
  strings: string[];
  binary: Uint8Array[];
  /** By their keys, joined. */
  shapes: Map<string, KnownShape>;
  objects: Map<object, number>;
  references: number;
  depth: number;
}

interface KnownShape {
  number: number;
  keys: string[];
}

/** Between joined keys. A key that has it within is not sent as one of a shape. */
const SEPARATOR = '\0';

/** Adds a value. False if it, or something within, is not plain data. */
function addNode(value: unknown, tree: Tree): boolean {
  switch (typeof value) {
    case 'string':
      tree.tags.push(TAG.STRING);
      tree.strings.push(value);
      return true;
    case 'number':
      addNumber(value, tree);
      return true;
    case 'object':
      if (value !== null) return addObject(value, tree);
      tree.tags.push(TAG.NULL);
      return true;
    case 'boolean':
      tree.tags.push(value ? TAG.TRUE : TAG.FALSE);
      return true;
    case 'undefined':
      tree.tags.push(TAG.UNDEFINED);
      return true;
    case 'bigint':
      tree.tags.push(TAG.BIGINT);
      tree.strings.push(value.toString(16));
      return true;
    default:
      return false;
  }
}

function addNumber(value: number, tree: Tree): void {
  if (value === (value | 0) && (value !== 0 || 1 / value > 0)) {
    addSized(TAG.INTEGER, value, tree);
  } else {
    tree.tags.push(TAG.NUMBER);
    tree.numbers.push(value);
  }
}

function addSized(tag: number, size: number, tree: Tree): void {
  tree.tags.push(tag);
  tree.integers.push(size);
}

function addObject(value: object, tree: Tree): boolean {
  const { objects } = tree;
  const known = objects.get(value);
  if (known !== undefined) {
    tree.references++;
    addSized(TAG.REFERENCE, known, tree);
    return true;
  }
  objects.set(value, objects.size);
  if (tree.depth === MAX_DEPTH) return false;
  tree.depth++;
  const isPlain = addNewObject(value, tree);
  tree.depth--;
  return isPlain;
}

function addNewObject(value: object, tree: Tree): boolean {
  const prototype = prototypeOf(value);
  switch (prototype) {
    case undefined:
      return false;
    case Object.prototype:
      return addProperties(value, tree);
    case Array.prototype:
      return Array.isArray(value) && addArray(value, tree);
    case Date.prototype:
      return types.isDate(value) && addDate(value, tree);
    case Map.prototype:
      return types.isMap(value) && addMap(value, tree);
    case Set.prototype:
      return types.isSet(value) && addSet(value, tree);
    default:
      return addView(value, prototype, tree);
  }
}

function addProperties(value: object, tree: Tree): boolean {
  const keys = stringKeys(value);
  if (keys === undefined) return false;
  const shape = shapeNumber(keys, tree);
  if (shape === undefined) addSized(TAG.DICTIONARY, keys.length, tree);
  else addSized(TAG.RECORD, shape, tree);
  for (let k = 0; k < keys.length; k++) {
    const key = keys[k]!;
    if (shape === undefined) tree.strings.push(key);
    const property = dataProperty(value, key);
    if (property === undefined || !addNode(property.value, tree)) return false;
  }
  return true;
}

/** The number of a shape; undefined for objects that are sent with their keys. */
function shapeNumber(keys: string[], { shapes }: Tree): number | undefined {
  if (!isShape(keys)) return undefined;
  const joined = keys.join(SEPARATOR);
  const known = shapes.get(joined);
  // Of two lists of keys that join to the same, the one with separators within keys is the shorter one.
  if (known !== undefined) return known.keys.length === keys.length ? known.number : undefined;
  const number = shapes.size;
  if (number === MAX_SHAPES || keys.some((key) => key.includes(SEPARATOR))) return undefined;
  shapes.set(joined, { number, keys });
  return number;
}

function addArray(array: unknown[], tree: Tree): boolean {
  if (arrayExtras(array) !== 'none') return false;
  addSized(TAG.ARRAY, array.length, tree);
  for (let i = 0; i < array.length; i++) {
    const element = array[i];
    if (element === undefined && !Object.hasOwn(array, i)) return false;
    if (!addNode(element, tree)) return false;
  }
  return true;
}

function addMap(map: Map<unknown, unknown>, tree: Tree): boolean {
  if (!isBare(map)) return false;
  addSized(TAG.MAP, map.size, tree);
  for (const [key, value] of map) if (!addNode(key, tree) || !addNode(value, tree)) return false;
  return true;
}

function addSet(set: Set<unknown>, tree: Tree): boolean {
  if (!isBare(set)) return false;
  addSized(TAG.SET, set.size, tree);
  for (const member of set) if (!addNode(member, tree)) return false;
  return true;
}

function addDate(date: Date, tree: Tree): boolean {
  if (!isBare(date)) return false;
  tree.tags.push(TAG.DATE);
  tree.numbers.push(date.getTime());
  return true;
}

function addView(value: object, prototype: object | null, tree: Tree): boolean {
  const kind = viewKind(prototype);
  if (kind === undefined || judgeBuiltIn(value, prototype) !== undefined) return false;
  const bytes = viewBytes(value as ArrayBufferView);
  addSized(TAG.BINARY, kind, tree);
  tree.numbers.push(bytes.byteLength);
  tree.binary.push(bytes);
  return true;
}

/** Layout: codec, whether there are references, count; how long the streams are; the streams. */
function finish(tree: Tree, count: number, maxBytes?: number): Uint8Array | undefined {
  const { tags, integers, numbers, strings, shapes } = tree;
  const out = new ByteWriter(maxBytes);
  out.u8(CODEC.TREE);
  out.u8(tree.references > 0 ? 1 : 0);
  out.u32(count);
  for (const { length } of [tags, integers, numbers, strings]) out.u32(length);
  out.u32(shapes.size);
  out.uint8s(tags.length).set(tags);
  out.int32s(integers.length).set(integers);
  out.float64s(numbers.length).set(numbers);
  const keysOfShapes = Array.from(shapes.values(), ({ keys }) => jsonOf(keys));
  if (!encodeStrings(strings, out) || !encodeStrings(keysOfShapes, out)) return undefined;
  for (const bytes of tree.binary) out.raw(bytes);
  return out.finish();
}
