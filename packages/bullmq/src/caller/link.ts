import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { checkClusterOptions } from '../options.js';
import { type CallEnd, type ChunkJob, endsChannel, Keys, queueName } from '../wire/keys.js';
import { defaultRoot } from '../wire/modules.js';
import { connect, disconnect } from '../wire/redis.js';
import { Registry, type WorkerInfo } from '../wire/registry.js';
import { releaseOf } from '../wire/release.js';
import { Seal } from '../wire/seal.js';
import { Inbox } from './inbox.js';

/** WHY four looks and beats a lease: one that is late is no end. */
const BEATS_PER_LEASE = 4;

/** A call that is open: what has to be kept alive for it, and looked after. */
export interface OpenCall {
  /** Says that its caller is alive, and keeps what it has in Redis. */
  beat(): Promise<void>;
  /** Looks whether its attempts are still at work. */
  look(workers: readonly WorkerInfo[]): Promise<void>;
}

/** What one caller has in common for all its calls: connections, its inbox, and what it knows of the workers. */
export class Link {
  readonly root: string;
  readonly release: string;
  readonly leaseMs: number;
  readonly keys: Keys;
  readonly seal: Seal;
  readonly redis: Redis;
  readonly inbox: Inbox;
  readonly registry: Registry;
  readonly queue: Queue<ChunkJob>;
  readonly caller = randomUUID();
  readonly #reader: Redis;
  readonly #queueRedis: Redis;
  readonly #calls = new Set<OpenCall>();
  #timer: NodeJS.Timeout | undefined;
  #workers: readonly WorkerInfo[] | undefined;
  /** Since when Redis has answered without a pause. */
  #connectedSince = Number.POSITIVE_INFINITY;

  constructor(options: ReturnType<typeof checkClusterOptions>) {
    const { connection, prefix, lease, root, release, secret } = options;
    this.root = root ?? defaultRoot();
    this.release = release ?? releaseOf(this.root);
    this.leaseMs = lease;
    this.seal = new Seal(secret);
    this.keys = new Keys(prefix, this.caller);
    this.redis = connect(connection);
    this.#reader = connect(connection);
    this.#queueRedis = connect(connection);
    this.redis.on('ready', () => {
      this.#connectedSince = performance.now();
    });
    this.redis.on('close', () => {
      this.#connectedSince = Number.POSITIVE_INFINITY;
    });
    this.inbox = new Inbox({ reader: this.#reader, redis: this.redis, keys: this.keys });
    this.registry = new Registry(this.redis, prefix);
    this.queue = new Queue(queueName(prefix, this.release), {
      connection: this.#queueRedis,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    this.queue.on('error', () => undefined);
  }

  /** Workers of this release, as of the last look. Undefined before the first. */
  get workers(): readonly WorkerInfo[] | undefined {
    return this.#workers;
  }

  /** Chunks that the workers run at the same time. */
  get lanes(): number {
    return (this.#workers ?? []).reduce((sum, { lanes }) => sum + lanes, 0);
  }

  /** Whether Redis has been there long enough for everybody alive to have said so. */
  get isSettled(): boolean {
    return performance.now() - this.#connectedSince > this.leaseMs;
  }

  /** All that are alive, of any release. */
  async look(): Promise<WorkerInfo[]> {
    const alive = await this.registry.alive();
    this.#workers = alive.filter(({ release }) => release === this.release);
    return alive;
  }

  /** Keeps a call alive until `leave`. */
  enter(call: OpenCall): void {
    this.#calls.add(call);
    this.#timer ??= setTimeout(() => void this.#tick(), this.leaseMs / BEATS_PER_LEASE);
  }

  leave(call: OpenCall): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Tells the workers that a call is over. */
  async announceEnd(end: CallEnd): Promise<void> {
    await this.redis.publish(endsChannel(this.keys.prefix), JSON.stringify(end));
  }

  async close(): Promise<void> {
    this.inbox.close();
    clearTimeout(this.#timer);
    await this.redis.unlink(this.keys.news).catch(() => undefined);
    await this.queue.close();
    for (const one of [this.redis, this.#reader, this.#queueRedis]) disconnect(one);
  }

  async #tick(): Promise<void> {
    try {
      await Promise.all([...this.#calls].map((call) => call.beat()));
      await this.look();
      await this.redis.pexpire(this.keys.news, 2 * this.leaseMs);
      await Promise.all([...this.#calls].map((call) => call.look(this.#workers ?? [])));
    } catch {
      // WHY nothing: Redis refused. The next beat tries again, and leases say when it is too late.
    }
    this.#timer =
      this.#calls.size > 0 ? setTimeout(() => void this.#tick(), this.leaseMs / BEATS_PER_LEASE) : undefined;
  }
}
