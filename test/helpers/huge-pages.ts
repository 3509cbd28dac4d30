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

/** MiB that this process has mapped in huge pages of shared memory, in mappings whose first line in smaps is like that. */
export function hugeMib(head = /./): number {
  const mappings = readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const wanted = mappings.filter((mapping) => head.test(mapping.slice(0, mapping.indexOf('\n'))));
  const kib = wanted.map((mapping) => Number(/^ShmemPmdMapped: *(\d+)/m.exec(mapping)?.[1] ?? 0));
  return kib.reduce((sum, one) => sum + one, 0) / 1024;
}
