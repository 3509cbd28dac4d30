import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Socket } from '../unsendable.test.helper.js';
import { whatItIs } from './what-it-is.js';

test.each<[unknown, string]>([
  [() => {}, 'it is a function'],
  [function named() {}, 'it is the function named'],
  [Symbol('s'), 'it is Symbol(s)'],
  [new Proxy(new Socket(), {}), 'it is a Proxy'],
  [Promise.resolve(), 'it is a promise'],
  [new Socket(), 'it is an instance of Socket, which no entry of `types` covers'],
  [new (class extends Socket {})(), 'it is an instance of Socket, which no entry of `types` covers'],
  [new WeakMap(), 'it is an instance of WeakMap, which no entry of `types` covers'],
  [Object.create({ a: 1 }), 'it has a prototype of its own'],
  [Object.create(Object.create(null)), 'it is an instance of an unknown class'],
  [runInNewContext('({})'), 'it is an object of another realm, such as a vm context'],
])('%o is named', (value, name) => {
  expect(whatItIs(value)).toBe(name);
});
