import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ChunkJob, Keys } from '../wire/keys.js';

/** Jobs that are looked at in one sweep: those that have waited longest. */
const AT_ONCE = 100;

/** Removes waiting jobs whose caller is gone. WHY: all workers may be busy for long, and a queue is not to be a grave. */
export async function sweepJobs(
  name: string,
  { connection, redis, prefix }: { connection: Redis; redis: Redis; prefix: string },
): Promise<void> {
  const queue = new Queue<ChunkJob>(name, { connection });
  const waiting = await queue.getWaiting(0, AT_ONCE - 1);
  for (const job of waiting) {
    const { caller, call } = job.data;
    if ((await redis.exists(new Keys(prefix, caller).lease(call))) === 0)
      await job.remove().catch(() => undefined);
  }
}
