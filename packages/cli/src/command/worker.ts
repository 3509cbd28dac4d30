import { parseArgs } from 'node:util';
import type { Command } from './command.js';

const OPTIONS = {
  redis: { type: 'string' },
  tasks: { type: 'string', multiple: true },
  lanes: { type: 'string' },
  release: { type: 'string' },
  prefix: { type: 'string' },
  root: { type: 'string' },
  lease: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const HELP = `usage: forkmap worker --redis URL --tasks GLOB [options]

Takes the chunks of calls with { engine: cluster } and runs them on this machine.

  --redis URL      where Redis or Valkey is: redis://user:password@host:6379/0, rediss:// for TLS
  --tasks GLOB     modules whose exports may run here, below the root; may be given again; a package as npm:name
  --lanes N        chunks at the same time; default: the CPUs available
  --release NAME   takes only the chunks of callers of this release; default: a hash of the lock file and the sources
  --root DIR       the program's folder; default: the nearest with a package.json
  --prefix NAME    begins the names of all keys; default: forkmap
  --lease MS       silence after which a caller or a worker counts as gone; default: 10000
  --name NAME      names this worker in messages and lists; default: the machine's name and the process id

FORKMAP_SECRET in the environment signs all that goes through Redis; callers need the same.
SIGTERM and SIGINT: takes no more chunks, finishes those that run, and ends.

example: forkmap worker --redis redis://localhost:6379 --tasks 'src/tasks/*.js'
`;

export const worker: Command = {
  summary: 'takes chunks of a cluster from Redis and runs them on this machine',
  async run(args) {
    const values = parsed(args);
    if (values?.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values?.redis === undefined || values.tasks === undefined) {
      process.stderr.write(HELP);
      return 2;
    }
    const { startWorker } = await loadCluster();
    const running = await startWorker({
      connection: values.redis,
      tasks: values.tasks,
      ...numbers(values),
      ...(values.release !== undefined && { release: values.release }),
      ...(values.prefix !== undefined && { prefix: values.prefix }),
      ...(values.root !== undefined && { root: values.root }),
      ...(values.name !== undefined && { name: values.name }),
      ...(process.env.FORKMAP_SECRET && { secret: process.env.FORKMAP_SECRET }),
    });
    const { name, release, lanes } = running.info;
    process.stderr.write(`forkmap worker ${name}: release ${release}, ${lanes} lanes\n`);
    await asked();
    process.stderr.write('forkmap worker: finishing the chunks that run\n');
    await running.close();
    return 0;
  },
};

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    process.stderr.write(`forkmap worker: ${(error as Error).message}\n\n`);
    return undefined;
  }
}

function numbers({ lanes, lease }: { lanes?: string | undefined; lease?: string | undefined }) {
  return {
    ...(lanes !== undefined && { lanes: Number(lanes) }),
    ...(lease !== undefined && { lease: Number(lease) }),
  };
}

/** WHY not imported above: who does not use it need not have it installed. */
async function loadCluster(): Promise<typeof import('@forkmap/bullmq')> {
  try {
    return await import('@forkmap/bullmq');
  } catch (cause) {
    if (
      (cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND' &&
      (cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'
    )
      throw cause;
    throw new Error('forkmap worker needs the package @forkmap/bullmq: npm install @forkmap/bullmq', {
      cause,
    });
  }
}

/** Resolves when the process is asked to end. */
function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
