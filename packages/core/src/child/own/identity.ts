import { markAsChild } from '../../native.js';
import type { AtWork } from '../run/run-work.js';
import type { ChildContext, ChildWork, HostProcess, Surroundings } from '../work.js';
import { endDomainsInChild } from './domains.js';

/** Listeners on `process` that Node itself put there, and needs. */
const NODES_OWN_EVENTS = new Set<string | symbol>(['newListener', 'removeListener', 'warning']);

/** Gives the process a title of its own, and takes the origin's listeners and channel from it. */
export function makeProcessOwn(surroundings: Surroundings, work: ChildWork): void {
  const { host, child } = surroundings;
  Object.defineProperty(host, 'pid', { enumerable: true, configurable: true, writable: true });
  if (host.hasUncaughtExceptionCaptureCallback()) host.setUncaughtExceptionCaptureCallback(null);
  markAsChild(host);
  endDomainsInChild(host);
  child.setTitle(`forkmap ${work.name ?? 'child'} of ${work.originPid}`);
  removeListeners(surroundings);
  if (host.send) cutChannel(host);
}

/** In each child, after `makeProcessOwn`. */
export function takePid({ host, slot, protocol }: ChildContext): void {
  (host as { pid: number }).pid = slot[protocol.slot.pid] as number;
}

/** Of the origin's listeners, only those stay that are Node's own. */
function removeListeners({ host, child }: Surroundings): void {
  const events = host.eventNames().filter((event) => !NODES_OWN_EVENTS.has(event));
  if (events.some((event) => String(event).startsWith('SIG'))) {
    child.silenceSignals(() => {
      for (const event of events) host.removeAllListeners(event as string);
    });
    return;
  }
  // WHY not removeAllListeners(): it tells of each one as it goes, for which it takes as long as all else in here.
  // Nobody but Node is to be told, and Node asks for signals only.
  for (const event of events) forget(host, event);
}

/** SOURCE: Node 20 to 26, lib/events.js: an emitter keeps its listeners by their event, and counts the events. */
function forget(host: HostProcess, event: string | symbol): void {
  const emitter = host as { _events?: Record<string | symbol, unknown>; _eventsCount?: number };
  const { _events: listeners, _eventsCount: count } = emitter;
  if (listeners?.[event] === undefined || count === undefined) {
    host.removeAllListeners(event as string);
    return;
  }
  delete listeners[event];
  emitter._eventsCount = count - 1;
}

/** The descriptor of the origin's IPC channel is out of reach; its functions would only fail late. */
function cutChannel(host: HostProcess): void {
  for (const name of ['send', 'disconnect', 'channel'] as const) {
    Object.defineProperty(host, name, { value: undefined, configurable: true, writable: true });
  }
  Object.defineProperty(host, 'connected', { value: false, configurable: true, writable: true });
}

/**
 * `process.exit(code)` in the caller's function ends the child at once, and reaches the caller as `ERR_FORKMAP_EXITED`.
 * WHY not Node's own: it runs the origin's clean-up, and waits for threads that do not exist here.
 */
export function leaveAtExit({ host, child, protocol }: Surroundings, atWork: AtWork): void {
  const exit = (code?: number | string | null): never => {
    atWork.sender?.flush();
    return child.leave(protocol.reason.exit, Number(code ?? host.exitCode ?? 0) & 0xff);
  };
  const { abort, kill } = host;
  replace(host, 'exit', exit);
  // WHY: what had finished is sent before the function ends its own process.
  replace(host, 'abort', () => {
    atWork.sender?.flush();
    return abort.call(host);
  });
  replace(host, 'kill', (pid: number, signal?: string | number) => {
    if (pid === host.pid && signal !== 0) atWork.sender?.flush();
    return kill.call(host, pid, signal);
  });
  replace(host, 'reallyExit', exit);
}

/** WHY not where it cannot be: without it, what ends the process itself is told of in other words, and nothing is lost. */
function replace(host: HostProcess, name: string, value: unknown): void {
  const property = Object.getOwnPropertyDescriptor(host, name);
  if (property === undefined ? Object.isExtensible(host) : property.writable)
    Object.assign(host, { [name]: value });
  else if (property?.configurable) Object.defineProperty(host, name, { ...property, value });
}
