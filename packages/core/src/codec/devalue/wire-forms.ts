import { types } from 'node:util';
import { makeView, viewBytes, viewKind } from '../bytes/views.js';
import { DecodeError } from '../errors.js';
import { isClockDate, makeClockDate } from '../walk/clock-dates.js';
import {
  errorClass,
  errorName,
  isEnumerable,
  isErrorLike,
  makeError,
  thrownKeys,
} from '../walk/error-values.js';
import type { WalkResult } from '../walk/walk.js';

// What devalue cannot say by itself is said in arrays that it can: the first element names the form, the rest is
// [B kind attachment] [R source flags lastIndex] [E class message key isEnumerable value …] [A length key value …]
// [O hasPrototype key value …] [D time].
const BINARY = 'B';
const REGEXP = 'R';
const ERROR = 'E';
const ARRAY = 'A';
const OBJECT = 'O';
const CLOCK_DATE = 'D';

type Form = [name: string, ...parts: unknown[]];

/** Gives the form of each value that needs one, and puts binary data aside. */
export class FormMaker {
  /** Binary data in the order in which forms speak of it. */
  readonly attachments: Uint8Array[] = [];
  readonly #walked: WalkResult;

  constructor(walked: WalkResult) {
    this.#walked = walked;
  }

  /** Devalue's reducer: the form, or false where devalue does right by itself. */
  reduce = (value: unknown): Form | false => {
    const standIn = this.#walked.standIns.get(value);
    if (standIn !== undefined) return this.#errorForm(standIn);
    if (typeof value !== 'object' || value === null || this.#walked.reduced.has(value)) return false;
    if (Array.isArray(value)) return this.#walked.arraysWithKeys.has(value) && arrayForm(value);
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return Object.hasOwn(value, '__proto__') ? objectForm(value, prototype !== null) : false;
    }
    const kind = viewKind(prototype);
    if (kind !== undefined) return this.#binaryForm(value as ArrayBuffer, kind);
    if (types.isRegExp(value)) return regExpForm(value);
    if (isClockDate(value)) return [CLOCK_DATE, Date.prototype.getTime.call(value)];
    return isErrorLike(value) ? this.#errorForm(value) : false;
  };

  #binaryForm(value: ArrayBuffer | ArrayBufferView, kind: number): Form {
    return [BINARY, kind, this.attachments.push(viewBytes(value)) - 1];
  }

  #errorForm(error: Error): Form {
    const className = errorClass(error);
    const form: Form = [ERROR, className ?? 'Error', className?.startsWith('DOM') ? error.message : ''];
    const keys = thrownKeys(error);
    if (className === undefined && !keys.includes('name')) form.push('name', false, errorName(error));
    const dropped = this.#walked.dropped.get(error);
    for (const key of keys) {
      if (!dropped?.has(key)) {
        const parts = this.#walked.parts.get(error);
        const value = parts?.has(key) ? parts.get(key) : error[key as keyof Error];
        form.push(key, isEnumerable(error, key), value);
      }
    }
    return form;
  }
}

function regExpForm(value: RegExp): Form | false {
  return Object.is(value.lastIndex, 0) ? false : [REGEXP, value.source, value.flags, value.lastIndex];
}

function arrayForm(array: unknown[]): Form {
  const form: Form = [ARRAY, array.length];
  for (const key of Object.keys(array)) form.push(key, array[key as unknown as number]);
  return form;
}

function objectForm(value: object, hasPrototype: boolean): Form {
  const form: Form = [OBJECT, hasPrototype];
  for (const [key, property] of Object.entries(value)) form.push(key, property);
  return form;
}

/** Makes values from their forms. */
export class FormReader {
  readonly #attachments: readonly Uint8Array[];
  readonly #made = new Map<Form, object>();

  constructor(attachments: readonly Uint8Array[]) {
    this.#attachments = attachments;
  }

  /**
   * Devalue's reviver. In a cycle devalue calls it twice for one form: first with the parts known so far, and last
   * with all of them. INVARIANT: both calls give the same object, and the last one leaves it complete.
   */
  revive = (form: Form): unknown => {
    if (!Array.isArray(form)) throw new DecodeError('expected the form of a value');
    let made = this.#made.get(form);
    if (made === undefined) {
      made = this.#make(form);
      this.#made.set(form, made);
    }
    fill(made, form);
    return made;
  };

  #make(form: Form): object {
    const [name, first, second, third] = form;
    switch (name) {
      case BINARY:
        return this.#makeBinary(first, second);
      case REGEXP:
        return Object.assign(new RegExp(String(first), String(second)), { lastIndex: Number(third) });
      case ERROR:
        return makeError(first, second);
      case ARRAY:
        return makeArray(first, form.length);
      case OBJECT:
        return first === true ? {} : Object.create(null);
      case CLOCK_DATE:
        return makeClockDate(Number(first));
      default:
        throw new DecodeError('unknown form of a value');
    }
  }

  #makeBinary(kind: unknown, index: unknown): object {
    const bytes = typeof index === 'number' ? this.#attachments[index] : undefined;
    if (typeof kind !== 'number' || bytes === undefined) throw new DecodeError('expected an attachment');
    return makeView(kind, bytes);
  }
}

function makeArray(length: unknown, boundOfMemory: number): unknown[] {
  if (typeof length !== 'number' || length >>> 0 !== length)
    throw new DecodeError('expected the length of an array');
  if (length <= boundOfMemory) return new Array(length);
  const array: unknown[] = [];
  // WHY: the length is not bounded by the payload, and V8 may allocate for all of it unless the array is known to
  // be sparse before its length is set.
  array[2 ** 32 - 2] = undefined;
  delete array[2 ** 32 - 2];
  array.length = length;
  return array;
}

function fill(made: object, form: Form): void {
  const name = form[0];
  if (name === ERROR) fillProperties(made, form, 3, 3);
  else if (name === ARRAY || name === OBJECT) fillProperties(made, form, 2, 2);
}

/** Defines what the form says from `start` on: key and value by turns, with `isEnumerable` between where `step` is 3. */
function fillProperties(made: object, form: Form, start: number, step: 2 | 3): void {
  for (let i = start; i < form.length; i += step) {
    const at = i + step - 1;
    if (!(at in form)) continue; // not known yet, because of a cycle
    const key = form[i];
    if (typeof key !== 'string') throw new DecodeError('expected the key of a property');
    // WHY: defined, not assigned, so that `__proto__` is a key like any other.
    Object.defineProperty(made, key, {
      value: form[at],
      enumerable: step === 2 || form[i + 1] === true,
      writable: true,
      configurable: true,
    });
  }
}
