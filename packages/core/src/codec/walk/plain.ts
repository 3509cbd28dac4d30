import { types } from 'node:util';
import { arrayExtras } from './own-keys.js';

// WHY constants: children run this in the interpreter, where each look-up of a name costs as much as a call.
const { isProxy } = types;
const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } = Object;
const { isArray } = Array;
const OBJECT = Object.prototype;
const ARRAY = Array.prototype;

/** The prototype of an object, or undefined for a Proxy, which nothing must touch before it is known to be one. */
export function prototypeOf(object: unknown): object | null | undefined {
  return isProxy(object) ? undefined : getPrototypeOf(object);
}

/** The keys of an object of prototype `Object.prototype`, or undefined if there are symbols among them. */
export function stringKeys(object: object): string[] | undefined {
  return getOwnPropertySymbols(object).length === 0 ? getOwnPropertyNames(object) : undefined;
}

/** The keys of a plain object. Undefined for any other: a Proxy, an instance, one that has symbol keys. */
export function plainKeys(object: unknown): string[] | undefined {
  return prototypeOf(object) === OBJECT ? stringKeys(object as object) : undefined;
}

/** True for an object without any own property. */
export function isBare(object: object): boolean {
  return getOwnPropertyNames(object).length === 0 && getOwnPropertySymbols(object).length === 0;
}

/** The own property, or undefined if it is not plain data: an accessor, or not enumerable. */
export function dataProperty(object: object, key: string): PropertyDescriptor | undefined {
  const property = getOwnPropertyDescriptor(object, key)!;
  return property.enumerable && property.get === undefined && property.set === undefined
    ? property
    : undefined;
}

/** True for an array of prototype `Array.prototype` that has nothing but elements. It may have holes. */
export function isPlainArray(value: unknown): value is unknown[] {
  return (
    !isProxy(value) && isArray(value) && getPrototypeOf(value) === ARRAY && arrayExtras(value) === 'none'
  );
}

/**
 * Gives a new object a property of its own.
 * WHY not assigned where the prototype has one of that name: `__proto__` would set the prototype, and programs define
 * accessors there, or freeze it.
 */
export function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (!(key in OBJECT)) object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
