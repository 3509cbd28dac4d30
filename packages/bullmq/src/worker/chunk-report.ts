import type { Outcome, Range } from '@forkmap/pool/internal';
import type { Redis } from 'ioredis';
import { withAges } from '../wire/clock.js';
import { type ChunkJob, Keys } from '../wire/keys.js';
import { type Claim, contextOf, type Refusal, type Step } from '../wire/messages.js';
import { claimIfOpen, tell } from '../wire/redis.js';
import type { Seal } from '../wire/seal.js';
import type { StepSink } from './call-runner.js';

interface Parts {
  redis: Redis;
  job: ChunkJob;
  prefix: string;
  seal: Seal;
  /** Of this worker. */
  worker: string;
  name: string;
  /** How long what it reports stays unread. */
  ttlMs: number;
}

/** Reports to the caller what becomes of a chunk. */
export class ChunkReport implements StepSink {
  readonly #parts: Parts;
  readonly #keys: Keys;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#keys = new Keys(parts.prefix, parts.job.caller);
  }

  claim(end: number): Promise<boolean> {
    const { redis, job, worker, name, ttlMs } = this.#parts;
    const data = this.#sealed('claim', { worker, name, end } satisfies Claim);
    return claimIfOpen(redis, { keys: this.#keys, attempt: job.attempt, data, ttlMs });
  }

  step({ start, end }: Range, outcome: Outcome, isLast: boolean): Promise<void> {
    return this.#add('step', { start, end, outcome: withAges(outcome), isLast } satisfies Step);
  }

  refuse(refusal: Refusal): Promise<void> {
    return this.#add('refusal', refusal);
  }

  async #add(kind: string, value: unknown): Promise<void> {
    const { redis, job, ttlMs } = this.#parts;
    const data = this.#sealed(kind, value);
    await tell(redis, kind, { keys: this.#keys, attempt: job.attempt, data, ttlMs });
  }

  #sealed(kind: string, value: unknown): Buffer {
    return this.#parts.seal.close(contextOf.news(kind, this.#parts.job.attempt), value);
  }
}
