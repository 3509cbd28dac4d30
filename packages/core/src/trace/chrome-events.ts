import type { TraceListener } from './channels.js';
import { type CallTrace, type ChunkTrace, partsOf, type SnapshotTrace } from './contexts.js';

/**
 * One line of a trace.
 * SOURCE: "Trace Event Format", Google: X is a span, i a mark, M says what a row is called. Times are in µs.
 */
export interface ChromeEvent {
  name: string;
  ph: 'X' | 'i' | 'M';
  pid: number;
  tid: number;
  ts?: number;
  dur?: number;
  /** A mark belongs to its row. */
  s?: 't';
  cat?: 'forkmap';
  args?: Record<string, unknown>;
}

const US_PER_MS = 1000;
const CALLERS_ROW = 0;

/** Makes events of a trace from what happens. */
export class ChromeEvents implements TraceListener {
  readonly #emit: (event: ChromeEvent) => void;
  /** Calls that run side by side each have rows of their own: those of the first place that is free. */
  readonly #places: (CallTrace | undefined)[] = [];
  readonly #named = new Set<string>();

  constructor(emit: (event: ChromeEvent) => void) {
    this.#emit = emit;
  }

  callBegan(call: CallTrace): void {
    const free = this.#places.indexOf(undefined);
    this.#places[free < 0 ? this.#places.length : free] = call;
  }

  callEnded(call: CallTrace): void {
    const { verb, name, items, lanes, startedAt, endedAt = startedAt, error } = call;
    const place = this.#placeOf(call);
    const row = this.#row(place, CALLERS_ROW);
    const args = { items, lanes, ...(error !== undefined && { error: String(error) }) };
    this.#span(row, name === undefined ? verb : `${verb} ${name}`, startedAt, endedAt - startedAt, args);
    if (error !== undefined) this.#mark(row, `failed: ${String(error)}`, endedAt);
    if (this.#places[place] === call) this.#places[place] = undefined;
  }

  snapshot({ call, pid, timings, error }: SnapshotTrace): void {
    const row = this.#row(this.#placeOf(call), CALLERS_ROW);
    if (error !== undefined) this.#mark(row, 'the snapshot was not forked', timings.askedAt);
    else this.#span(row, 'snapshot', timings.forkedAt, timings.forkMs, { pid });
  }

  chunk(chunk: ChunkTrace): void {
    const { call, start, end, pid, lane, timings, error } = chunk;
    const place = this.#placeOf(call);
    const row = this.#row(place, lane + 1);
    const range = `[${start}, ${end})`;
    if (pid === 0) {
      this.#mark(row, `not forked for ${range}: ${codeOf(error)}`, timings.settledAt || timings.askedAt);
      return;
    }
    this.#chunkSpans(row, `chunk ${range}`, chunk);
    if (error !== undefined) {
      this.#mark(row, `died: ${codeOf(error)}`, timings.endedAt, { message: messageOf(error), pid });
    }
    const { settledAt, decodeMs } = timings;
    if (chunk.bytes > 0) {
      const args = { bytes: chunk.bytes, lane };
      this.#span(this.#row(place, CALLERS_ROW), `decode ${range}`, settledAt - decodeMs, decodeMs, args);
    }
  }

  #chunkSpans(row: Row, name: string, { pid, start, end, bytes, isAborted, timings }: ChunkTrace): void {
    const { askedAt, forkedAt, beganAt, endedAt } = timings;
    const { forkMs, workMs, encodeMs, sendMs } = partsOf(timings);
    const args = {
      pid,
      items: end - start,
      bytes,
      waitedMs: forkedAt - askedAt,
      ...(isAborted && { isAborted }),
    };
    this.#span(row, name, forkedAt, endedAt - forkedAt, args);
    if (timings.forkMs > 0) this.#span(row, 'fork', forkedAt, forkMs, { forkMs: timings.forkMs });
    if (beganAt === 0) return;
    // WHY at the end: they are sums of what happens between items, mostly after the last of them.
    const [encodedAt, sentAt] = [beganAt + workMs, beganAt + workMs + encodeMs];
    this.#span(row, 'work', beganAt, workMs + encodeMs + sendMs, { workMs });
    if (encodeMs > 0) this.#span(row, 'encode', encodedAt, encodeMs);
    if (sendMs > 0) this.#span(row, 'send', sentAt, sendMs);
  }

  #span(row: Row, name: string, at: number, ms: number, args?: Record<string, unknown>): void {
    const ts = micros(at);
    const dur = Math.max(0, micros(at + ms) - ts);
    this.#emit({ name, ph: 'X', ...row, ts, dur, cat: 'forkmap', ...(args && { args }) });
  }

  #mark(row: Row, name: string, at: number, args?: Record<string, unknown>): void {
    this.#emit({ name, ph: 'i', ...row, ts: micros(at), s: 't', cat: 'forkmap', ...(args && { args }) });
  }

  /** A call whose begin was not seen is drawn in the first place. */
  #placeOf(call: CallTrace): number {
    return Math.max(0, this.#places.indexOf(call));
  }

  /** SOURCE: the format groups rows by `pid`. Here a group is a place for a call, the first under our own pid. */
  #row(place: number, tid: number): Row {
    const row = { pid: place === 0 ? process.pid : process.pid * 1000 + place, tid };
    const key = `${row.pid} ${tid}`;
    if (this.#named.has(key)) return row;
    this.#named.add(key);
    if (tid === CALLERS_ROW) {
      const which = place === 0 ? '' : `, call ${place + 1} at the same time`;
      this.#emit({ name: 'process_name', ph: 'M', ...row, args: { name: `${process.title}${which}` } });
    }
    const name = tid === CALLERS_ROW ? 'caller' : `lane ${tid - 1}`;
    this.#emit({ name: 'thread_name', ph: 'M', ...row, args: { name } });
    this.#emit({ name: 'thread_sort_index', ph: 'M', ...row, args: { sort_index: tid } });
    return row;
  }
}

/** Whole ones, so that what begins where another ends does so to the last digit. */
function micros(ms: number): number {
  return Math.round(ms * US_PER_MS);
}

interface Row {
  pid: number;
  tid: number;
}

function codeOf(error: unknown): string {
  const { code, signal } = (error ?? {}) as { code?: string; signal?: string };
  return [code ?? String(error), signal].filter(Boolean).join(' ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
