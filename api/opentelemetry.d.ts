import { Tracer } from "@opentelemetry/api";

/**
 * From now on every call is a span, a child of the span that is active where it is made; its snapshot and its chunks
 * are children of that. Spans are made with their true times when they are over, and so cost the children nothing.
 *
 * @param tracer whose spans they are. Default: `trace.getTracer('forkmap')`.
 * @returns how to stop.
 */
declare function traceToOpenTelemetry(tracer?: Tracer): () => void;
export { traceToOpenTelemetry };
import { Outcome, SysError } from "@forkmap/native";
import { ChildWork, CodecOptions, ForkOptions, Gathering } from "@forkmap/core/internal";

/** Items [start, end). */
interface Range {
  start: number;
  end: number;
}
/** The items [start, end) of a list. */
interface ItemsRead {
  list: ArrayLike<unknown>;
  start: number;
  end: number;
}
/** What came of a chunk. */
type Driven = Outcome /** Whoever drove it is gone, and cannot say. */ | {
  undriven: unknown;
} /** Nothing was begun: an item cannot be sent to where it would run. */ | {
  unsendable: {
    index: number;
    error: unknown;
  };
};
/** Where the children of a call come from. One per call. */
interface Engine {
  /** Before anything else. Throws where it cannot. @returns the slots of the lanes, in which children note how far they are */
  open(): ArrayBuffer;
  /** Fixes what all chunks are to see: resolves to the process that keeps it, and how long that took. */
  prepare(): Promise<{
    pid: number;
    ms: number;
  } | SysError>;
  /** Runs one chunk. As many at the same time as there are lanes. */
  drive(range: Range): Promise<Driven>;
  /** Ends all that runs: `drive` comes back soon. */
  cancel(): void;
  /** Nothing more is to be driven: what can end before the results are taken in ends now. */
  endChildren(): void;
  /** Ends what is left. Resolves when nothing is. */
  close(): Promise<void>;
  /** Where results that are numbers come through shared memory: once it is open. */
  readonly sheet?: Float64Array | undefined;
  /** There is a snapshot, and each chunk costs a fork. */
  readonly isForking: boolean;
}
/** A thing as data. */
type Description = {
  is: 'made';
  by: string;
  of: Description[];
} | {
  is: 'list';
  at: number;
} | {
  is: 'value';
  value: unknown;
};
/** A list of a call: how long it is, and of which kind of typed array. */
interface ListShape {
  length: number;
  kind: string | undefined;
}
/** What spawned processes are told of a call, and the lists of which they are sent parts. */
declare class Describer {
  #private;
  readonly lists: ArrayLike<unknown>[];
  /** @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task */
  describe(thing: unknown): Description;
  shapes(): ListShape[];
}
/** What a spawned process is told first: all of a call but its items. Sent by the codec. */
interface Program {
  /** What runs an item, or gathers what many come to. */
  thing: Description;
  isGathering: boolean;
  setup: Description;
  teardown: Description;
  warm: Description;
  types: Description;
  lists: ListShape[];
  codec: CodecOptions['codec'];
  maxResultBytes: number;
  memoryBytes: number | undefined;
  concurrency: number;
  goesOnAfterFailure: boolean;
  itemTimeoutMs: number | undefined;
  seed: number | string | undefined;
  firstIndex: number | undefined;
  places: Uint32Array | undefined;
  haltAfter: number | undefined;
  name: string | undefined;
  originPid: number;
}
/** What it is told before each chunk, as JSON. Then the items follow, a message for each part. */
interface ChunkHeader {
  start: number;
  end: number;
  parts: PartHeader[];
  /** The items of the request before are still needed: this one goes on with their chunk. */
  keepsItems?: boolean;
}
/** Items of a list, that of the program at `list`. */
interface PartHeader {
  list: number;
  start: number;
  /** How many values the message has: one per item, or one typed array of them all. */
  count: number;
}
/** How a program itself travels: it is data. */
declare const PROGRAM_CODEC: CodecOptions;
/** The same program with the modules of its tasks named otherwise. */
declare function renameProgram(program: Program, rename: (module: string) => string): Program;
/** What a call is besides its items, in the process that makes it. */
interface CallProgram {
  work: ChildWork;
  options: CheckedParMapOptions;
  invoke: (index: number) => unknown;
  gathering?: Gathering | undefined;
  /** Nobody asked for another process: why this one cannot be forked. */
  cannotFork?: unknown;
}
/**
 * A call as data, for processes that are not forked from this one.
 * @throws ERR_FORKMAP_UNSUPPORTED for a function that is no task
 */
