import { AsyncResource } from 'node:async_hooks';
import type { KeptInside } from '@forkmap/native';
import { decodeResults, encodeResults, encodeThrown, UnsendableError } from '../../codec/index.js';
import type { AtWork } from '../run/run-work.js';
import { isThenable } from '../run/thenable.js';
import type { FailedPayload } from '../send/sender.js';
import type { ChildContext, ChildWork, KeptFunction } from '../work.js';
import { FROM_KEPT, TO_KEPT } from './messages.js';

const textEncoder = new TextEncoder();

interface Parts {
  context: ChildContext;
  work: ChildWork;
  fn: KeptFunction;
  atWork: AtWork;
  link: KeptInside;
}

/** The life of a kept child: in its event loop, it runs the calls that come, until the origin ends it. */
export class KeptService {
  readonly #context: ChildContext;
  readonly #work: ChildWork;
  readonly #fn: KeptFunction;
  readonly #atWork: AtWork;
  readonly #link: KeptInside;
  readonly #inFlight = new Set<number>();
  /** WHY: messages are heard outside of the context in which the function was given; its stores are seen in here. */
  readonly #scope = new AsyncResource('FORKMAPKEPT');
  #isDetached = false;

  constructor({ context, work, fn, atWork, link }: Parts) {
    this.#context = context;
    this.#work = work;
    this.#fn = fn;
    this.#atWork = atWork;
    this.#link = link;
  }

  /** Runs `setup`, and takes calls. */
  begin(): void {
    this.#atWork.sender = { flush: () => undefined, thrown: (_start, error) => this.#unready(error) };
    const ready = () => this.#listen();
    try {
      if (this.#work.warmFailure) throw this.#work.warmFailure.error;
      const setUp = this.#work.setup?.();
      if (isThenable(setUp)) setUp.then(ready, (error: unknown) => this.#unready(error));
      else ready();
    } catch (error) {
      this.#unready(error);
    }
  }

  /** A callback that belongs to no call threw: every call in flight fails by it. */
  failAllInFlight(error: unknown): void {
    for (const id of this.#inFlight) this.#thrown(id, error);
    this.#inFlight.clear();
  }

  #listen(): void {
    this.#atWork.run = this;
    const hear = (kind: number, id: number, payload: ArrayBuffer | null) => this.#hear(kind, id, payload);
    const isHeard = this.#link.listen((kind, id, _count, payload) =>
      this.#scope.runInAsyncScope(hear, undefined, kind, id, payload),
    );
    if (isHeard) this.#link.send(FROM_KEPT.ready, 0, 0);
    else this.#unready(new Error('its event loop could not watch for calls'));
  }

  #unready(error: unknown): void {
    this.#link.send(FROM_KEPT.unready, 0, 1, encodeThrown(error, this.#work.codec));
    this.#context.child.leave(this.#context.protocol.reason.finished, 1);
  }

  #hear(kind: number, id: number, payload: ArrayBuffer | null): void {
    if (kind === TO_KEPT.call) this.#call(id, payload);
    else this.#context.child.leave(this.#context.protocol.reason.finished, 0); // Nobody is there any more.
  }

  #call(id: number, payload: ArrayBuffer | null): void {
    const { slot, protocol } = this.#context;
    slot[protocol.slot.begun] = (slot[protocol.slot.begun] as number) + 1;
    const args = this.#argumentsOf(id, payload);
    if (!args) return;
    let value: unknown;
    let isPending: boolean;
    try {
      value = this.#fn(...args);
      isPending = isThenable(value);
    } catch (error) {
      this.#thrown(id, error);
      return;
    }
    if (isPending) this.#await(id, value as PromiseLike<unknown>);
    else this.#result(id, value);
  }

  #argumentsOf(id: number, payload: ArrayBuffer | null): unknown[] | undefined {
    try {
      if (payload === null) throw new Error('this process has no descriptor left for them');
      return decodeResults(new Uint8Array(payload), 1, this.#work.codec)[0] as unknown[];
    } catch (error) {
      const message = `its arguments arrived, but could not be decoded: ${(error as Error).message}`;
      this.#failed(id, { code: 'ERR_FORKMAP_SERIALIZE_INPUT', message });
      return undefined;
    }
  }

  #await(id: number, promise: PromiseLike<unknown>): void {
    this.#inFlight.add(id);
    this.#attend();
    Promise.resolve(promise).then(
      (value) => {
        if (this.#land(id)) this.#result(id, value);
      },
      (error: unknown) => {
        if (this.#land(id)) this.#thrown(id, error);
      },
    );
  }

  #land(id: number): boolean {
    const wasInFlight = this.#inFlight.delete(id);
    this.#attend();
    return wasInFlight;
  }

  /**
   * WHY not always: while no further call can come, only what the function itself waits for keeps the loop alive, and a
   * promise that can never settle is found out.
   */
  #attend(): void {
    const isFull = this.#inFlight.size >= this.#work.concurrency;
    if (isFull === this.#isDetached) return;
    this.#isDetached = isFull;
    this.#link.keepAlive(!isFull);
  }

  #result(id: number, value: unknown): void {
    if (value === undefined && this.#work.codec.types === undefined) {
      this.#say(FROM_KEPT.result, id, 0);
      return;
    }
    let payload: Uint8Array;
    try {
      payload = encodeResults([value], this.#work.codec);
    } catch (error) {
      const { path, what } = error as Partial<UnsendableError>;
      const message = error instanceof Error ? error.message : String(error);
      const where = error instanceof UnsendableError ? { path: String(path), what: String(what) } : {};
      this.#failed(id, { code: 'ERR_FORKMAP_SERIALIZE', message, ...where });
      return;
    }
    const { maxResultBytes } = this.#work;
    if (payload.byteLength <= maxResultBytes) this.#say(FROM_KEPT.result, id, 1, payload);
    else {
      const message = `the encoded result has ${payload.byteLength} bytes, more than maxResultBytes (${maxResultBytes})`;
      this.#failed(id, { code: 'ERR_FORKMAP_RESULT_TOO_LARGE', message });
    }
  }

  #thrown(id: number, error: unknown): void {
    this.#say(FROM_KEPT.thrown, id, 1, encodeThrown(error, this.#work.codec));
  }

  #failed(id: number, payload: FailedPayload): void {
    this.#say(FROM_KEPT.failed, id, 1, textEncoder.encode(JSON.stringify(payload)));
  }

  /** Of a call that is over. */
  #say(kind: number, id: number, count: number, payload?: Uint8Array): void {
    const { slot, protocol } = this.#context;
    slot[protocol.slot.done] = (slot[protocol.slot.done] as number) + 1;
    const errno = this.#link.send(kind, id, count, payload);
    if (errno === 0) return;
    const message = `the child could not write its result (errno ${errno})`;
    this.#link.send(
      FROM_KEPT.failed,
      id,
      1,
      textEncoder.encode(JSON.stringify({ code: 'ERR_FORKMAP_WRITE', message })),
    );
  }
}
