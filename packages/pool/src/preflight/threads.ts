import { whyNoDrivers } from '../engine/fork/drivers.js';
import type { Finding } from './finding.js';
import { namesIn, plural, readText } from './proc.js';

/** Threads that Node and V8 start by themselves, by the names they have since Node 24. */
const NODES_OWN =
  /^(node|MainThread|node-MainThread|DelayedTaskSche.*|(node-)?V8Worker|SignalInspector|libuv-worker|iou-.*)$/;
/** The main thread, V8's scheduler of delayed tasks, and the one that waits for SIGUSR1. */
const FIXED_THREADS = 3;
const DEFAULT_V8_POOL = 4;
const DEFAULT_UV_POOL = 4;

/** Live threads, and whether more may be started. Only the one that forks goes on in a child. */
export function findThreads(): Finding {
  const why = whyNoDrivers();
  if (why) {
    const advice = 'Until then, forkMap and forkMapSync work alone.';
    return { topic: 'threads', level: 'warning', found: why, advice };
  }
  const tasks = namesIn('/proc/self/task');
  if (tasks.length === 0) {
    return { topic: 'threads', level: 'note', found: 'not known: there is no /proc', advice: 'Mount /proc.' };
  }
  const names = tasks.map((task) => readText(`/proc/self/task/${task}/comm`) ?? 'node');
  const strangers = names.filter((name) => !NODES_OWN.test(name));
  const unnamed = names.length - strangers.length - usualThreads();
  const others = strangers.length + Math.max(0, unnamed);
  const found =
    `${plural(tasks.length, 'thread')}, of which ${others} ${others === 1 ? 'is' : 'are'} not Node's usual ones` +
    (strangers.length > 0 ? ` (${[...new Set(strangers)].join(', ')})` : '');
  if (others === 0) {
    return {
      topic: 'threads',
      level: 'ok',
      found,
      advice: 'Nothing to do: V8 is brought to rest for each fork.',
    };
  }
  return {
    topic: 'threads',
    level: 'note',
    found,
    advice:
      'Only the thread that forks goes on in a child: do not use in fn what needs another one, ' +
      'such as a Worker made before, or a library that computes on threads of its own.',
  };
}

function usualThreads(): number {
  const v8 = process.execArgv.find((arg) => /^--v8[-_]pool[-_]size=/.test(arg))?.split('=')[1];
  const uv = process.env.UV_THREADPOOL_SIZE;
  return FIXED_THREADS + Number(v8 ?? DEFAULT_V8_POOL) + Number(uv ?? DEFAULT_UV_POOL);
}
