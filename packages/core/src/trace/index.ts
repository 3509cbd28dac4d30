export { CallTracer, ChunkTracer, isTraced, type TracedCall } from './call-tracer.js';
export { listen, type TraceListener } from './channels.js';
export { traceToFile } from './chrome.js';
export {
  type CallTrace,
  type ChunkTimings,
  type ChunkTrace,
  partsOf,
  type SnapshotTimings,
  type SnapshotTrace,
} from './contexts.js';
