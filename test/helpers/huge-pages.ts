import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';

/** Whether the kernel makes huge pages of shared memory when it is asked to: from Linux 6.1 on, where it was built so. */
export const HAS_HUGE_PAGES =
  existsSync('/sys/kernel/mm/transparent_hugepage') &&
  release().localeCompare('6.1', 'en', { numeric: true }) >= 0;

/** MiB that this process has mapped in huge pages of shared memory. */
export function hugeMib(): number {
  const smaps = readFileSync('/proc/self/smaps', 'utf8');
  const kib = [...smaps.matchAll(/^ShmemPmdMapped: *(\d+)/gm)].map(([, number]) => Number(number));
  return kib.reduce((sum, one) => sum + one, 0) / 1024;
}
