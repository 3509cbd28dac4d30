import type { Redis } from 'ioredis';

/** A worker, as it says itself. */
export interface WorkerInfo {
  id: string;
  /** Of its options, or the machine's name and its process id. */
  name: string;
  host: string;
  pid: number;
  release: string;
  /** Chunks that it runs at the same time. */
  lanes: number;
  /** Chunks that it runs now. */
  busy: number;
}

// WHY Redis' own clock: those of the machines differ.
const BEAT = `local t = redis.call('time')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('zadd', KEYS[1], now + ARGV[1], ARGV[2])
redis.call('hset', KEYS[2], ARGV[2], ARGV[3])
return 1`;

const ALIVE = `local t = redis.call('time')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local gone = redis.call('zrangebyscore', KEYS[1], '-inf', now - ARGV[1])
for _, id in ipairs(gone) do redis.call('zrem', KEYS[1], id) redis.call('hdel', KEYS[2], id) end
local ids = redis.call('zrangebyscore', KEYS[1], now, '+inf')
if #ids == 0 then return {} end
return redis.call('hmget', KEYS[2], unpack(ids))`;

/** How long the name of a worker that is gone is kept. */
const FORGET_AFTER_MS = 60_000;

/** Which workers are alive: each says so again before its lease ends. */
export class Registry {
  readonly #redis: Redis;
  readonly #keys: [alive: string, info: string];

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#keys = [`${prefix}:{workers}`, `${prefix}:{workers}:info`];
  }

  async beat(info: WorkerInfo, leaseMs: number): Promise<void> {
    await this.#redis.eval(BEAT, 2, ...this.#keys, leaseMs, info.id, JSON.stringify(info));
  }

  async leave(id: string): Promise<void> {
    await this.#redis.zrem(this.#keys[0], id);
    await this.#redis.hdel(this.#keys[1], id);
  }

  /** Those that are alive now, of any release. */
  async alive(): Promise<WorkerInfo[]> {
    const texts = (await this.#redis.eval(ALIVE, 2, ...this.#keys, FORGET_AFTER_MS)) as (string | null)[];
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text) as WorkerInfo);
  }
}
