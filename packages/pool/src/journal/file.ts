import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { forkError } from '@forkmap/core/internal';
import { type Fingerprint, headerLine, readHeader } from './header.js';
import { KEY_BYTES } from './key.js';
import { KeyTable } from './key-table.js';
import { lockJournal } from './lock.js';
import { LineReader, scanLines } from './scan.js';

/** With fsync 'interval': how long a result may be known to the system alone. */
const SYNC_EVERY_MS = 1000;

/** How a record begins, and what stands behind its key. */
const BEFORE_KEY = Buffer.from('{"k":"');
const BEFORE_HEADER = '{"journal":';
const AFTER_KEY = Buffer.from('","');
const HEAD_BYTES = BEFORE_KEY.length + KEY_BYTES * 2 + AFTER_KEY.length;

export type Fsync = 'interval' | 'always' | 'never';

/** The file of a journal: a header, then a record per line, by key. One process at a time has it. */
export class JournalFile {
  readonly path: string;
  readonly table: KeyTable;
  /** What the file says its results were made by; undefined where it is new. */
  fingerprint: Fingerprint | undefined;
  /** Bytes of a torn last line that were cut off. */
  readonly cutBytes: number;
  /** Records written by this call. */
  written = 0;
  readonly #unlock: () => void;
  readonly #fsync: Fsync;
  readonly #lines: LineReader;
  readonly #fd: number;
  #end: number;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncError: Error | undefined;
  #isSyncing = false;
  #isClosed = false;

  /** @throws `ERR_FORKMAP_JOURNAL` where it is no journal, or another process has it; a system error where it cannot be opened */
  constructor(path: string, fsync: Fsync) {
    this.path = path;
    this.#fsync = fsync;
    this.#unlock = lockJournal(path);
    let fd: number | undefined;
    try {
      fd = openSync(path, 'a+');
      this.#fd = fd;
      this.#lines = new LineReader(fd);
      const loaded = load(fd, path);
      this.table = loaded.table;
      this.fingerprint = loaded.fingerprint;
      this.#end = loaded.end;
      this.cutBytes = fstatSync(fd).size - loaded.end;
      if (this.cutBytes > 0) ftruncateSync(fd, loaded.end);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      this.#unlock();
      throw error;
    }
  }

  /** Says by what the records that follow are made. */
  begin(fingerprint: Fingerprint): void {
    this.fingerprint = fingerprint;
    this.#append(headerLine(fingerprint));
  }

  /** The record at a place that the table gave, parsed; undefined where it is damaged. */
  recordAt(place: number): { text: Buffer; key: string } | undefined {
    const text = this.#lines.lineAt(place);
    if (!isRecord(text)) return undefined;
    return { text, key: text.toString('latin1', BEFORE_KEY.length, BEFORE_KEY.length + KEY_BYTES * 2) };
  }

  /** Appends records, each a line with its end. They are on their way to the disk when this returns, or it throws. */
  write(records: string, count: number): void {
    if (this.#syncError) throw this.#failure(this.#syncError);
    this.#append(records);
    this.written += count;
    if (this.#fsync === 'always') this.#syncNow();
    else if (this.#fsync === 'interval') this.#syncSoon();
  }

  /** Moves the file away, so that it can be begun anew. The lock is kept. @returns where it is */
  static setAside(path: string): string {
    const aside = `${path}.old`;
    renameSync(path, aside);
    return aside;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#syncTimer);
    try {
      if (this.#fsync !== 'never' && this.written > 0 && !this.#syncError) this.#syncNow();
    } finally {
      if (!this.#isSyncing) closeSync(this.#fd);
      this.#unlock();
    }
  }

  #append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      // What was written of it is no use to anybody, and the next record must begin a line.
      ftruncateSync(this.#fd, this.#end);
      throw this.#failure(error);
    }
    this.#end += bytes.length;
  }

  #syncNow(): void {
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      if (this.#isSyncing || this.#isClosed) return;
      this.#isSyncing = true;
      fdatasync(this.#fd, (error) => {
        this.#isSyncing = false;
        if (error) this.#syncError = error;
        if (this.#isClosed) closeSync(this.#fd);
      });
    }, SYNC_EVERY_MS).unref();
  }

  #failure(cause: unknown): Error {
    const { message } = cause as Error;
    return forkError(
      'ERR_FORKMAP_WRITE',
      `the journal ${this.path} cannot be written: ${message}. What it holds is safe, ${this.written} results of this ` +
        `call among them: make room, and make the same call again`,
      { cause },
    );
  }
}

interface Loaded {
  table: KeyTable;
  fingerprint: Fingerprint | undefined;
  end: number;
}

function load(fd: number, path: string): Loaded {
  const table = new KeyTable();
  const headers: number[] = [];
  let isFirst = true;
  const key = new Uint8Array(KEY_BYTES);
  const end = scanLines(fd, HEAD_BYTES, ({ start, head }) => {
    if (!isFirst && isRecord(head)) {
      readKey(head, key);
      table.setPlace(key, start);
    } else if (isFirst || head.toString('latin1').startsWith(BEFORE_HEADER)) headers.push(start);
    isFirst = false;
  });
  const last = headers.at(-1);
  if (last === undefined) {
    const isTornHeader = new LineReader(fd).lineAt(0).toString('latin1').startsWith(BEFORE_HEADER);
    if (fstatSync(fd).size > 0 && !isTornHeader) refuse(path, 'it is no journal: it has no header');
    return { table, fingerprint: undefined, end };
  }
  const reader = new LineReader(fd);
  for (const start of headers) {
    const header = readHeader(reader.lineAt(start).toString());
    if (typeof header === 'string') refuse(path, header);
    else if (start === last) return { table, fingerprint: header, end };
  }
  return { table, fingerprint: undefined, end };
}

function refuse(path: string, why: string): never {
  throw forkError(
    'ERR_FORKMAP_JOURNAL',
    `${path} cannot be used as a journal: ${why}. Name another file; nothing was run`,
  );
}

function isRecord(head: Buffer): boolean {
  const keyEnd = BEFORE_KEY.length + KEY_BYTES * 2;
  if (head.length < HEAD_BYTES) return false;
  for (let at = 0; at < BEFORE_KEY.length; at++) if (head[at] !== BEFORE_KEY[at]) return false;
  for (let at = 0; at < AFTER_KEY.length; at++) if (head[keyEnd + at] !== AFTER_KEY[at]) return false;
  return true;
}

/** Of hexadecimal digits. WHY not by Buffer: there may be ten millions of them, and it makes a string of each first. */
function readKey(head: Buffer, key: Uint8Array): void {
  for (let at = 0; at < KEY_BYTES; at++) {
    const high = digitOf(head[BEFORE_KEY.length + 2 * at] as number);
    key[at] = (high << 4) | digitOf(head[BEFORE_KEY.length + 2 * at + 1] as number);
  }
}

function digitOf(code: number): number {
  return code > 57 ? code - 87 : code - 48;
}
