import { checkFn, isBoolean, isInteger } from '@forkmap/core/internal';
import type { ParMapOptions } from '../options.js';
import { callOptions } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { checkSource, SourceReader, type StreamSource } from './source.js';
import { StreamRun } from './stream-run.js';

/** Options of `parStream`. */
export interface ParStreamOptions extends ParMapOptions {
  /** Results in the order of the items (the default), or as they come. */
  ordered?: boolean;
  /**
   * Items that share a snapshot; at most two windows are read ahead of the one that is consumed. Default: `lanes` times
   * `chunk`; where no `chunk` is given, more and more while windows are over quickly.
   */
  window?: number;
}

/**
 * `parMap` over a source that may have no end: a file's lines, a database cursor, a generator. Items are read into
 * windows, each with a snapshot of its own, so that they are not serialized. Memory is bounded: while the consumer does
 * not take results, nothing further is read. A source that pauses is not waited for.
 *
 * @param source any iterable or async iterable: Node's and Web's readable streams are. It is closed when the results
 *   are left early.
 * @param fn any closure, asynchronous or not; called with the item and its index in the stream.
 * @param options as of `parMap`; `timeout` is for the whole stream, `total` in `onProgress` what was read so far.
 * @returns the results, once: for `for await`, `Readable.from` or `ReadableStream.from`. Nothing runs before the first
 *   one is asked for. With `settle: true`, `PromiseSettledResult`s.
 * @throws at once `TypeError` or `RangeError` for wrong arguments. When the results are taken: as `parMap` rejects, once
 *   those that had come are taken; what the source threw, after the results of all items before.
 */
export function parStream<T, R>(
  source: StreamSource<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options: ParStreamOptions & { settle: true },
): AsyncGenerator<PromiseSettledResult<Awaited<R>>, void, undefined>;
export function parStream<T, R>(
  source: StreamSource<T>,
  fn: (item: T, index: number) => R | PromiseLike<R>,
  options?: ParStreamOptions,
): AsyncGenerator<R, void, undefined>;
export function parStream(
  source: StreamSource<unknown>,
  fn: (item: unknown, index: number) => unknown,
  options?: ParStreamOptions,
): AsyncGenerator<unknown, void, undefined> {
  return parStreamOn(defaultHost, source, fn, options);
}

/** As `parStream`, on a pool's lanes. */
export function parStreamOn<T>(
  host: Host,
  source: StreamSource<T>,
  fn: (item: T, index: number) => unknown,
  options: ParStreamOptions = {},
): AsyncGenerator<unknown, void, undefined> {
  checkSource(source);
  checkFn(fn);
  const { ordered = true, window, ...others } = options;
  isBoolean('options.ordered', ordered);
  if (window !== undefined) isInteger(1)('options.window', window);
  const call = callOptions(host, others);
  const { chunk } = call.options;
  const windowItems = typeof chunk === 'number' ? Math.max(1, call.lanes) * chunk : undefined;
  const reader = new SourceReader(source);
  return new StreamRun({
    source: reader,
    fn,
    call,
    host,
    isOrdered: ordered,
    windowItems: window ?? windowItems,
  }).results();
}
