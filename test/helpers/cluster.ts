import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, type ClusterOptions, type WorkerOptions } from '@forkmap/bullmq';
import { type Task, task } from '@forkmap/pool';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { RedisServer } from './redis.js';
import { scaled } from './time.js';

const ROOT = join(import.meta.dirname, '..', 'fixtures', 'cluster');
const MODULE = new URL('../fixtures/cluster/src/tasks.js', import.meta.url);

// biome-ignore lint/suspicious/noExplicitAny: whatever the module has
type Anything = (...args: any[]) => any;

/** A task of test/fixtures/cluster/src/tasks.js. */
export const clusterTask = (name: string, module = MODULE): Task<Anything> => task<Anything>(module, name);

/** The lease of tests: a worker or caller that is gone is missed after so many ms. */
export const LEASE_MS = scaled(1500);

/** What a file of tests has: a Redis, a cluster per test, and the workers that a test starts. */
export class ClusterSetting {
  redis!: RedisServer;
  cluster!: Cluster;
  dir!: string;
  readonly #workers: ChildProcess[] = [];

  constructor() {
    beforeAll(async () => {
      this.redis = await RedisServer.start();
    });
    afterAll(() => this.redis.stop());
    beforeEach(() => {
      this.dir = mkdtempSync(join(tmpdir(), 'forkmap-cluster-'));
      this.cluster = this.newCluster();
    });
    afterEach(async () => {
      await this.cluster.close();
      await Promise.all(this.#workers.splice(0).map(killed));
      rmSync(this.dir, { recursive: true, force: true });
    });
  }

  /** What all ends of a test agree upon. WHY a prefix per test: what one leaves is nothing to the next. */
  get shared(): ClusterOptions {
    const prefix = `t-${this.dir.split('-').at(-1)}`;
    return { connection: this.redis.url, release: 'r1', lease: LEASE_MS, root: ROOT, prefix };
  }

  newCluster(options: Partial<ClusterOptions> = {}): Cluster {
    return new Cluster({ ...this.shared, ...options });
  }

  /** A worker in a process of its own, that is there for callers. */
  async startWorker(options: Partial<WorkerOptions> = {}): Promise<ChildProcess> {
    const worker = this.startProgram('works.mjs', JSON.stringify({ ...this.shared, lanes: 2, ...options }));
    await saying(worker, 'ready');
    return worker;
  }

  startProgram(name: string, ...args: string[]): ChildProcess {
    const program = spawn(process.execPath, [join(ROOT, name), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#workers.push(program);
    return program;
  }

  /** Where items note that they began. */
  get log(): string {
    return join(this.dir, 'log');
  }

  noted(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trim().split('\n') : [];
  }

  /** Resolves when an item has noted itself that is like this. */
  async untilNoted(text: string): Promise<void> {
    await until(() => this.noted().some((line) => line.split(' ')[0] === text));
  }
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Resolves when a program has said so on its standard output. */
export async function saying(program: ChildProcess, word: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve) => {
    program.stdout?.on('data', (text: Buffer) => {
      said += text;
      if (said.includes(word)) resolve();
    });
  });
}

export async function killed(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const gone = once(program, 'exit');
  program.kill('SIGKILL');
  await gone;
}
