import { createHash } from 'node:crypto';
import type { CustomTypes } from '@forkmap/core/internal';

/** Raised when a journal of this version can no longer be read by the last. */
const FORMAT = 1;
const KIND = 'forkmap journal';

/** What the results of a journal were made by. A call that differs in it would have made others. */
export interface Fingerprint {
  /** As the caller says. */
  version?: string | undefined;
  /** Hashes of the files that tasks are made of, by their path from the task's module. */
  files?: Record<string, string> | undefined;
  /** Options that change results, as they are or as a hash. */
  options: Record<string, string>;
}

/** The options of a call that change results. */
export interface OptionsThatCount {
  seed?: number | string | undefined;
  types?: CustomTypes | undefined;
  codec: string;
  /** What items are known by. */
  key: string;
}

export function fingerprintOf(
  { seed, types = {}, codec, key }: OptionsThatCount,
  known: { version?: string | undefined; files?: Record<string, string> | undefined },
): Fingerprint {
  const ofTypes = Object.entries(types).map(([name, fns]) => `${name}:${fns.join()}`);
  return {
    ...(known.version !== undefined && { version: known.version }),
    ...(known.files && { files: known.files }),
    options: {
      ...(seed !== undefined && { seed: JSON.stringify(seed) }),
      ...(ofTypes.length > 0 && { types: shortHash(ofTypes.join('\n')) }),
      codec,
      key,
    },
  };
}

/** Enough to tell versions of one file apart. */
export function shortHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** The line with which a journal begins, and which follows where results of another fingerprint are kept. */
export function headerLine(fingerprint: Fingerprint): string {
  return `${JSON.stringify({ journal: KIND, format: FORMAT, ...fingerprint })}\n`;
}

/** Reads a header. A string says why it is none. */
export function readHeader(line: string): Fingerprint | string {
  let parsed: Partial<Fingerprint> & { journal?: unknown; format?: unknown };
  try {
    parsed = Object(JSON.parse(line));
  } catch {
    return 'it is no journal: its first line is not JSON';
  }
  if (parsed.journal !== KIND) return `it is no journal: its first line is not the header of one`;
  if (parsed.format !== FORMAT)
    return `it is of format ${String(parsed.format)}, and this version reads format ${FORMAT}`;
  const { version, files, options = {} } = parsed;
  return { version, files, options };
}

/** What has changed since the journal was begun, in words; empty where nothing has. */
export function changesSince(then: Fingerprint, now: Fingerprint): string[] {
  return [
    ...(then.version === now.version
      ? []
      : [`version was ${said(then.version)} and is ${said(now.version)}`]),
    ...changedKeys(then.files, now.files).map((file) => `${file} ${verb(file, then.files, now.files)}`),
    ...changedKeys(then.options, now.options).map(
      (name) => `the option ${name} was ${said(then.options[name])} and is ${said(now.options[name])}`,
    ),
  ];
}

function changedKeys(then: Record<string, string> = {}, now: Record<string, string> = {}): string[] {
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((key) => then[key] !== now[key]);
}

function verb(file: string, then: Record<string, string> = {}, now: Record<string, string> = {}): string {
  if (!(file in then)) return 'is imported now';
  return file in now ? 'has changed' : 'is no longer imported';
}

function said(value: string | undefined): string {
  return value === undefined ? 'not given' : value;
}
