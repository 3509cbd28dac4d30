import { type Channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import type { CallTrace, ChunkTrace, SnapshotTrace } from './contexts.js';

/**
 * The channels of `node:diagnostics_channel` on which calls can be watched, whoever makes them. Each has the events
 * start, end, asyncStart, asyncEnd and error of a `TracingChannel`; `forkMapSync` has no asynchronous ones.
 */
export const channels = {
  call: tracingChannel<unknown, CallTrace>('forkmap:call'),
  snapshot: tracingChannel<unknown, SnapshotTrace>('forkmap:snapshot'),
  chunk: tracingChannel<unknown, ChunkTrace>('forkmap:chunk'),
} as const;

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
const all = [channels.call, channels.snapshot, channels.chunk].flatMap((channel) =>
  EVENTS.map((event) => channel[event] as Channel),
);

/** Whether anybody listens to any of them. WHY not `TracingChannel.hasSubscribers`: Node 20.0 has none. */
export function hasListeners(): boolean {
  for (const channel of all) if (channel.hasSubscribers) return true;
  return false;
}

/** Who is told of calls. Each is told once, when all is known; a call also when it begins. */
export interface TraceListener {
  callBegan?(call: CallTrace): void;
  callEnded?(call: CallTrace): void;
  snapshot?(snapshot: SnapshotTrace): void;
  chunk?(chunk: ChunkTrace): void;
}

/** Listens to all channels. Gives back how to stop. */
export function listen(listener: TraceListener): () => void {
  const subscriptions = [
    on<CallTrace>(channels.call.start, (call) => listener.callBegan?.(call)),
    ...onEnd(channels.call, (call) => call.endedAt !== undefined && listener.callEnded?.(call)),
    ...onEnd(
      channels.snapshot,
      (snapshot) => isOver(snapshot.timings.forkedAt, snapshot) && listener.snapshot?.(snapshot),
    ),
    ...onEnd(channels.chunk, (chunk) => isOver(chunk.timings.settledAt, chunk) && listener.chunk?.(chunk)),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

function isOver(at: number, trace: { error?: unknown }): boolean {
  return at > 0 || trace.error !== undefined;
}

/** Of what is asynchronous, `end` comes first, when nothing has ended yet; of what is not, it is the only one. */
function onEnd<T extends object>(channel: TracingChannel<unknown, T>, tell: (trace: T) => void) {
  return [on<T>(channel.end, tell), on<T>(channel.asyncEnd, tell)];
}

function on<T>(channel: Channel, tell: (trace: T) => void): () => void {
  const subscriber = (trace: unknown) => tell(trace as T);
  channel.subscribe(subscriber);
  return () => void channel.unsubscribe(subscriber);
}
