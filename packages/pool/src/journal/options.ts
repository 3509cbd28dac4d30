import {
  type Check,
  type CheckTable,
  checkOptions,
  invalidArgType,
  isBoolean,
  isFunction,
  isOneOf,
  isString,
} from '@forkmap/core/internal';
import type { Fsync } from './file.js';

/** Where results are kept on disk, and by what items are known again. */
export interface JournalOptions<T = unknown> {
  /** The file: one JSON text per line. It is made where it is not there. */
  file: string;
  /** What an item is known by, in place of its content: items of the same key are told apart by their order. */
  key?: (item: T, index: number) => string | Uint8Array;
  /** Stands for the code of a closure: change it when what the closure does has changed. A task needs none. */
  version?: string;
  /** Failures that are in the journal are tried again. Default: false, they are given as they were. */
  retryFailed?: boolean;
  /**
   * What to do with a journal of other code, or of other options that change results: `refuse` the call, `rerun` all
   * items with a new journal, the old one beside it as `<file>.old`, or `keep` its results. Default: `refuse`.
   */
  onChange?: 'refuse' | 'rerun' | 'keep';
  /**
   * When the file is forced to the disk, which counts where the machine itself goes down: every second (`interval`), before
   * each result is told (`always`), or when the system likes (`never`). Default: `interval`.
   */
  fsync?: Fsync;
}

/** How values are in the file: by our codec's JSON form, or as the JSON texts that they are. */
export type JournalForm = 'value' | 'json';

/** A journal, and what only this library's own command says of one. */
export interface Journal extends JournalOptions<never> {
  key?: (item: unknown, index: number) => string | Uint8Array;
  /** What items are known by, in words, where `key` is ours. */
  keyName?: string;
  form?: JournalForm;
}

const JOURNAL_CHECKS: Record<keyof Journal, Check> & CheckTable = {
  file: isString,
  key: isFunction,
  version: isString,
  retryFailed: isBoolean,
  onChange: isOneOf('refuse', 'rerun', 'keep'),
  fsync: isOneOf('interval', 'always', 'never'),
  keyName: isString,
  form: isOneOf('value', 'json'),
};

export const isJournal: Check = (name, value) => {
  if (typeof value === 'string') return;
  if (typeof value !== 'object' || value === null) {
    throw invalidArgType(name, 'of type string or an object with a file', value);
  }
  checkOptions(value, JOURNAL_CHECKS, {});
  isString(`${name}.file`, (value as Partial<Journal>).file);
};

/** The option as an object. */
export function journalOf({ journal }: { journal?: string | JournalOptions<never> | undefined }): Journal {
  return (typeof journal === 'string' ? { file: journal } : journal) as Journal;
}
