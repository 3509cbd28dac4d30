import type { Protocol } from '@forkmap/native';

/**
 * The numbers of packages/native/src/protocol.h. WHY here again: spawned processes work where there is no addon that
 * could say them. Where there is one, it must say the same (see `native`).
 */
export const PROTOCOL: Protocol = Object.freeze({
  frame: {
    headerBytes: 24,
    results: 1,
    thrown: 2,
    failed: 3,
    end: 4,
    numbers: 5,
    undefineds: 6,
    flushBytes: 64 * 1024,
    flushMs: 50,
    failureBytes: 2 ** 20,
  },
  reason: { none: 0, finished: 1, exit: 2, heap: 3, unsettled: 4, write: 5, mainThrew: 6, stray: 7, warm: 8 },
  ending: {
    left: 0,
    timeout: 1,
    itemTimeout: 2,
    memoryLimit: 3,
    aborted: 4,
    deadlock: 5,
    brokenFrame: 6,
    tooLarge: 7,
    readFailed: 8,
    notForked: 9,
    outputClosed: 10,
    snapshotGone: 11,
  },
  inherited: {
    timers: 1,
    immediates: 2,
    stdoutStream: 4,
    stderrStream: 8,
    refedTimers: 16,
    requests: 32,
  },
  slot: {
    bytesPerSlot: 128,
    pid: 0,
    begun: 1,
    done: 2,
    first: 5,
    pending: 6,
    spilled: 7,
    runKind: 18,
    runFirst: 19,
    limit: 20,
    claimed: 21,
    awaited: 22,
    workMs: 5,
    beganMs: 6,
    encodeMs: 7,
  },
  spill: {
    items: 8192,
    textBytes: 32 * 1024,
    numbers: 0,
    lengths: 64 * 1024,
    indices: 96 * 1024,
    kinds: 128 * 1024,
    text: 136 * 1024,
  },
  maxLanes: 4096,
  loopGraceMs: 1_000,
  leavesWithinMs: 10_000,
});

/** The first four bytes of every frame. */
export const FRAME_MAGIC = 0x314d4b46;
