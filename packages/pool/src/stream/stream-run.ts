import { throwIfAborted } from '@forkmap/core/internal';
import { watchStops } from '../call/stops.js';
import { hearersOf } from '../journal/hearers.js';
import { isThenable } from '../par/plan.js';
import type { CallOptions } from '../pool/call-options.js';
import type { CallHost, Host } from '../pool/host.js';
import { LaneSlots } from '../pool/lane-slots.js';
import { isHalted } from '../settle/halt.js';
import type { Hearers } from '../settle/told.js';
import { Mailbox } from './mailbox.js';
import type { SourceReader } from './source.js';
import { StreamMeter } from './stream-meter.js';
import { Window, windowCall } from './window.js';
import { WindowSize } from './window-size.js';

/** So many windows may be begun while one is consumed. */
const MAX_AHEAD = 2;
/** A source that has given nothing for so long is not waited for, where children are idle. */
const IDLE_MS = 20;

export interface StreamParts<T> {
  source: SourceReader<T>;
  fn: (item: T, index: number) => unknown;
  call: CallOptions;
  host: Host;
  isOrdered: boolean;
  windowItems: number | undefined;
}

interface Batch<T> {
  window: Window<T>;
  values: unknown[];
  isLast: boolean;
}

/**
 * One `parStream`: reads the source into windows, runs them, and posts their results.
 *
 *   source ──▶ filling ──▶ windows ──▶ mailbox ──▶ consumer
 *                          begun and not consumed: MAX_AHEAD + 1, then nothing is read
 */
