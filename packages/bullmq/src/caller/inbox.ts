import type { Redis } from 'ioredis';
import type { Keys } from '../wire/keys.js';
import type { News } from '../wire/messages.js';

const BLOCK_MS = 1000;
const AT_ONCE = 64;
/** How long to wait before reading again from a Redis that refused. */
const PAUSE_MS = 200;

type Entry = [id: Buffer, fields: Buffer[]];

/** Reads what workers report to this caller, in the order in which Redis has it. */
export class Inbox {
  readonly #reader: Redis;
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #listeners = new Map<string, (news: News) => void>();
  #from = '0';
  #isReading = false;
  #isClosed = false;
  #marks = 0;

  /** @param reader a connection of its own: reading blocks it */
  constructor({ reader, redis, keys }: { reader: Redis; redis: Redis; keys: Keys }) {
    this.#reader = reader;
    this.#redis = redis;
    this.#keys = keys;
  }

  listen(attempt: string, listener: (news: News) => void): void {
    this.#listeners.set(attempt, listener);
    if (!this.#isReading) void this.#read();
  }

  forget(attempt: string): void {
    this.#listeners.delete(attempt);
  }

  /** Resolves when all is read that was reported before. */
  async catchUp(): Promise<void> {
    this.#marks += 1;
    const mark = `mark-${this.#marks}`;
    const seen = new Promise<void>((resolve) => this.listen(mark, () => resolve()));
    await this.#redis.xadd(this.#keys.news, '*', 'k', 'mark', 'a', mark, 'd', '');
    await seen;
    this.forget(mark);
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
  }

  /** As long as somebody listens. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#listeners.size > 0 && !this.#isClosed) {
      const entries = await this.#next();
      for (const [, fields] of entries) this.#deliver(fields);
      const last = entries.at(-1);
      if (!last) continue;
      this.#from = last[0].toString();
      // What is read is not needed again. WHY not awaited: the next read need not wait for it.
      this.#redis.xdel(this.#keys.news, ...entries.map(([id]) => id.toString())).catch(() => undefined);
    }
    this.#isReading = false;
  }

  async #next(): Promise<Entry[]> {
    const { news } = this.#keys;
    try {
      const found = (await this.#reader.xreadBuffer(
        ...(['COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', news, this.#from] as const),
      )) as [Buffer, Entry[]][] | null;
      return found?.[0]?.[1] ?? [];
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return [];
    }
  }

  #deliver(fields: Buffer[]): void {
    const [, kind, , attempt, , data] = fields;
    if (!kind || !attempt || !data) return;
    const id = attempt.toString();
    this.#listeners.get(id)?.({ kind: kind.toString(), attempt: id, data } as News);
  }
}
