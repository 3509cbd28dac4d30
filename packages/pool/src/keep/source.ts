import type { Heard, Outcome } from '@forkmap/native';

/** A kept child, as its origin talks to it. */
export interface Link {
  readonly pid: number;
  /**
   * The child's slot on the board. Of a child that shares no memory: what it has told.
   */
  readonly slot: Int32Array;
  /** @returns 0; EAGAIN where the child has not heard what was said before; or the errno for which it was not sent */
  send(kind: number, id: number, count: number, payload?: Uint8Array): number;
  /** Ends it at once; its end is heard. @param ending what its outcome is to say */
  kill(ending: number): void;
  /** Whether it has taken more memory than it may. */
  exceedsMemory(): boolean;
  /** Ends it, if it has not ended by itself, and waits until nothing of it is left. Nothing is heard of it any more. */
  end(): Promise<Outcome>;
  /** What it has written since it was asked, where that is captured. */
  takeOutput(): { stdout?: string; stderr?: string };
}

/** What kept children come from: the state that their calls see. */
export interface Source {
  /** Fixes that state. Throws where it cannot. */
  open(): Promise<void>;
  /** Of the snapshot; 0 where there is none. */
  readonly pid: number;
  /** How many children there may be at the same time. */
  readonly slots: number;
  /** A child; or the outcome of the attempt. */
  fork(heard: Heard): Promise<Link | { refused: Outcome }>;
  /** Bytes that are frozen. */
  frozenBytes(): number;
  /** Ends what is left. All its children have ended before. */
  close(): Promise<void>;
}
