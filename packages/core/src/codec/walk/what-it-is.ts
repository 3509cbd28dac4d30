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
  if (isOfAnotherRealm(owner))
    return `it is an instance of ${owner.name} of another realm, such as a vm context (jest runs tests in one): copy it`;
  if (isNamedLikeBuiltIn(owner))
    return `it is an instance of a class named ${owner.name}, other than the language's own, which no entry of \`types\` covers`;
  return `it is an instance of ${owner.name}, which no entry of \`types\` covers`;
}

/** Two lines for who reads the message: how instances of this class can be sent. Empty for what is none. Runs no code. */
export function typesExample(value: object): string {
  const owner = constructorOf(value);
  if (
    owner === undefined ||
    isNative(owner.constructor) ||
    !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(owner.name)
  )
    return '';
  const { name } = owner;
  const isPrintable = hasMethod(value, 'toJSON');
  const plain = isPrintable ? 'value.toJSON()' : '{ ...value }';
  const isMadeFrom =
    typeof Object.getOwnPropertyDescriptor(owner.constructor as object, 'from')?.value === 'function';
  const copied = `Object.assign(Object.create(${name}.prototype), plain)`;
  const made = isMadeFrom ? `${name}.from(plain)` : isPrintable ? `new ${name}(plain)` : copied;
  return `. Return plain data, or say how it travels, such as\n  types: { ${name}: [(value) => value instanceof ${name} && ${plain},\n    (plain) => ${made}] }`;
}

function hasMethod(value: object, name: string): boolean {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, name);
    if (property) return typeof property.value === 'function';
  }
  return false;
}

function isNative(made: unknown): boolean {
  return typeof made === 'function' && /\{\s*\[native code\]\s*\}$/.test(sourceOf.call(made));
}

const sourceOf = Function.prototype.toString;

/** Made by another realm's own constructor of that name. */
function isOfAnotherRealm(owner: Owner): boolean {
  return isNamedLikeBuiltIn(owner) && isNative(owner.constructor);
}

function isNamedLikeBuiltIn(owner: Owner): boolean {
  const here = (globalThis as unknown as Record<string, unknown>)[owner.name];
  return typeof here === 'function' && here !== owner.constructor && isNative(here);
}

/** A value as a text; never throws. */
export function describe(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'it cannot even be printed';
  }
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
