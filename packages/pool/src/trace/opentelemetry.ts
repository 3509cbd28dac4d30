/**
 * Makes OpenTelemetry spans of calls, snapshots and chunks. An entry of its own (`@forkmap/pool/opentelemetry`), because
 * `@opentelemetry/api` is an optional peer.
 *
 * @module @forkmap/pool/opentelemetry
 */
import type { CallTrace, ChunkTrace, SnapshotTrace } from '@forkmap/core';
import { listen } from '@forkmap/core/internal';
import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

interface OpenCall {
  span: Span;
  /** In which its parts are children of it. */
  context: Context;
}

/**
 * From now on every call is a span, a child of the span that is active where it is made; its snapshot and its chunks
 * are children of that. Spans are made with their true times when they are over, and so cost the children nothing.
 *
 * @param tracer whose spans they are. Default: `trace.getTracer('forkmap')`.
 * @returns how to stop.
 */
export function traceToOpenTelemetry(tracer: Tracer = trace.getTracer('forkmap')): () => void {
  const open = new WeakMap<CallTrace, OpenCall>();
  const childOf = (call: CallTrace) => open.get(call)?.context ?? context.active();
  return listen({
    callBegan(call) {
      const attributes = clean({
        'forkmap.verb': call.verb,
        'forkmap.name': call.name,
        'forkmap.items': call.items,
        'forkmap.lanes': call.lanes,
      });
      const parent = context.active();
      const span = tracer.startSpan(
        call.name ?? call.verb,
        { kind: SpanKind.INTERNAL, startTime: toEpoch(call.startedAt), attributes },
        parent,
      );
      open.set(call, { span, context: trace.setSpan(parent, span) });
    },
    callEnded(call) {
      const span = open.get(call)?.span;
      if (!span) return;
      if (call.error !== undefined) fail(span, call.error, call.endedAt);
      span.end(toEpoch(call.endedAt ?? call.startedAt));
    },
    snapshot(snapshot) {
      endedSpan(tracer, childOf(snapshot.call), spanOfSnapshot(snapshot));
    },
    chunk(chunk) {
      endedSpan(tracer, childOf(chunk.call), spanOfChunk(chunk));
    },
  });
}

interface EndedSpan {
  name: string;
  startedAt: number;
  endedAt: number;
  attributes: Attributes;
  error?: unknown;
}

function spanOfSnapshot({ pid, timings, error }: SnapshotTrace): EndedSpan {
  const { askedAt, forkedAt, forkMs } = timings;
  return {
    name: 'forkmap snapshot',
    startedAt: askedAt,
    endedAt: Math.max(askedAt, forkedAt + forkMs),
    attributes: { 'process.pid': pid, 'forkmap.fork_ms': forkMs },
    ...(error !== undefined && { error }),
  };
}

function spanOfChunk({ start, end, pid, lane, bytes, isAborted, timings, error }: ChunkTrace): EndedSpan {
  const { askedAt, settledAt, forkMs, workMs, encodeMs, sendMs, decodeMs } = timings;
  return {
    name: 'forkmap chunk',
    startedAt: askedAt,
    endedAt: Math.max(askedAt, settledAt),
    attributes: {
      'process.pid': pid,
      'forkmap.lane': lane,
      'forkmap.chunk.start': start,
      'forkmap.chunk.end': end,
      'forkmap.chunk.aborted': isAborted,
      'forkmap.bytes': bytes,
      'forkmap.fork_ms': forkMs,
      'forkmap.work_ms': workMs,
      'forkmap.encode_ms': encodeMs,
      'forkmap.send_ms': sendMs,
      'forkmap.decode_ms': decodeMs,
    },
    ...(error !== undefined && { error }),
  };
}

function endedSpan(tracer: Tracer, parent: Context, what: EndedSpan): void {
  const { name, startedAt, endedAt, attributes, error } = what;
  const startTime = toEpoch(startedAt);
  const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime, attributes }, parent);
  if (error !== undefined) fail(span, error, endedAt);
  span.end(toEpoch(endedAt));
}

function fail(span: Span, error: unknown, at: number | undefined): void {
  const exception = error instanceof Error ? error : String(error);
  span.recordException(exception, at === undefined ? undefined : toEpoch(at));
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** OpenTelemetry counts ms since 1970. */
function toEpoch(at: number): number {
  return performance.timeOrigin + at;
}

function clean(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
