import { randomUUID } from 'node:crypto';
import { forkError, PROTOCOL } from '@forkmap/core/internal';
import {
  Describer,
  type Driven,
  describeProgram,
  type Engine,
  encodeItems,
  encodeProgram,
  type Range,
  type RemoteCall,
  slotOf,
} from '@forkmap/pool/internal';
import { keysOf, putBlob } from '../wire/blobs.js';
import type { BlobRef } from '../wire/keys.js';
import { contextOf, type ItemsMessage } from '../wire/messages.js';
import type { WorkerInfo } from '../wire/registry.js';
import { Attempt, type Ending } from './attempt.js';
import { messageOf } from './call-message.js';
import type { Link } from './link.js';
import { abortedOutcome } from './merge.js';
import { Turns } from './turns.js';

/** Attempts at a chunk that nobody began. */
const MAX_UNCLAIMED = 5;
const LOOK_MS = 100;

/** Runs the chunks of one call as BullMQ jobs on the workers of its release. */
export class ClusterEngine implements Engine {
  readonly isForking = false;
  readonly #link: Link;
  readonly #call: RemoteCall;
  readonly #id = randomUUID();
  readonly #describer = new Describer();
  readonly #board: ArrayBuffer;
  readonly #lanes = new Set<number>();
  readonly #attempts = new Set<Attempt>();
  readonly #blobs = new Map<string, BlobRef>();
  readonly #turns: Turns;
  #program: BlobRef = { id: '', parts: 0 };
  #message: Buffer = Buffer.alloc(0);
  #isCancelled = false;

  constructor(link: Link, call: RemoteCall, chunksPerLane: number) {
    this.#link = link;
    this.#call = call;
    this.#board = new ArrayBuffer(call.lanes * PROTOCOL.slot.bytesPerSlot);
    this.#turns = new Turns(() => Math.max(1, link.lanes) * chunksPerLane);
  }

