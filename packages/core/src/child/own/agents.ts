import type { Agent } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// SOURCE: undici 6 to 8, lib/global.js: where Node's fetch, and undici itself, keep their dispatchers.
const FETCH_DISPATCHER = /^undici\.globalDispatcher\.\d+$/;
// SOURCE: undici, lib/core/symbols.js: what the connections of an Agent, and of a Pool, are kept under.
const POOLS = new Set(['clients', 'origins']);

type Bag = Record<symbol, unknown>;

/** What keeps connections alive in this process. */
export interface Agents {
  dispatchers: unknown[];
  agents: Agent[];
  /** Of all agents, where http is loaded. */
  prototype?: Asked;
}

/** In the origin, because to look takes longer than many chunks do. */
export function findAgents(): Agents {
  const keys = Object.getOwnPropertySymbols(globalThis).filter((key) =>
    FETCH_DISPATCHER.test(key.description ?? ''),
  );
  const dispatchers = keys.map((key) => (globalThis as Bag)[key]);
  if (!isLoaded('_http_agent')) return { dispatchers, agents: [] };
  const { Agent, globalAgent } = require('node:http') as typeof import('node:http');
  const agents = [globalAgent];
  if (isLoaded('https')) agents.push((require('node:https') as typeof import('node:https')).globalAgent);
  return { dispatchers, agents, prototype: Agent.prototype as unknown as Asked };
}

/** Connections that the origin keeps alive are not the child's: it begins with empty pools. */
export function resetAgentsInChild({ dispatchers, agents, prototype }: Agents): void {
  for (const dispatcher of dispatchers) emptyDispatcher(dispatcher, new Set());
  for (const agent of agents) emptyAgent(agent);
  if (prototype) emptyWhenUsed(prototype);
}

/** WHY ask: loading http takes longer than many chunks do. */
export function isLoaded(name: string): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList: string[] };
  return moduleLoadList.includes(`NativeModule ${name}`);
}

/** WHY in place, here and below: options are kept, and others may hold on to the agent itself. */
function emptyDispatcher(dispatcher: unknown, seen: Set<unknown>): void {
  if (!isDispatcher(dispatcher) || seen.has(dispatcher)) return;
  seen.add(dispatcher);
  for (const key of Object.getOwnPropertySymbols(dispatcher)) {
    const value = (dispatcher as Bag)[key];
    if (!POOLS.has(key.description ?? '')) emptyDispatcher(value, seen);
    else if (value instanceof Map || value instanceof Set) value.clear();
    else if (Array.isArray(value)) value.length = 0;
  }
}

function isDispatcher(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'dispatch' in value;
}

function emptyAgent(agent: Agent): void {
  const none = () => Object.create(null) as Record<string, never>;
  Object.assign(agent, { sockets: none(), freeSockets: none(), requests: none(), totalSocketCount: 0 });
}

/** The method of an agent that asks it for a connection. */
interface Asked {
  addRequest(this: Agent, ...parts: unknown[]): unknown;
}

/** Nobody has a list of all agents: one of the user's own is emptied when it is asked for its first connection. */
function emptyWhenUsed(prototype: Asked): void {
  if (Object.isFrozen(prototype)) return; // WHY: agents of the user's own then fail at a dead connection, and say so.
  const emptied = new WeakSet<Agent>();
  const { addRequest } = prototype;
  prototype.addRequest = function (...parts) {
    if (!emptied.has(this)) {
      emptied.add(this);
      emptyAgent(this);
    }
    return addRequest.apply(this, parts);
  };
}
