// What @forkmap/pool and bench/ use of this package beyond its public face. No promise is made about these names.
export { abortReason, throwIfAborted, whenAborted } from './abort.js';
export * from './check.js';
export { makeChildMain } from './child/birth/main.js';
export { prepareForChildren } from './child/birth/prepare.js';
export { rehearsedItem } from './child/birth/rehearsal.js';
export { FROM_KEPT, TO_KEPT } from './child/kept/messages.js';
export { KeptService } from './child/kept/service.js';
export { generatorFor } from './child/own/seed.js';
export type { Gathered, Gathering } from './child/run/gathering.js';
export { runWarm } from './child/run/warm.js';
export type { FailedPayload } from './child/send/sender.js';
export type { ChildWork, KeptFunction } from './child/work.js';
export {
  type CodecOptions,
  decodeResults,
  decodeThrown,
  encodeResults,
  UnsendableError,
} from './codec/index.js';
export { fromJsonForm, type JsonForm, jsonForm, thrownJsonForm } from './codec/json/json-form.js';
export { isPlainJson } from './codec/json/plain-json.js';
export * from './errors/classes.js';
export * from './errors/codes.js';
export { type FrameSink, readFrames, readingFrames, type Segment, toldItems } from './frames.js';
export { holdSignals } from './hold-signals.js';
export * from './intrinsics.js';
export { missingLibraryThreads, missingThreads } from './missing-threads.js';
export { becomeSpawnedChild, canFork, isForkChild, LANE_VARIABLE, native } from './native.js';
export { oomKillCounter } from './oom.js';
export * from './options.js';
export { codeOfRefusal, errorOfOutcome, refusalInWords, systemError } from './outcome.js';
export { PROTOCOL } from './protocol.js';
export { finite } from './settle-one.js';
export { childProcesses } from './spawned/child-processes.js';
export { ChunkFrames, type ChunkLimits } from './spawned/chunk-frames.js';
export { LANE_FDS, type LaneRequest, runLane } from './spawned/lane-child.js';
export { checkMaySpawn } from './spawned/may-spawn.js';
export { type Note, readNote } from './spawned/note.js';
export { monotonicMs, outcomeOf, type ProcessEnd } from './spawned/outcome.js';
export { makeMessage, readMessage } from './spawned/pipes.js';
export { flags as nodeFlags } from './spawned/program.js';
export { watchLife } from './spawned/watch-life.js';
export { readSpill } from './spill.js';
export { CallTracer, isTraced, listen, partsOf, type TraceListener } from './trace/index.js';
