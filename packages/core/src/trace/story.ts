import { listen } from './channels.js';
import type { CallTrace, ChunkTrace, SnapshotTrace } from './contexts.js';

/** Tells what happens, a line each, in words. Gives back how to stop. */
export function tellStory(tell: (line: string) => void): () => void {
  return listen({
    callBegan: (call) =>
      tell(`${title(call)} begins: ${count(call.items, 'item')} on ${count(call.lanes, 'lane')}`),
    callEnded: (call) => tell(`${title(call)} ${endOf(call)}`),
    snapshot: (snapshot) => tell(`${title(snapshot.call)}: ${storyOfSnapshot(snapshot)}`),
    chunk: (chunk) => tell(`${title(chunk.call)}: ${storyOfChunk(chunk)}`),
  });
}

function title({ id, verb, name }: CallTrace): string {
  return `${verb} #${id}${name === undefined ? '' : ` '${name}'`}`;
}

function endOf({ startedAt, endedAt = startedAt, error }: CallTrace): string {
  const after = `after ${ms(endedAt - startedAt)}`;
  return error === undefined ? `is done ${after}` : `failed ${after}: ${messageOf(error)}`;
}

function storyOfSnapshot({ pid, timings, error }: SnapshotTrace): string {
  if (error !== undefined) return 'the snapshot was not forked';
  return `snapshot ${pid} forked in ${ms(timings.forkMs)}`;
}

function storyOfChunk(chunk: ChunkTrace): string {
  const { lane, pid, start, end, bytes, timings, isAborted, error } = chunk;
  const where = `lane ${lane}: child ${pid}`;
  const range = `[${start}, ${end})`;
  if (pid === 0) return `lane ${lane}: nothing was forked for ${range}: ${messageOf(error)}`;
  if (isAborted) return `${where} was ended at ${range}: the call needed it no more`;
  if (error !== undefined) return `${where} died: ${messageOf(error)}`;
  const { forkMs, workMs, encodeMs, sendMs, decodeMs, forkedAt, endedAt } = timings;
  const fork = forkMs === 0 ? 'kept' : `fork ${ms(forkMs)}`;
  const parts = `${fork}, work ${ms(workMs)}, encode ${ms(encodeMs)}, send ${ms(sendMs)}`;
  return `${where} did ${range} in ${ms(endedAt - forkedAt)} (${parts}); ${count(bytes, 'byte')}, decoded in ${ms(decodeMs)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
