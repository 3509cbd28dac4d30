import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { HostProcess } from '../work.js';
import { isLoaded } from './agents.js';

const require = createRequire(import.meta.url);
const inherits = Object.prototype.isPrototypeOf;

// SOURCE: Node 20 to 26, lib/domain.js: the stack of domains, and what each is entered and left by.
interface DomainModule {
  _stack: object[];
  active?: object | null;
  Domain: { prototype: { enter(this: object): void; exit(this: object): void } };
}

/**
 * Domains of the origin are not entered in a child: what goes wrong there would be handled by the origin's own listeners, and
 * its item never be told of. Domains that the caller's function makes itself are.
 */
export function endDomainsInChild(host: HostProcess): void {
  // WHY ask: to load the module would begin what it does to all emitters.
  if (host !== process || !isLoaded('domain')) return;
  const domains = require('node:domain') as DomainModule;
  const { prototype } = domains.Domain;
  const { enter, exit } = prototype;
  const own = new WeakSet<object>();
  const emitters = EventEmitter as unknown as { init(this: object, ...args: unknown[]): void };
  const { init } = emitters;
  emitters.init = function (...args) {
    if (inherits.call(prototype, this)) own.add(this);
    init.apply(this, args);
  };
  prototype.enter = function () {
    if (own.has(this)) enter.call(this);
  };
  prototype.exit = function () {
    if (own.has(this)) exit.call(this);
  };
  domains._stack.length = 0;
  domains.active = null;
  (process as { domain?: unknown }).domain = null;
}