declare function describeProgram(call: CallProgram, describer: Describer): Program;
/** @throws ERR_FORKMAP_SERIALIZE_INPUT where an option or an argument of a step cannot be sent */
declare function encodeProgram(program: Program): Uint8Array;
/** The key of the method by which an engine object makes the engine of one call; one for all copies of the library. */
declare const REMOTE_ENGINE: unique symbol;
/** A call, as an engine outside of this package sees it. */
interface RemoteCall extends CallProgram {
  /** The verb, as messages name it. */
  verb: string;
  /** How many items there are. */
  length: number;
  /** Chunks in flight. */
  lanes: number;
  /** The items that a range is made of. */
  reads?: ((range: Range) => ItemsRead[]) | undefined;
}
/** Runs the items of a call beyond this machine: a `Cluster` of `@forkmap/bullmq` is one. Takes tasks, not closures. */
interface RemoteEngine {
  /** Chunks in flight where the call does not say. */
  readonly lanes: number;
  /** @internal */
  [REMOTE_ENGINE](call: RemoteCall): Engine;
}
type Fsync = 'interval' | 'always' | 'never';
/** Where results are kept on disk, and by what items are known again. */
interface JournalOptions<T = unknown> {
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
/** Where the time of a call went, in ms. */
interface Explanation {
  /** The verb and the name of the call. */
  call: string;
  items: number;
  lanes: number;
  /** From the call to its end. */
  totalMs: number;
  /** Once per call, before everything else: the fork of the caller's process, and the wait for it. */
  snapshotMs: number;
  /** Chunks that came back, whole or not. */
  chunks: number;
  forks: number;
  /** Children that died. */
  deaths: number;
  /** Bytes that children sent. */
  bytes: number;
  /** The least and the most items in a chunk. */
  chunkItems: [least: number, most: number];
  /** Sums that add up to the time that the lanes, or the CPUs, if these are more, had. `decode` is on the caller's thread. */
  lanesMs: {
    fork: number;
    work: number;
    encode: number;
    send: number;
    decode: number; /** Births and ends of children, and handing chunks to drivers and results back. */
    around: number; /** Lanes that had nothing to do, and CPUs that had no lane. */
    idle: number;
  };
  /** Items per chunk that would have been best, as far as could be seen. */
  bestChunk: number | undefined;
  /** What of the call's options was of no use, a sentence each. */
  notes: string[];
  /** All of this, to be read by people. */
  text: string;
}
/** How far a call is, as `onProgress` is told. */
interface Progress {
  /** Items settled, failures among them. */
  done: number;
  /** Items in the call. */
  total: number;
  /** Items settled by an error. */
  failed: number;
  /** Children at work now. */
  running: number;
  /** Milliseconds since the call. */
  elapsed: number;
  /** Items whose results were in the journal, where there are some: they are in `done`, and not in the rate. */
  fromJournal?: number;
  /** Milliseconds to the end at the rate seen, once a rate is known. */
  eta?: number;
}
/** Options of `parMap`. */
interface ParMapOptions extends ForkOptions {
  /**
   * Items handed to a child at once; a number is exact. Default: 512, fewer where lanes would be idle, and what is left at
   * the end is shared out among them; in long lists more, where 512 items take next to no time. `auto`: a share per lane,
   * split where a lane is idle.
   */
  chunk?: number | 'auto';
  /** Children at the same time; 0 runs everything inline. Default: the CPUs available, the cgroup's quota heeded. */
  lanes?: number;
  /**
   * How long a child lives. `chunk`: for one chunk (the default where `chunk` is a number). `auto`: for one chunk where that
   * takes some 20 times as long as the child's birth, otherwise for several, until it has lived that long or has taken
   * 128 MiB of its own (the default where `chunk` is no number). `lane`: for all chunks of its lane.
   */
  isolation?: 'auto' | 'chunk' | 'lane';
  /** Async functions: items in flight within a child. Default: 16. */
  concurrency?: number;
  /** Milliseconds for one item: only that item fails, the rest of its chunk goes on in a fresh child. */
  itemTimeout?: number;
  /** How often an item whose child died is tried again. Default: 0. */
  retries?: number;
  /** Give `PromiseSettledResult`s instead of failing at the first error. Default: false. */
  settle?: boolean;
  /** `Math.random` gives the same numbers per item, whatever the chunks and lanes. */
  seed?: number | string;
  /** Told of progress, at most 20 times per second, and once at the end. */
  onProgress?: (progress: Progress) => void;
  /**
   * Told of each item once, as it is settled, on the caller's thread: what it was told of is not lost, however the call
   * ends. What it throws rejects the call. Of parMap, parForEach and parStream.
   */
  onSettled?: (index: number, result: PromiseSettledResult<unknown>) => void;
  /**
   * With `settle`: so many failures end the call, or such a share of the items (`'5%'`). The rest is rejected as
   * `ERR_FORKMAP_HALTED`. Of a stream, the share is that of the items settled so far, once there are 100.
   */
  halt?: number | `${number}%`;
  /**
   * Keeps results on disk as they come: the same call again begins where this one ended. A file, or `JournalOptions`. Of
   * parMap, parForEach, parStream and kept functions.
   */
  journal?: string | JournalOptions<never>;
  /** Runs once in each child, before its first item. */
  setup?: () => void | Promise<void>;
  /**
   * Runs once in each child, after its last item: to flush what is buffered. What it throws is told on standard error; the
   * results stand. Not in a child that died, or that was ended by an abort, a deadline, another item's failure, or because what is
   * wanted was found.
   */
  teardown?: () => void | Promise<void>;
  /** Where items run: forked children, spawned processes, this one (`inline`), or a `Cluster` of machines. Default: `auto`. */
  engine?: 'auto' | 'fork' | 'spawn' | 'inline' | RemoteEngine;
  /** Tells where the time went when the call is over: on standard error, or to a function. */
  explain?: boolean | ((explanation: Explanation) => void);
}
/** The defaults of `ParMapOptions`. This is the only copy, but for `chunk`: see `cutOf`. */
declare const PAR_MAP_DEFAULTS: Readonly<{
  readonly isolation: "auto";
  readonly concurrency: 16;
  readonly retries: 0;
  readonly settle: false;
  readonly engine: "auto";
  readonly maxResultBytes: number;
  readonly codec: "auto";
  readonly stdio: "inherit";
}>;
/** Options that went through `checkParMapOptions`: those with a default are there. */
type CheckedParMapOptions = ParMapOptions & Required<Pick<ParMapOptions, keyof typeof PAR_MAP_DEFAULTS>>;
export { Engine as _, RemoteCall as a, describeProgram as c, PROGRAM_CODEC as d, PartHeader as f, Driven as g, Describer as h, REMOTE_ENGINE as i, encodeProgram as l, renameProgram as m, Progress as n, RemoteEngine as o, Program as p, Explanation as r, CallProgram as s, ParMapOptions as t, ChunkHeader as u, ItemsRead as v, Range as y };
