import {
  type ChildWork,
  type CodecOptions,
  encodeResults,
  finite,
  invalidState,
  oomKillCounter,
  UnsendableError,
} from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { CallHost } from '../pool/host.js';
import { Dispatcher } from './dispatcher.js';
import { KeptErrors } from './errors.js';
import { Household, type Householder, type Said } from './household.js';
import { type KeptArguments, KeptCall, whenHeard } from './kept-call.js';
import type { KeptStats } from './kept-stats.js';
import type { CheckedKeepOptions, KeptRunOptions } from './options.js';
import type { Resident } from './resident.js';
import type { Source } from './source.js';
import { stayAlive } from './stay-alive.js';

type Fn = NonNullable<ChildWork['kept']>;

interface Parts {
  options: CheckedKeepOptions;
  lanes: number;
  host: CallHost;
  /** Makes what children come from, as things are now. */
  makeSource: (fn: Fn) => Source;
}

/**
 * A kept function in its origin. INVARIANT: it does not refer to the function itself, which may refer to what the caller
 * holds of this: a kept function that nobody holds any more is closed.
 */
export class KeptService {
  readonly #parts: Parts;
  readonly #codec: CodecOptions;
  readonly #errors: KeptErrors;
  readonly #dispatcher: Dispatcher;
  readonly #old = new Set<Promise<void>>();
  #lastId = 0;
  #closing: Promise<void> | undefined;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    const { options, host } = parts;
    const { codec, types } = options;
    this.#parts = parts;
    this.#codec = { codec, ...(types && { types }) };
    this.#errors = new KeptErrors(options, oomKillCounter());
    this.#dispatcher = new Dispatcher({ options, host, codec: this.#codec, errors: this.#errors });
  }

  get queueSize(): number {
    return this.#dispatcher.queue.size;
  }

  /** Freezes the present state, and waits for the first child of it. */
  async open(fn: Fn): Promise<void> {
    this.#dispatcher.household = await this.#found(fn);
  }

  /** As `open`; then the children of before end, each when it has done what it is at. */
  refresh(fn: Fn): Promise<void> {
    const refreshed = this.#refreshing.then(async () => {
      this.#assertOpen();
      const before = this.#dispatcher.household;
      this.#dispatcher.household = await this.#found(fn);
      this.#leave(before);
      this.#dispatcher.pump();
    });
    this.#refreshing = refreshed.catch(() => undefined);
    return refreshed;
  }

  run(args: KeptArguments, { signal, timeout, priority = 0 }: KeptRunOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#assertOpen();
      signal?.throwIfAborted();
      const payload = this.#encode(args);
      const { retries } = this.#parts.options;
      const id = ++this.#lastId;
      const call = new KeptCall({ id, payload, priority, retries, resolve, reject });
      const timeoutMs = finite(timeout);
      if (signal || timeoutMs !== undefined) this.#watch(call, signal, timeoutMs);
      this.#dispatcher.add(call);
    });
  }

  stats(): KeptStats {
    const { queue, running, meter, household } = this.#dispatcher;
    const residents = [...(household?.residents ?? [])];
    return {
      queued: queue.size,
      running,
      ...meter.read(),
      children: residents.filter(({ isGone }) => !isGone).length,
      age: performance.now() - (household?.bornMs ?? 0),
      memory: household?.source.frozenBytes() ?? 0,
    };
  }

  /** Takes no more calls; resolves when those that were made are over, and nothing is left. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#refreshing;
    const dispatcher = this.#dispatcher;
    if (dispatcher.open > 0) {
      await new Promise<void>((resolve) => {
        dispatcher.onIdle = resolve;
      });
    }
    stayAlive.hold();
    this.#leave(dispatcher.household);
    await Promise.all(this.#old);
    stayAlive.release();
    this.#parts.host.close();
  }

  async #found(fn: Fn): Promise<Household> {
    const { options, lanes, makeSource } = this.#parts;
    const source = makeSource(fn);
    const founder = new Founder(this.#dispatcher);
    stayAlive.hold();
    try {
      await source.open();
      const household = new Household({ source, options, lanes, errors: this.#errors, householder: founder });
      household.want(lanes);
      try {
        await founder.first;
      } catch (error) {
        await household.close();
        throw error;
      }
      return household;
    } finally {
      stayAlive.release();
    }
  }

  /** No call is given to its children any more. */
  #leave(household: Household | undefined): void {
    const left = household?.close();
    if (!left) return;
    this.#old.add(left);
    void left.then(() => this.#old.delete(left));
  }

  #assertOpen(): void {
    if (this.#closing) throw invalidState(`${this.#errors.subject} takes no more calls: it is closed`);
  }

  #encode(args: KeptArguments): Uint8Array {
    try {
      return encodeResults([args], this.#codec);
    } catch (error) {
      throw error instanceof UnsendableError ? this.#errors.unsendable(error) : error;
    }
  }

  #watch(call: KeptCall, signal: AbortSignal | undefined, timeoutMs: number | undefined): void {
    const end = (why: (hasBegun: boolean) => unknown) => this.#dispatcher.endEarly(call, why);
    const abort = () => end(() => signal?.reason);
    const late = () => end((hasBegun) => this.#errors.late(timeoutMs ?? 0, hasBegun));
    signal?.addEventListener('abort', abort, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => whenHeard(call, late), timeoutMs);
    call.release = () => {
      signal?.removeEventListener('abort', abort);
      clearTimeout(timer);
    };
  }
}

/** Waits for the first child of a household; then all is for the dispatcher to hear. */
class Founder implements Householder {
  readonly #dispatcher: Dispatcher;
  readonly first: Promise<void>;
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher;
    this.first = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  ready(): void {
    this.#settle?.resolve();
    this.#settle = undefined;
    this.#dispatcher.ready();
  }

  barren(error: unknown): void {
    if (this.#settle) this.#settle.reject(error);
    else this.#dispatcher.barren(error);
  }

  said(resident: Resident, said: Said): void {
    this.#dispatcher.said(resident, said);
  }

  ended(resident: Resident, outcome: Outcome): void {
    this.#dispatcher.ended(resident, outcome);
  }
}
