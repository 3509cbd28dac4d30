// What tests and bench/ use of this package beyond its public face. No promise is made about these names.

export type { Outcome } from '@forkmap/native';
export type { Range } from './call/chunks.js';
export type { Driven, Engine } from './engine/engine.js';
export { startDriverThreads } from './engine/fork/drivers.js';
export { REMOTE_ENGINE, type RemoteCall, type RemoteEngine } from './engine/remote.js';
export { type CallProgram, describeProgram, encodeProgram } from './engine/spawn/describe-program.js';
export { LaneProcess, slotOf } from './engine/spawn/lane-process.js';
export { chunkMessages, encodeItems } from './engine/spawn/parts.js';
export { type PartHeader, PROGRAM_CODEC, type Program, renameProgram } from './engine/spawn/program.js';
export { defaultLanes } from './lanes.js';
export { Describer } from './recipe/describe.js';
