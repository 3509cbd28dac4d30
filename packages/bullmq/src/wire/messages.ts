import type { Outcome, PartHeader, Program } from '@forkmap/pool/internal';

// What caller and workers send each other, sealed (seal.ts). Nothing of it is trusted when it arrives.

/** A call besides its items. Its tasks' modules are named relative to the program (modules.ts). */
export interface CallMessage {
  program: Program;
  /** The hash of each module's file at the caller. */
  files: Record<string, string>;
  stdio: 'inherit' | 'ignore' | 'capture' | 'prefix';
  maxPayloadBytes: number;
}

/** The items of a chunk. */
export interface ItemsMessage {
  parts: PartHeader[];
  payloads: Uint8Array[];
}

/** A worker is about to begin items: those before `end` count as begun from now on. */
export interface Claim {
  worker: string;
  name: string;
  end: number;
}

/** A step of a chunk has ended, as its process ended it. */
export interface Step {
  start: number;
  end: number;
  /** No further step follows. */
  isLast: boolean;
  outcome: Outcome;
}

/** Nothing of the chunk was begun, and nothing will be. */
export interface Refusal {
  code: 'ERR_FORKMAP_CODE_MISMATCH' | 'ERR_FORKMAP_SPAWN';
  message: string;
}

/** What a caller's news say, by their kind. `mark`: the caller's own, to know that all before it is read. */
export type News =
  | { kind: 'claim'; attempt: string; data: Uint8Array }
  | { kind: 'step'; attempt: string; data: Uint8Array }
  | { kind: 'refusal'; attempt: string; data: Uint8Array }
  | { kind: 'mark'; attempt: string };

/** The context of a message, for its signature. */
export const contextOf = {
  call: (call: string) => `call ${call}`,
  items: (call: string, start: number, end: number) => `items ${call} ${start} ${end}`,
  news: (kind: string, attempt: string) => `${kind} ${attempt}`,
};

/** @throws TypeError for what is no claim within a chunk */
export function asClaim(value: unknown, { start, end }: { start: number; end: number }): Claim {
  const { worker, name, end: claimed } = (value ?? {}) as Partial<Claim>;
  if (typeof worker !== 'string' || typeof name !== 'string' || !isWithin(claimed, start, end))
    throw new TypeError('a worker sent a claim that is none');
  return { worker, name, end: claimed };
}

/** @throws TypeError for what is no step that begins where the last one ended */
export function asStep(value: unknown, { start, end }: { start: number; end: number }): Step {
  const step = (value ?? {}) as Partial<Step>;
  if (step.start !== start || !isWithin(step.end, start, end) || typeof step.isLast !== 'boolean')
    throw new TypeError('a worker sent a step that is none');
  return { start, end: step.end, isLast: step.isLast, outcome: asOutcome(step.outcome) };
}

/** @throws TypeError for what is no refusal */
export function asRefusal(value: unknown): Refusal {
  const { code, message } = (value ?? {}) as Partial<Refusal>;
  const isKnown = code === 'ERR_FORKMAP_CODE_MISMATCH' || code === 'ERR_FORKMAP_SPAWN';
  if (!isKnown || typeof message !== 'string') throw new TypeError('a worker sent a refusal that is none');
  return { code, message };
}

function isWithin(value: unknown, start: number, end: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= start && (value as number) <= end;
}

const NUMBERS = [
  'ending',
  'pid',
  'begun',
  'done',
  'reason',
  'exitArgument',
  'brokenFirst',
  'peakPrivateBytes',
  'workMs',
  'lane',
  'beganMs',
  'encodeMs',
  'sendMs',
  'forkedMs',
  'forkMs',
  'endedMs',
] as const satisfies readonly (keyof Outcome)[];
const FLAGS = ['isWhole', 'hasPartial', 'isReaped'] as const satisfies readonly (keyof Outcome)[];
const OPTIONAL = {
  exitCode: (value) => typeof value === 'number',
  signal: (value) => typeof value === 'number',
  maxRssBytes: (value) => typeof value === 'number',
  spilled: (value) => typeof value === 'number',
  stdout: (value) => typeof value === 'string',
  stderr: (value) => typeof value === 'string',
  spill: (value) => value instanceof ArrayBuffer,
  frames: (value) => value instanceof ArrayBuffer,
  error: isSysError,
} as const satisfies Partial<Record<keyof Outcome, (value: unknown) => boolean>>;

function isSysError(value: unknown): boolean {
  const { errno, syscall } = (value ?? {}) as Record<string, unknown>;
  return typeof errno === 'number' && typeof syscall === 'string';
}

/** The fields of an outcome, and no others. */
function asOutcome(value: unknown): Outcome {
  const given = (value ?? {}) as Record<string, unknown>;
  const sound =
    NUMBERS.every((name) => typeof given[name] === 'number') &&
    FLAGS.every((name) => typeof given[name] === 'boolean') &&
    Object.entries(OPTIONAL).every(([name, isRight]) => given[name] === undefined || isRight(given[name]));
  if (!sound) throw new TypeError('a worker sent an outcome that is none');
  const names = [...NUMBERS, ...FLAGS, ...Object.keys(OPTIONAL)].filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name]])) as unknown as Outcome;
}
