import { types } from 'node:util';

/** Names a value that cannot be sent, as messages do. Runs none of its code. */
export function whatItIs(value: unknown): string {
  if (typeof value === 'function')
    return value.name === '' ? 'it is a function' : `it is the function ${value.name}`;
  if (typeof value === 'symbol') return `it is ${String(value)}`;
  if (types.isProxy(value)) return 'it is a Proxy';
  if (types.isPromise(value)) return 'it is a promise';
  const owner = constructorOf(value as object);
  if (owner === undefined) return 'it is an instance of an unknown class';
  if (owner.constructor === Object) return 'it has a prototype of its own';
  if (owner.name === 'Object') return 'it is an object of another realm, such as a vm context';
  return `it is an instance of ${owner.name}, which no entry of \`types\` covers`;
}

interface Owner {
  constructor: unknown;
  name: string;
}

/** The nearest constructor that has a name. */
function constructorOf(value: object): Owner | undefined {
  for (let at: object | null = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const owner: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof owner !== 'function') continue;
    const name: unknown = Object.getOwnPropertyDescriptor(owner, 'name')?.value;
    if (typeof name === 'string' && name !== '') return { constructor: owner, name };
  }
  return undefined;
}
