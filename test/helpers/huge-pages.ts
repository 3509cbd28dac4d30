import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/** Whether the kernel makes huge pages of shared memory when it is asked to: from Linux 6.1 on, unless it was told not to. */
export const HAS_HUGE_PAGES =
  settingOf('hpage_pmd_size') === `${2 ** 21}` &&
  settingOf('shmem_enabled')?.includes('[deny]') === false &&
  release().localeCompare('6.1', 'en', { numeric: true }) >= 0;

function settingOf(name: string): string | undefined {
  const path = `/sys/kernel/mm/transparent_hugepage/${name}`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** MiB that this process has mapped in huge pages of shared memory. */
export function hugeMib(): number {
  const smaps = readFileSync('/proc/self/smaps', 'utf8');
  const kib = [...smaps.matchAll(/^ShmemPmdMapped: *(\d+)/gm)].map(([, number]) => Number(number));
  return kib.reduce((sum, one) => sum + one, 0) / 1024;
}