export class StreamRun<T> {
  readonly #parts: StreamParts<T>;
  readonly #mailbox = new Mailbox<Batch<T>>();
  readonly #slots: LaneSlots;
  readonly #size: WindowSize;
  readonly #meter: StreamMeter;
  readonly #windows: Window<T>[] = [];
  readonly #running = new Set<Promise<void>>();
  #filling: T[] = [];
  #read = 0;
  /** Resolves when the next window may begin. */
  #turn: Promise<void> = Promise.resolve();
  #isStopped = false;
  #hearers: Hearers = {};
  /** Of windows that were consumed. */
  readonly #consumedItems = { done: 0, failedNow: 0 };
  #onHalt: (() => void) | undefined;
  readonly #halted = new Promise<undefined>((resolve) => {
    this.#onHalt = () => resolve(undefined);
  });
  #onRoom: (() => void) | undefined;

  constructor(parts: StreamParts<T>) {
    const { call, windowItems } = parts;
    this.#parts = parts;
    this.#slots = new LaneSlots(call.lanes);
    this.#size = new WindowSize(Math.max(1, call.lanes), windowItems);
    this.#meter = new StreamMeter(call.options.onProgress, {
      windows: this.#windows,
      read: () => this.#read,
    });
  }

  /** The results, as they are to be given on. Leaving ends all children and closes the source. */
  async *results(): AsyncGenerator<unknown, void, undefined> {
    const { call, fn } = this.#parts;
    throwIfAborted(call.options.signal);
    const opening = hearersOf(call.options, fn);
    this.#hearers = opening instanceof Promise ? await opening : opening;
    const release = this.#listen();
    void this.#readAll();
    try {
      for await (const { window, values, isLast } of this.#mailbox) {
        yield* values;
        if (isLast) this.#consumed(window);
      }
      this.#meter.finish();
    } finally {
      release();
      this.#stop();
      await Promise.allSettled(this.#running);
      this.#hearers.journal?.close();
      await this.#parts.source.close();
    }
  }

  /** Abort, deadline, and a source that pauses. */
  #listen(): () => void {
    const release = watchStops({
      options: this.#parts.call.options,
      verb: 'parStream',
      onAbort: (reason) => this.#fail(reason),
      onTimeout: (error) => this.#fail(error),
    });
    let seen = 0;
    const ticker = setInterval(() => {
      const isPausing = this.#read === seen && this.#filling.length > 0 && this.#running.size === 0;
      seen = this.#read;
      if (isPausing) this.#beginWindow();
    }, IDLE_MS).unref();
    return () => {
      release();
      clearInterval(ticker);
    };
  }

  async #readAll(): Promise<void> {
    const end = await this.#readWindows().catch((error: unknown) => ({ error }));
    if (this.#isStopped) return;
    if (this.#filling.length > 0) this.#beginWindow();
    // WHY first: what was read before a source failed is as good as any.
    await Promise.allSettled(this.#running);
    if (end) this.#fail(end.error);
    else this.#mailbox.close();
  }

  async #readWindows(): Promise<undefined> {
    const { source } = this.#parts;
    while (!this.#isStopped && this.#onHalt) {
      if (this.#windows.length > MAX_AHEAD) await this.#room();
      const coming = source.next();
      const next = isThenable(coming) ? await Promise.race([coming, this.#halted]) : coming;
      if (!next || this.#isStopped) return;
      this.#filling.push(next.item);
      this.#read += 1;
      if (this.#filling.length < this.#size.items) continue;
      this.#beginWindow();
      // WHY a turn of the event loop: in it the window is forked, and runs while the source is read on.
      await new Promise(setImmediate);
    }
  }

  async #room(): Promise<void> {
    while (this.#windows.length > MAX_AHEAD && !this.#isStopped) {
      await new Promise<void>((wake) => {
        this.#onRoom = wake;
      });
    }
  }

  #consumed(window: Window<T>): void {
    this.#meter.took(window);
    this.#consumedItems.done += window.done;
    this.#consumedItems.failedNow += window.failedNow;
    this.#windows.splice(this.#windows.indexOf(window), 1);
    this.#onRoom?.();
  }

  #beginWindow(): void {
    const { call, host, fn, isOrdered } = this.#parts;
    const items = this.#filling;
    this.#filling = [];
    const previous = this.#turn;
    let onDrained: () => void = () => undefined;
    this.#turn = new Promise((drained) => {
      onDrained = drained;
    });
    const window = new Window<T>({
      items,
      offset: this.#read - items.length,
      fn,
      call: windowCall(call),
      hearers: this.#hearers,
      isHalted: call.options.halt === undefined ? undefined : () => this.#isHalted(),
      isOrdered,
      open: () => this.#share(host.open(call.ownsLanes)),
      onSettled: () => this.#deliver(window),
      onDrained,
    });
    this.#windows.push(window);
    if (!this.#onHalt) window.halt();
    const running = previous.then(() => this.#run(window)).finally(onDrained);
    this.#running.add(running);
    running.finally(() => this.#running.delete(running));
  }

  async #run(window: Window<T>): Promise<void> {
    if (this.#isStopped) return;
    const beganMs = performance.now();
    try {
      await window.run();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#isHalted()) this.#halt();
    if (window.length >= this.#size.items) this.#size.saw(performance.now() - beganMs);
  }

  #isHalted(): boolean {
    const { halt } = this.#parts.call.options;
    const sum = (key: 'done' | 'failedNow') =>
      this.#windows.reduce((total, window) => total + window[key], this.#consumedItems[key]);
    return halt !== undefined && isHalted(halt, sum('failedNow'), { settled: sum('done') });
  }

  /** Nothing further is read or begun. */
  #halt(): void {
    for (const window of this.#windows) window.halt();
    this.#onHalt?.();
    this.#onHalt = undefined;
  }

  /** Two windows at once, the end of one and the beginning of the next, share the lanes of one call. */
  #share(call: CallHost): CallHost {
    const turn = this.#slots.join(false);
    return {
      ...call,
      async acquire() {
        const release = await turn.acquire();
        const releaseLane = await call.acquire();
        return () => {
          releaseLane();
          release();
        };
      },
      leave() {
        turn.leave();
        call.leave();
      },
      close() {
        turn.leave();
        call.close();
      },
    };
  }

  #deliver(window: Window<T>): void {
    this.#meter.tick();
    if (this.#isStopped) return;
    if (!this.#parts.isOrdered) this.#post(window);
    else
      for (const next of this.#windows) {
        this.#post(next);
        if (!next.isTaken) return;
      }
  }

  #post(window: Window<T>): void {
    const values = window.take();
    if (values.length > 0) this.#mailbox.post({ window, values, isLast: window.isTaken });
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#mailbox.fail(error);
    this.#stop();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#onRoom?.();
    for (const window of this.#windows) window.stop();
  }
}
