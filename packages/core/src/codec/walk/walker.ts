import { types } from 'node:util';
import type { CustomTypes } from '../../options.js';
import { UnsendableError } from '../errors.js';
import { judgeBuiltIn } from './built-ins.js';
import { errorClass, errorKeys, isEnumerable, isErrorLike } from './error-values.js';
import { arrayExtras, extraKeys } from './own-keys.js';
import { ELEMENT, formatPath, KEY, MAP_KEY, MAP_VALUE, SET_MEMBER, type Step } from './path.js';
import type { Reduced, WalkResult } from './walk.js';
import { describe, typesExample, whatItIs } from './what-it-is.js';

/**
 * Levels of nesting that are sent; those for which devalue needs a form count twice. WHY: the codecs recurse, and what
 * a child can encode its caller must be able to decode. On an empty stack devalue comes to 1,700 levels, to 850 forms.
 */
const MAX_DEPTH = 1000;
/** As many as what is said of a chain of causes that is cut takes, and the last error's own properties. */
const LAST_LEVELS = 4;

/** Visits values, and throws at what cannot be sent. All rules about that are in here and in `judgeBuiltIn`. */
export class Walker implements WalkResult {
  readonly reduced = new Map<unknown, Reduced>();
  readonly arraysWithKeys = new Set<unknown>();
  readonly dropped = new Map<object, Set<string>>();
  readonly parts = new Map<object, Map<string, unknown>>();
  readonly standIns = new Map<unknown, Error>();

  readonly #reducers: [name: string, reduce: (value: unknown) => unknown][];
  readonly #seen = new Set<unknown>();
  /** Values whose reduced form is being visited. */
  readonly #reducing = new Set<unknown>();
  /** Objects that are being visited, with how many were being reduced around each. Empty without reducers. */
  readonly #open = new Map<unknown, number>();
  /** The steps from the result to the value being visited, flat: kind, key, kind, key. */
  readonly #path: unknown[] = [];
  #depth = 0;
  #index = 0;

  constructor(customTypes: CustomTypes | undefined) {
    this.#reducers = Object.entries(customTypes ?? {}).map(([name, [reduce]]) => [name, reduce]);
  }

  visitResult(value: unknown, index: number): void {
    this.#index = index;
    this.#visit(value);
  }

