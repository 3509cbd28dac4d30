import { DecodeError } from '../errors.js';

interface ViewConstructor {
  new (source: ArrayBuffer | ArrayBufferView): ArrayBufferView;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView;
  readonly BYTES_PER_ELEMENT: number;
}

/** How one kind of binary data is made, as a copy of bytes. */
interface ViewKind {
  prototype: object;
  make: (bytes: Uint8Array) => ArrayBufferView | ArrayBuffer;
}

// INVARIANT: the order is the wire's numbering; new kinds go to the end.
const TYPED_ARRAYS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
] as const;

const KINDS: (ViewKind | undefined)[] = [
  { prototype: ArrayBuffer.prototype, make: copyToBuffer },
  { prototype: DataView.prototype, make: (bytes) => new DataView(copyToBuffer(bytes)) },
  { prototype: Buffer.prototype, make: copyToNodeBuffer },
  ...TYPED_ARRAYS.map(typedArrayKind),
];

const KIND_OF_PROTOTYPE = new Map(KINDS.map((kind, index) => [kind?.prototype, index]));

/** The kind of a plain ArrayBuffer. */
export const ARRAY_BUFFER = 0;

function copyToBuffer(bytes: Uint8Array): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

function copyToNodeBuffer(bytes: Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafeSlow(bytes.byteLength);
  buffer.set(bytes);
  return buffer;
}

function typedArrayKind(name: string): ViewKind | undefined {
  const Constructor = (globalThis as unknown as Record<string, ViewConstructor | undefined>)[name];
  if (Constructor === undefined) return undefined; // Float16Array is younger than Node 20
  return {
    prototype: Constructor.prototype as object,
    make: (bytes) => copyToTypedArray(Constructor, bytes),
  };
}

function copyToTypedArray(Constructor: ViewConstructor, bytes: Uint8Array): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = bytes;
  const length = byteLength / Constructor.BYTES_PER_ELEMENT;
  if (!Number.isInteger(length))
    throw new DecodeError(`expected whole elements, received ${byteLength} bytes`);
  if (byteOffset % Constructor.BYTES_PER_ELEMENT !== 0) return new Constructor(copyToBuffer(bytes));
  // WHY: a typed array copied from another of its type takes a quarter of the time of one upon a buffer made before.
  return new Constructor(new Constructor(buffer, byteOffset, length));
}

/** The wire's number for an ArrayBuffer or a view with this prototype; undefined for everything else. */
export function viewKind(prototype: object | null): number | undefined {
  return prototype === null ? undefined : KIND_OF_PROTOTYPE.get(prototype);
}

/** The bytes that a value of a known kind shows, not copied. Throws where the buffer is detached. */
export function viewBytes(view: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (ArrayBuffer.isView(view)) return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return new Uint8Array(view);
}

/** Makes a value of this kind, with a buffer of its own, of exactly these bytes. */
export function makeView(kind: number, bytes: Uint8Array): ArrayBufferView | ArrayBuffer {
  const known = KINDS[kind];
  if (known === undefined) throw new DecodeError(`unknown kind ${kind} of binary data`);
  return known.make(bytes);
}
