/** A way to run a workload in parallel. One file per contender; each exports `contender`. */
import type { WorkloadName } from '../workloads/index.js';

export interface Contender {
  /** Memory that its workers share with the caller; without it they send results back. */
  doubles?: (n: number) => Float64Array;
  /** What a run of the same contender again may have changed. */
  open(plan: Plan): Promise<Session>;
}

export interface Plan {
  workload: WorkloadName;
  context: unknown;
  lanes: number;
  /** How to call it, where a contender can be called in several ways. */
  variant: string;
}

export interface Session {
  run(items: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Doubles that worker threads see. */
export function sharedDoubles(n: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(n * Float64Array.BYTES_PER_ELEMENT));
}
