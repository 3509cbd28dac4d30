import type { Surroundings } from '../work.js';

const CHANGES = ['setuid', 'setgid', 'seteuid', 'setegid', 'setgroups', 'initgroups'] as const;

type Changes = Partial<Record<(typeof CHANGES)[number], (...args: unknown[]) => unknown>>;

/** WHY: where a process changes its user or group, the kernel forgets that it is to die with its parent. */
export function followParentInChild({ host, child }: Surroundings): void {
  for (const name of CHANGES) {
    const change = (host as Changes)[name];
    if (typeof change !== 'function') continue;
    const changeAndFollow = (...args: unknown[]) => {
      const result = change.apply(host, args);
      child.followParent();
      return result;
    };
    Object.assign(host, { [name]: changeAndFollow });
  }
}