  open(): ArrayBuffer {
    const program = describeProgram(this.#call, this.#describer);
    encodeProgram(program); // Throws for what cannot be sent.
    const { seal, root } = this.#link;
    this.#message = seal.close(contextOf.call(this.#id), messageOf(program, this.#call, root));
    return this.#board;
  }

  /** Resolves when a worker of this release is there. */
  async prepare(): Promise<{ pid: number; ms: number }> {
    const beganMs = performance.now();
    this.#program = await this.#put(this.#id, this.#message);
    await this.beat();
    this.#link.enter(this);
    await this.#awaitWorkers(beganMs);
    return { pid: process.pid, ms: performance.now() - beganMs };
  }

  async drive(range: Range): Promise<Driven> {
    const items = encodeItems(range, this.#call.reads?.(range) ?? [], {
      lists: this.#describer.lists,
      codec: this.#call.work.codec,
    });
    if ('unsendable' in items) return items;
    const release = await this.#turns.take();
    const lane = this.#takeLane();
    try {
      return await this.#driveItems(range, items, lane);
    } finally {
      this.#lanes.delete(lane);
      slotOf(this.#board, lane).fill(0);
      release();
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const attempt of this.#attempts) attempt.cancel();
    void this.#link.announceEnd({ call: this.#id, isCalledOff: true }).catch(() => undefined);
  }

  endChildren(): void {
    // WHY nothing: processes on other machines share no memory with this one.
  }

  async close(): Promise<void> {
    this.#link.leave(this);
    const { keys, redis } = this.#link;
    const blobs = [...this.#blobs.values()].flatMap((ref) => keysOf(keys, ref));
    await redis.unlink(keys.lease(this.#id), ...blobs).catch(() => undefined);
    await this.#link.announceEnd({ call: this.#id, isCalledOff: this.#isCancelled }).catch(() => undefined);
  }

  /** INVARIANT: what a worker needs outlives the lease, so that a call whose caller is alive never loses it. */
  async beat(): Promise<void> {
    const { redis, keys } = this.#link;
    const pipeline = redis.pipeline().set(keys.lease(this.#id), '1', 'PX', this.#link.leaseMs);
    for (const ref of this.#blobs.values())
      for (const key of keysOf(keys, ref)) pipeline.pexpire(key, this.#ttlMs);
    for (const { id } of this.#attempts) pipeline.pexpire(keys.open(id), this.#ttlMs);
    await pipeline.exec();
  }

  /** Ends attempts whose worker or job is gone. */
  async look(workers: readonly WorkerInfo[]): Promise<void> {
    // WHY not at once: after a pause of Redis everybody has to say first that he is there.
    if (!this.#link.isSettled) return;
    for (const attempt of [...this.#attempts]) {
      if (!(await this.#isAtWork(attempt, workers))) await this.#giveUp(attempt);
    }
  }

  async #driveItems(range: Range, items: ItemsMessage, lane: number): Promise<Driven> {
    const { seal } = this.#link;
    const blobId = `${this.#id}-${range.start}-${randomUUID()}`;
    const ref = await this.#put(blobId, seal.close(contextOf.items(this.#id, range.start, range.end), items));
    try {
      for (let tries = 0; tries < MAX_UNCLAIMED && !this.#isCancelled; tries++) {
        const ending = await this.#attempt({ range, items: ref, lane });
        if (ending === 'cancelled') break;
        if (ending === 'unclaimed') continue;
        return 'driven' in ending
          ? ending.driven
          : { undriven: forkError(ending.refusal.code, ending.refusal.message) };
      }
      if (this.#isCancelled) return abortedOutcome(range.start);
      return { undriven: await this.#noWorker() };
    } finally {
      this.#blobs.delete(blobId);
      await this.#link.redis.unlink(...keysOf(this.#link.keys, ref)).catch(() => undefined);
    }
  }

  async #attempt({ range, items, lane }: { range: Range; items: BlobRef; lane: number }): Promise<Ending> {
    const { redis, keys, inbox, queue, seal, caller } = this.#link;
    const slot = slotOf(this.#board, lane);
    const { begun, done, first } = PROTOCOL.slot;
    slot[first] = range.start;
    const attempt = new Attempt({
      ...{ id: randomUUID(), range, seal },
      maxPayloadBytes: Math.min(this.#call.options.maxResultBytes, Number.MAX_SAFE_INTEGER),
      onProgress: (begunEnd, doneEnd) => {
        slot[begun] = begunEnd;
        slot[done] = doneEnd;
      },
    });
    this.#attempts.add(attempt);
    inbox.listen(attempt.id, (news) => attempt.take(news));
    try {
      await redis.set(keys.open(attempt.id), '1', 'PX', this.#ttlMs);
      const data = { caller, call: this.#id, attempt: attempt.id, ...range, program: this.#program, items };
      await queue.add('chunk', data, { jobId: attempt.id });
      return await attempt.ended;
    } finally {
      this.#attempts.delete(attempt);
      inbox.forget(attempt.id);
      void redis.unlink(keys.open(attempt.id)).catch(() => undefined);
      if (this.#isCancelled) void queue.remove(attempt.id).catch(() => undefined);
    }
  }

  async #isAtWork(attempt: Attempt, workers: readonly WorkerInfo[]): Promise<boolean> {
    const { redis, keys, queue } = this.#link;
    if ((await redis.exists(keys.open(attempt.id))) === 0) return false;
    if (attempt.worker !== undefined) return workers.some(({ id }) => id === attempt.worker);
    if (workers.length === 0) return false;
    const state = await queue.getJobState(attempt.id);
    return state !== 'unknown' && state !== 'failed' && state !== 'completed';
  }

  /** INVARIANT: no worker can claim after the first line, and all that was claimed before is known after the second. */
  async #giveUp(attempt: Attempt): Promise<void> {
    await this.#link.redis.unlink(this.#link.keys.open(attempt.id));
    await this.#link.inbox.catchUp();
    await this.#link.queue.remove(attempt.id).catch(() => undefined);
    attempt.lose();
  }

  async #awaitWorkers(beganMs: number): Promise<void> {
    while (!this.#isCancelled) {
      await this.#link.look();
      if (this.#link.lanes > 0) return;
      if (performance.now() - beganMs > this.#link.leaseMs) throw await this.#noWorker();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #noWorker(): Promise<Error> {
    const { release, leaseMs } = this.#link;
    const others = await this.#link.look().catch(() => []);
    const releases = [...new Set(others.map((one) => one.release))].filter((one) => one !== release);
    const there =
      releases.length > 0
        ? `Workers of other releases are there: ${releases.join(', ')}`
        : 'No worker of any release is there';
    return forkError(
      'ERR_FORKMAP_NO_WORKER',
      `no worker of release ${release} took a chunk within ${leaseMs} ms. ${there}. Start one: forkmap worker`,
    );
  }

  async #put(id: string, bytes: Uint8Array): Promise<BlobRef> {
    const { redis, keys } = this.#link;
    const ref = await putBlob(redis, { keys, id, ttlMs: this.#ttlMs }, bytes);
    this.#blobs.set(id, ref);
    return ref;
  }

  get #ttlMs(): number {
    return 2 * this.#link.leaseMs;
  }

  #takeLane(): number {
    for (let lane = 0; ; lane++) {
      if (this.#lanes.has(lane)) continue;
      this.#lanes.add(lane);
      return lane;
    }
  }
}
