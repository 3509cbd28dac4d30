import { Redis, type RedisOptions } from 'ioredis';
import type { Connection } from '../options.js';
import type { Keys } from './keys.js';

/** A connection of its own. WHY retried for ever: a call outlives a Redis that restarts; leases say when it is over. */
export function connect(connection: Connection, extra: RedisOptions = {}): Redis {
  const options: RedisOptions = { maxRetriesPerRequest: null, ...extra };
  const redis =
    typeof connection === 'string'
      ? new Redis(connection, options)
      : new Redis({ ...connection, ...options });
  // WHY: an error without a listener is printed; each command that fails says so itself.
  redis.on('error', () => undefined);
  return redis;
}

/** Ends a connection at once, whatever is under way on it. */
export function disconnect(redis: Redis): void {
  redis.disconnect();
}

/** Something for a caller to read. */
interface NewsToSend {
  keys: Keys;
  attempt: string;
  data: Buffer;
  /** WHY: a caller that is gone reads no news, and they are not to stay. One that is there renews this. */
  ttlMs: number;
}

const CLAIM = `if redis.call('exists', KEYS[1]) == 0 then return 0 end
redis.call('xadd', KEYS[2], '*', 'k', ARGV[1], 'a', ARGV[2], 'd', ARGV[3])
redis.call('pexpire', KEYS[2], ARGV[4])
return 1`;

/**
 * Adds to the news of a caller, if the attempt is still open.
 * INVARIANT: in one step, so that a caller who has closed the attempt and then reads the news knows every claim.
 * @returns whether it was
 */
export async function claimIfOpen(
  redis: Redis,
  { keys, attempt, data, ttlMs }: NewsToSend,
): Promise<boolean> {
  const { news } = keys;
  return (await redis.eval(CLAIM, 2, keys.open(attempt), news, 'claim', attempt, data, ttlMs)) === 1;
}

/** Adds to the news of a caller. */
export async function tell(
  redis: Redis,
  kind: string,
  { keys, attempt, data, ttlMs }: NewsToSend,
): Promise<void> {
  const { news } = keys;
  await redis.pipeline().xadd(news, '*', 'k', kind, 'a', attempt, 'd', data).pexpire(news, ttlMs).exec();
}