  /** Visits, and on failure leaves no trace of having done so. */
  protected tryVisit(value: unknown): UnsendableError | undefined {
    const before = {
      seen: this.#seen.size,
      open: this.#open.size,
      path: this.#path.length,
      depth: this.#depth,
    };
    try {
      this.#visit(value);
      return undefined;
    } catch (error) {
      if (!(error instanceof UnsendableError)) throw error;
      this.#path.length = before.path;
      this.#depth = before.depth;
      // What was seen on the failed way must be looked at again where it turns up elsewhere.
      deleteNewest(this.#seen, before.seen);
      deleteNewest(this.#open, before.open);
      return error;
    }
  }

  /** No more than a few levels may follow. */
  protected get isNearTheEnd(): boolean {
    return this.#depth > MAX_DEPTH - LAST_LEVELS;
  }

  #fail(what: string, of: { cause?: unknown; advice?: string } = {}): never {
    throw new UnsendableError({ index: this.#index, path: formatPath(this.#path) }, what, of);
  }

  #visitAt(kind: Step[0], key: unknown, value: unknown): void {
    this.#path.push(kind, key);
    this.#visit(value);
    this.#path.length -= 2;
  }

  #visit(value: unknown): void {
    const type = typeof value;
    if (type === 'object' ? value !== null : type === 'function') {
      if (this.#seen.has(value)) {
        this.#failIfItCannotBeRevived(value);
        return;
      }
      this.#seen.add(value);
    }
    if (++this.#depth > MAX_DEPTH) this.#fail(`it lies more than ${MAX_DEPTH} levels deep`);
    if (this.#reducers.length > 0) {
      this.#open.set(value, this.#reducing.size);
      if (!this.#visitReduced(value)) this.#visitAsItIs(value, type);
      this.#open.delete(value);
    } else {
      this.#visitAsItIs(value, type);
    }
    this.#depth--;
  }

  /** WHY: a reviver would be given what it is part of before that is complete. */
  #failIfItCannotBeRevived(value: unknown): void {
    const reducedAround = this.#open.get(value);
    if (reducedAround === undefined || reducedAround === this.#reducing.size) return;
    this.#fail('it is part of a cycle through an instance that `types` covers');
  }

  #visitAsItIs(value: unknown, type: string): void {
    if (type === 'object') {
      if (value !== null) this.#visitObject(value as object);
    } else if ((type === 'function' || type === 'symbol') && !this.standIns.has(value)) {
      this.#fail(whatItIs(value));
    }
  }

  /** Asks the reducers about a value, as devalue does: not about `undefined`, NaN, the infinities and -0. */
  #visitReduced(value: unknown): boolean {
    if (value === undefined) return false;
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return false;
    if (this.#reducing.has(value)) this.#failIfItCannotBeRevived(value);
    if (this.reduced.has(value)) return true;
    for (const [name, reduce] of this.#reducers) {
      const plain = this.#reduce(name, reduce, value);
      if (!plain) continue;
      this.reduced.set(value, { name, plain });
      this.#reducing.add(value);
      try {
        this.#visit(plain);
      } finally {
        this.#reducing.delete(value);
      }
      return true;
    }
    return false;
  }

  #reduce(name: string, reduce: (value: unknown) => unknown, value: unknown): unknown {
    try {
      return reduce(value);
    } catch (error) {
      return this.#fail(`the reducer of type '${name}' failed on it (${describe(error)})`, { cause: error });
    }
  }

  #visitObject(value: object): void {
    if (this.standIns.has(value)) return;
    if (types.isProxy(value)) this.#fail(whatItIs(value));
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) this.#visitPlain(value);
    else if (prototype === Array.prototype && Array.isArray(value)) this.#visitArray(value);
    else if (prototype === Map.prototype && types.isMap(value)) this.#visitMap(value);
    else if (prototype === Set.prototype && types.isSet(value)) this.#visitSet(value);
    else if (isErrorLike(value)) this.#visitErrorWithin(value);
    else if (prototype === null) this.#visitWithoutPrototype(value);
    else this.#visitBuiltIn(value, prototype);
  }

  #visitWithoutPrototype(value: object): void {
    if (types.isExternal(value) || types.isModuleNamespaceObject(value)) this.#fail(whatItIs(value));
    this.#visitPlain(value);
  }

  #visitBuiltIn(value: object, prototype: object): void {
    const verdict = judgeBuiltIn(value, prototype);
    if (verdict !== undefined) this.#fail(verdict, { advice: typesExample(value) });
  }

  #visitPlain(value: object): void {
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol !== undefined) this.#fail(`it has the symbol key ${String(symbol)}`);
    const needsForm = Object.hasOwn(value, '__proto__');
    if (needsForm) this.#depth++;
    for (const key of Object.getOwnPropertyNames(value)) this.#visitProperty(value, key, true);
    if (needsForm) this.#depth--;
  }

  #visitProperty(value: object, key: string, mustBeEnumerable: boolean): void {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property === undefined || (mustBeEnumerable && !property.enumerable)) {
      this.#fail(`its property '${key}' is not enumerable`);
    }
    if (!Object.hasOwn(property, 'value'))
      this.#fail(`its property '${key}' is an accessor: return the value that it gives instead`);
    this.#visitAt(KEY, key, property.value);
  }

  #visitArray(array: unknown[]): void {
    const extras = arrayExtras(array);
    if (extras === 'hidden')
      this.#fail('it is an array with named properties that are hidden, or symbol keys');
    if (extras === 'none') {
      this.#visitElements(array);
      return;
    }
    this.arraysWithKeys.add(array);
    this.#depth++;
    this.#visitElements(array);
    for (const key of extraKeys(array)) this.#visitProperty(array, key, true);
    this.#depth--;
  }

  #visitElements(array: unknown[]): void {
    for (let i = 0; i < array.length; i++) {
      const element = array[i];
      // WHY: a sparse array may be billions long, so from its first hole on it is walked by its keys.
      if (element === undefined && !Object.hasOwn(array, i)) {
        for (const key of Object.keys(array)) this.#visitProperty(array, key, true);
        return;
      }
      this.#visitAt(ELEMENT, i, element);
    }
  }

  #visitMap(map: Map<unknown, unknown>): void {
    this.#failIfItHasOwnProperties(map);
    let position = 0;
    for (const [key, value] of map) {
      this.#visitAt(MAP_KEY, position++, key);
      this.#visitAt(MAP_VALUE, key, value);
    }
  }

  #visitSet(set: Set<unknown>): void {
    this.#failIfItHasOwnProperties(set);
    let position = 0;
    for (const member of set) this.#visitAt(SET_MEMBER, position++, member);
  }

  #failIfItHasOwnProperties(value: object): void {
    const [key] = Reflect.ownKeys(value);
    if (key !== undefined) this.#fail(`it has a property of its own, '${String(key)}', beside its entries`);
  }

  #visitErrorWithin(error: Error): void {
    this.#depth++;
    this.visitError(error);
    this.#depth--;
  }

  protected visitError(error: Error): void {
    if (errorClass(error) === undefined) this.#fail(whatItIs(error), { advice: typesExample(error) });
    const symbol = Object.getOwnPropertySymbols(error).find((one) => isEnumerable(error, one));
    if (symbol !== undefined) this.#fail(`it has the symbol key ${String(symbol)}`);
    for (const key of errorKeys(error)) {
      // The stack is an accessor in some versions of V8, and a data property in others.
      if (key === 'stack') this.#visitAt(KEY, key, error.stack);
      else this.#visitProperty(error, key, false);
    }
  }
}

/** Sets and Maps keep the order in which they were filled. */
function deleteNewest(collection: Set<unknown> | Map<unknown, unknown>, sizeToKeep: number): void {
  let position = 0;
  for (const key of collection.keys()) if (position++ >= sizeToKeep) collection.delete(key);
}
