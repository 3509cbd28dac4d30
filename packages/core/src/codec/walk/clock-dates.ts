import { types } from 'node:util';

/**
 * True for a `Date` that a fake clock has made: one of the class that stands in the place of the language's own now, or
 * that says of itself that it is no other.
 * SOURCE: @sinonjs/fake-timers 15, createDate: each has a hidden property `constructor`, the `Date` that was replaced.
 */
export function isClockDate(value: object): value is Date {
  if (!types.isDate(value)) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === Date.prototype || !hasNothingButConstructor(value)) return false;
  return (
    prototype === globalThis.Date?.prototype ||
    Object.getOwnPropertyDescriptor(value, 'constructor')?.value === Date
  );
}

function hasNothingButConstructor(value: object): boolean {
  const keys = Reflect.ownKeys(value);
  return keys.length === 0 || (keys.length === 1 && keys[0] === 'constructor');
}

/** The same time, by the class that makes dates here now. */
export function makeClockDate(time: number): Date {
  const made: unknown = Reflect.construct(globalThis.Date, [time]);
  return types.isDate(made) && Object.is(Date.prototype.getTime.call(made), time) ? made : new Date(time);
}
