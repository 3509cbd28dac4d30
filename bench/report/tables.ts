/** The tables of README.md, in Markdown. */
import type { BenchResult, LadderRow, SweepCell } from '../result.js';
import { workloadNames, workloads } from '../workloads/index.js';
import { bestFixed, judgeClaims } from './must-show.js';
import { efficiency, figure, itemLength, machineLine, rungTitles, spread } from './words.js';

export function tablesOf(result: BenchResult): string {
  const parts = [
    machineLine(result),
    claimsTable(result),
    defaultsTable(result),
    contenderTables(result),
    ladderTable(result),
    sweepTable(result),
    memoryTable(result),
    codecTable(result),
  ];
  if (result.failed.length > 0)
    parts.push(`Not measured:\n\n${result.failed.map((line) => `- ${line}`).join('\n')}`);
  return parts.filter((part) => part !== '').join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const marks = { true: 'yes', false: '**no**', undefined: '' };

function claimsTable(result: BenchResult): string {
  const rows = judgeClaims(result).map(({ what, wanted, got, holds }) => [
    what,
    wanted,
    got,
    marks[`${holds}`],
  ]);
  return `### What is promised\n\n${table(['what', 'wanted', 'measured', 'holds'], rows)}`;
}

function contenderTables({ contenders = [] }: BenchResult): string {
  const parts = workloadNames.flatMap((name) => {
    const rows = contenders.filter(({ workload }) => workload === name);
    if (rows.length === 0) return [];
    const { title, note } = workloads[name];
    const columns = columnsOf(rows);
    const body = rows.map((row) => [row.label, ...columns.map(({ get }) => get(row))]);
    return [`#### ${title}\n\n${capital(note)}.\n\n${table(['', ...columns.map(({ head }) => head)], body)}`];
  });
  return parts.length === 0 ? '' : ['### Contenders', ...parts].join('\n\n');
}

function defaultsTable({ defaults = [] }: BenchResult): string {
  if (defaults.length === 0) return '';
  const rows = defaults.map(({ list, label, ms }) => [list, label, spread(ms)]);
  return `### Without options\n\n${table(['list', 'options', 'ms'], rows)}`;
}

type ContenderRow = NonNullable<BenchResult['contenders']>[number];

function columnsOf(rows: readonly ContenderRow[]): { head: string; get: (row: ContenderRow) => string }[] {
  const all = [
    { head: 'set-up and first run, ms', get: (row: ContenderRow) => spread(row.cold) },
    { head: 'set-up alone', get: (row: ContenderRow) => spread(row.setup) },
    { head: 'warm, ms', get: (row: ContenderRow) => spread(row.warm) },
    { head: 'peak memory, MiB', get: (row: ContenderRow) => spread(row.peakPssMb) },
  ];
  return all.filter(({ get }) => rows.some((row) => get(row) !== ''));
}

function ladderTable({ ladder = [] }: BenchResult): string {
  if (ladder.length === 0) return '';
  const heaps = [...new Set(ladder.map(({ heapMb }) => heapMb))];
  const rungs = [...new Set(ladder.map(({ rung }) => rung))];
  const find = (rung: LadderRow['rung'], heapMb: number) =>
    ladder.find((row) => row.rung === rung && row.heapMb === heapMb);
  const rows = rungs.map((rung) => [rungTitles[rung], ...heaps.map((heap) => spread(find(rung, heap)?.ms))]);
  const resident = heaps.map((heap) => {
    const sizes = ladder.filter(({ heapMb }) => heapMb === heap).map(({ rssMb }) => rssMb);
    return `${Math.min(...sizes)}–${Math.max(...sizes)} MiB`;
  });
  const head = ['ms', ...heaps.map((heap) => `heap ${heap} MB`)];
  return `### Ladder\n\n${table(head, [...rows, ['resident', ...resident]])}`;
}

function sweepTable({ sweep = [], lanes }: BenchResult): string {
  const autos = sweep.filter(({ chunk }) => chunk === 'auto');
  if (autos.length === 0) return '';
  const rows = autos.map((auto) => {
    const fixed = bestFixed(sweep, auto) as SweepCell;
    return [
      `${itemLength(auto.itemUs)} × ${auto.items.toLocaleString('en')}`,
      `${auto.heapMb} MB`,
      auto.isolation,
      String(fixed.chunk),
      spread(fixed.ms),
      `${Math.round(100 * efficiency(fixed, lanes))}%`,
      spread(auto.ms),
      `${Math.round(100 * efficiency(auto, lanes))}%`,
    ];
  });
  const head = ['items', 'heap', 'isolation', 'best chunk', 'ms', 'of it work', "'auto', ms", 'of it work'];
  return `### Chunk sweep: where the best chunk lies\n\n${table(head, rows)}`;
}

function memoryTable({ memory = [] }: BenchResult): string {
  if (memory.length === 0) return '';
  const rows = memory.map(({ label, lanes, peakPssMb, peakRssMb, ms }) => [
    ...[label, String(lanes), spread(peakPssMb)],
    ...[label === 'serial loop' ? spread(peakRssMb) : '', spread(ms)],
  ]);
  const head = ['', 'lanes', 'peak of the tree, MiB', 'peak resident, MiB', 'ms'];
  return `### Memory over a big index\n\n${table(head, rows)}`;
}

function codecTable({ codecs = [] }: BenchResult): string {
  if (codecs.length === 0) return '';
  const rows = codecs.map((row) => [
    ...[row.kind, row.codec, row.isExact ? 'yes' : 'no', row.bytes.toLocaleString('en')],
    ...[
      spread(row.encodeUs),
      spread(row.decodeUs),
      figure(row.coldEncodeUs.median),
      figure(row.coldDecodeUs.median),
    ],
  ]);
  const head = [
    'values',
    'codec',
    'exact',
    'bytes',
    'encode, µs',
    'decode, µs',
    'first encode',
    'first decode',
  ];
  return `### Codecs, a batch of ${codecs[0]?.values}\n\n${table(head, rows)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
