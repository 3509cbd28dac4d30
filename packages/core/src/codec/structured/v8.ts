import { Deserializer, Serializer } from 'node:v8';
import { makeView, viewBytes, viewKind } from '../bytes/views.js';
import { DecodeError } from '../errors.js';
import { CODEC } from '../types.js';

/** V8's own bytes begin here, behind the codec's; a multiple of 8, since V8 aligns some of what it writes. */
const HEADER_BYTES = 8;
const HEADER = Uint8Array.of(CODEC.V8, 0, 0, 0, 0, 0, 0, 0);

/** What @types/node leaves out. */
interface HostObjectHooks {
  _setTreatArrayBufferViewsAsHostObjects(areHostObjects: boolean): void;
}

/**
 * V8's serializer, but views are told apart by what they are in Node (Buffers stay Buffers), and each comes back
 * with a buffer of its own instead of a window on the whole payload.
 */
class ValueSerializer extends Serializer {
  constructor() {
    super();
    (this as unknown as HostObjectHooks)._setTreatArrayBufferViewsAsHostObjects(true);
  }

  /** V8 asks for views, and for what C++ has made. */
  _writeHostObject(value: object): void {
    const kind = ArrayBuffer.isView(value) ? nearestViewKind(value) : undefined;
    if (kind === undefined)
      throw new TypeError(`${Object.prototype.toString.call(value)} could not be cloned.`);
    const bytes = viewBytes(value as ArrayBufferView);
    this.writeUint32(kind);
    this.writeDouble(bytes.byteLength);
    this.writeRawBytes(bytes);
  }
}

/** WHY: `structured` takes instances of subclasses for what they extend, as all structured cloning does. */
function nearestViewKind(view: ArrayBufferView): number | undefined {
  let kind: number | undefined;
  let at: object | null = view;
  while (at !== null && kind === undefined) {
    at = Object.getPrototypeOf(at) as object | null;
    kind = viewKind(at);
  }
  return kind;
}

class ValueDeserializer extends Deserializer {
  _readHostObject(): unknown {
    const kind = this.readUint32();
    const length = this.readDouble();
    return makeView(kind, this.readRawBytes(length)); // throws if fewer bytes are left
  }
}

/** Encodes values by V8's serializer. Throws its error where a value is not in its domain. */
export function encodeByV8(values: readonly unknown[]): Uint8Array {
  const serializer = new ValueSerializer();
  serializer.writeRawBytes(HEADER);
  serializer.writeHeader();
  serializer.writeValue(values);
  return serializer.releaseBuffer();
}

/** Decodes what `encodeByV8` made. Throws whatever is wrong with it. */
export function decodeByV8(payload: Uint8Array): unknown {
  if (payload.byteLength < HEADER_BYTES) throw new DecodeError('the payload has no header');
  const deserializer = new ValueDeserializer(payload.subarray(HEADER_BYTES));
  deserializer.readHeader();
  return deserializer.readValue();
}
