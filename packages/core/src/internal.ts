// What @forkmap/pool and bench/ use of this package beyond its public face. No promise is made about these names.
export * from './check.js';
export type { Gathered, Gathering } from './child/gathering.js';
export { makeChildMain, prepareForChildren } from './child/main.js';
export { generatorFor } from './child/seed.js';
export type { FailedPayload } from './child/sender.js';
export type { ChildWork } from './child/work.js';
export * from './errors/classes.js';
export * from './errors/codes.js';
export { type FrameSink, readFrames, type Segment } from './frames.js';
export { holdSignals } from './hold-signals.js';
export { canFork, isForkChild, native } from './native.js';
export { oomKillCounter } from './oom.js';
export * from './options.js';
export { codeOfRefusal, errorOfOutcome, systemError } from './outcome.js';
export { PROTOCOL } from './protocol.js';
export { finite } from './settle-one.js';
export { readSpill } from './spill.js';
export { CallTracer, isTraced, listen, partsOf, type TraceListener } from './trace/index.js';
