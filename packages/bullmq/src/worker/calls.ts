import type { Redis } from 'ioredis';
import { getBlob } from '../wire/blobs.js';
import { type ChunkJob, Keys } from '../wire/keys.js';
import { type CallMessage, contextOf, type ItemsMessage, type Refusal } from '../wire/messages.js';
import type { Seal } from '../wire/seal.js';
import { CallRunner } from './call-runner.js';
import type { ChunkReport } from './chunk-report.js';
import type { TaskList } from './tasks.js';

interface Parts {
  redis: Redis;
  prefix: string;
  seal: Seal;
  tasks: TaskList;
}

interface KnownCall {
  keys: Keys;
  runner: Promise<CallRunner | Refusal | undefined>;
}

/** How many calls that are over are remembered, for chunks of them that come late. */
const REMEMBERED = 1000;

/** The calls that a worker has chunks of. */
export class Calls {
  readonly #parts: Parts;
  readonly #known = new Map<string, KnownCall>();
  readonly #over = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get seal(): Seal {
    return this.#parts.seal;
  }

  /** Runs a chunk; drops it where its caller does not want it any more. */
  async run(job: ChunkJob, report: ChunkReport): Promise<void> {
    const { redis, prefix, seal } = this.#parts;
    const keys = new Keys(prefix, job.caller);
    if (this.#over.has(job.call) || (await redis.exists(keys.lease(job.call))) === 0) return;
    const runner = await this.#runnerOf(job, keys);
    if (!runner) return;
    if ('code' in runner) return report.refuse(runner);
    const bytes = await getBlob(redis, keys, job.items);
    if (!bytes) return;
    const items = seal.open(contextOf.items(job.call, job.start, job.end), bytes) as ItemsMessage;
    await runner.run({ start: job.start, end: job.end }, items, report);
  }

  /** A call is over: ends its processes, and kills what runs. */
  async end(call: string, isCalledOff: boolean): Promise<void> {
    this.#over.add(call);
    if (this.#over.size > REMEMBERED) this.#over.delete(this.#over.values().next().value as string);
    const known = this.#known.get(call);
    this.#known.delete(call);
    const runner = await known?.runner.catch(() => undefined);
    if (runner && !('code' in runner)) await runner.end(isCalledOff);
  }

  /** Ends those whose caller has let its lease run out. */
  async endThoseLeft(): Promise<void> {
    for (const [call, { keys }] of [...this.#known]) {
      if ((await this.#parts.redis.exists(keys.lease(call))) === 0) await this.end(call, true);
    }
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#known.keys()].map((call) => this.end(call, true)));
  }

  async #runnerOf(job: ChunkJob, keys: Keys): Promise<CallRunner | Refusal | undefined> {
    let known = this.#known.get(job.call);
    if (!known) {
      known = { keys, runner: this.#load(job, keys) };
      this.#known.set(job.call, known);
    }
    return known.runner;
  }

  async #load(job: ChunkJob, keys: Keys): Promise<CallRunner | Refusal | undefined> {
    const { redis, seal, tasks } = this.#parts;
    const bytes = await getBlob(redis, keys, job.program);
    if (!bytes) return undefined;
    let message: CallMessage;
    try {
      message = seal.open(contextOf.call(job.call), bytes) as CallMessage;
    } catch (error) {
      return { code: 'ERR_FORKMAP_CODE_MISMATCH', message: (error as Error).message };
    }
    const admitted = tasks.admit(message);
    if ('refusal' in admitted) return admitted.refusal;
    return new CallRunner({ ...message, program: admitted.program });
  }
}
