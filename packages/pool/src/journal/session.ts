import { resolve } from 'node:path';
import {
  type CustomTypes,
  ForkError,
  forkError,
  fromJsonForm,
  invalidArgType,
  invalidArgValue,
  jsonForm,
  thrownJsonForm,
  type UnsendableError,
} from '@forkmap/core/internal';
import type { CheckedParMapOptions } from '../options.js';
import { tasksIn } from '../recipe/describe.js';
import { isTask } from '../recipe/task.js';
import { codeFilesOf } from './code/code-files.js';
import { JournalFile } from './file.js';
import { changesSince, type Fingerprint, fingerprintOf } from './header.js';
import { hexOf, keyOfItem, keyOfNth, keyOfOwn } from './key.js';
import { type Journal, type JournalForm, journalOf } from './options.js';

/** What a journal knows that an item came to. */
export type Known = PromiseSettledResult<unknown>;

/** A call's part of a journal: what items are known by, what is known of them, and what is added. */
export class JournalSession {
  readonly #file: JournalFile;
  readonly #journal: Journal;
  readonly #types: CustomTypes | undefined;
  readonly #form: JournalForm;
  /** Items of which the journal knew the outcome. */
  known = 0;

  /**
   * Opens the journal of a call, or begins it.
   * @param fn the caller's function, and `others`: those that are tasks are known by their code
   * @throws `ERR_FORKMAP_JOURNAL` where its results would not be those of this call; `ERR_INVALID_ARG_VALUE` where nothing
   *   says by what code they are made
   */
  static async open(
    options: CheckedParMapOptions,
    fn: unknown,
    ...others: unknown[]
  ): Promise<JournalSession> {
    const journal = journalOf(options);
    const { version, key, keyName = key ? 'function' : 'content' } = journal;
    const tasks = tasksIn([fn, ...others]);
    if (!isTask(fn) && version === undefined) {
      throw invalidArgValue(
        `the journal ${journal.file} needs a version: a closure's code cannot be told from another's. Give journal.version, ` +
          'and change it when what the closure does has changed; or use a task',
      );
    }
    const files = tasks.length > 0 ? await codeFilesOf(tasks) : undefined;
    const { seed, types, codec } = options;
    return new JournalSession(
      options,
      fingerprintOf({ seed, types, codec, key: keyName }, { version, files }),
    );
  }

  private constructor(options: CheckedParMapOptions, now: Fingerprint) {
    this.#journal = journalOf(options);
    this.#types = options.types;
    this.#form = this.#journal.form ?? 'value';
    this.#file = openFor(this.#journal, now);
  }

  /** Bytes of a torn last line that were dropped. */
  get cutBytes(): number {
    return this.#file.cutBytes;
  }

  /** What the next item is known by: items that are equal are told apart by their order. */
  keyOf(item: unknown, index: number): Uint8Array {
    const key = this.#contentKey(item, index);
    return keyOfNth(key, this.#file.table.meet(key));
  }

  /** What the journal says that the item of a key came to. */
  outcomeOf(key: Uint8Array): Known | undefined {
    const place = this.#file.table.placeOf(key);
    const record = place > 0 ? this.#file.recordAt(place) : undefined;
    if (record?.key !== hexOf(key)) return undefined;
    const known = this.#read(record.text);
    if (known?.status === 'rejected' && this.#journal.retryFailed) return undefined;
    if (known) this.known += 1;
    return known;
  }

  /** Notes what items came to. They are in the file when this returns. */
  write(settled: readonly { key: Uint8Array; result: Known }[]): void {
    let text = '';
    let records = 0;
    for (const { key, result } of settled) {
      if (result.status === 'rejected' && hasNotRun(result.reason)) continue;
      text += `{"k":"${hexOf(key)}",${this.#say(result)}}\n`;
      records += 1;
    }
    if (records > 0) this.#file.write(text, records);
  }

  close(): void {
    this.#file.close();
  }

  #contentKey(item: unknown, index: number): Uint8Array {
    const { key, file } = this.#journal;
    if (key) {
      const own = key(item, index);
      if (typeof own === 'string' || own instanceof Uint8Array) return keyOfOwn(own);
      throw invalidArgType('what journal.key returns', 'a string or a Uint8Array', own);
    }
    try {
      return keyOfItem(item, this.#types);
    } catch (cause) {
      const { path = '', what, message } = cause as UnsendableError;
      throw forkError(
        'ERR_FORKMAP_SERIALIZE_INPUT',
        `[${index}]${path} cannot be encoded, so that the journal ${file} cannot know the item again: ${what ?? message}. ` +
          'Give journal.key; nothing was run',
        { index, cause },
      );
    }
  }

  #say(result: Known): string {
    if (result.status === 'rejected') return thrownJsonForm('e', result.reason, this.#types);
    // WHY: it is JSON already.
    if (this.#form === 'json') return `"v":${String(result.value)}`;
    return jsonForm('v', result.value, this.#types);
  }

  /** Undefined where the record is damaged, or of a form that is not known: then the item is run again. */
  #read(text: Buffer): Known | undefined {
    try {
      if (this.#form === 'json' && text[VALUE_AT - 3] === V)
        return { status: 'fulfilled', value: text.toString('utf8', VALUE_AT, text.length - 1) };
      const record = JSON.parse(text.toString());
      if ('e' in record) return { status: 'rejected', reason: fromJsonForm(record, 'e', this.#types) };
      return { status: 'fulfilled', value: fromJsonForm(record, 'v', this.#types) };
    } catch {
      return undefined;
    }
  }
}

/** Where the value begins in `{"k":"…32 digits…","v":`. */
const VALUE_AT = 44;
const V = 'v'.charCodeAt(0);

/** What was not begun is begun the next time, whatever the journal does with failures. */
function hasNotRun(reason: unknown): boolean {
  return reason instanceof ForkError && reason.retryable;
}

function openFor({ file, fsync = 'interval', onChange = 'refuse' }: Journal, now: Fingerprint): JournalFile {
  const path = resolve(file);
  const opened = new JournalFile(path, fsync);
  try {
    const { fingerprint: then } = opened;
    const changes = then ? changesSince(then, now) : [];
    if (!then || (changes.length > 0 && onChange === 'keep')) opened.begin(now);
    if (changes.length === 0 || onChange === 'keep') return opened;
    if (onChange === 'refuse') {
      throw forkError(
        'ERR_FORKMAP_JOURNAL',
        `the journal ${file} was begun with something else: ${changes.join('; ')}. Set onChange to 'rerun' to run all ` +
          `items again, or to 'keep' to use its results all the same; nothing was run`,
      );
    }
  } catch (error) {
    opened.close();
    throw error;
  }
  JournalFile.setAside(path);
  opened.close();
  const anew = new JournalFile(path, fsync);
  anew.begin(now);
  return anew;
}
