/** The mappings of this process, in the words of floor/floor.c. */
import { readFileSync } from 'node:fs';

/** One line per mapping: start end protection resident-KiB written-KiB huge-KiB offset file, or `-` for no file. */
export function describeMappings(): string {
  const lines: string[] = [];
  const text = readFileSync('/proc/self/smaps', 'utf8');
  for (const part of text.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)$/m.exec(part);
    if (!head) continue;
    const [, start, end, protection, offset, name = ''] = head as unknown as string[];
    if (/^\[(stack|vdso|vvar|vsyscall)/.test(name)) continue;
    const field = (key: string) => new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(part)?.[1] ?? '0';
    const file = name.startsWith('/') && !/\s/.test(name) ? name : '-';
    lines.push(
      [start, end, protection, field('Rss'), field('Anonymous'), field('AnonHugePages'), offset, file].join(
        ' ',
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}
