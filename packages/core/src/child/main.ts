import { AsyncResource } from 'node:async_hooks';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { ChildMain } from '@forkmap/native';
import { warmUp } from '../codec/index.js';
import { native } from '../native.js';
import { type Agents, findAgents, resetAgentsInChild } from './agents.js';
import { Life } from './life.js';
import { disarmOriginInChild, rememberOriginInChild } from './origin-timers.js';
import { findRandomCaches } from './random.js';
import { rehearsalBoard, rehearsalParts, rehearsalSurroundings, rehearsalWork } from './rehearsal.js';
import { alikeSurroundings, alikeWork, type ChildWork, type Surroundings } from './work.js';
import { unrefOriginWorkersInChild, type WorkerMethods } from './workers.js';

/**
 * In the origin, before each fork: runs what a child will run, with nothing at the other end.
 * WHY: a child is as warm as the origin was. Functions that were never called are compiled again in every child, and
 * V8 drops the code of those not called for a while. Not before every fork, where one follows the other: V8 does not
 * forget so soon, and the pages that a rehearsal writes were shared with the child before, and have to be copied. And not
 * for the one child of a first call, which waits for it: it takes 10 ms, and saves the child 5.
 * @param invokes what children may be given to call for an item. WHY several: code that has seen one function alone is
 *   made for that one, and made again in every child, which calls another.
 * @param children how many are expected to be forked
 */
export function prepareForChildren(invokes: readonly ChildWork['invoke'][], children = 1): void {
  const now = performance.now();
  if (children < REHEARSED_CHILDREN && now - rehearsedMs < REHEARSED_FOR_MS) return;
  findRandomCaches();
  const isFirst = !hasPrepared;
  hasPrepared = true;
  if (isFirst && children === 1) return;
  rehearsedMs = now;
  warmUp();
  // WHY so many once: many children share what V8 makes of code that ran often; a single one is not worth the wait.
  const isWorthIt = children >= REHEARSED_CHILDREN && !hasRehearsed;
  if (isWorthIt) hasRehearsed = true;
  if (isWorthIt) rehearseAll(invokes, REHEARSED_ITEMS);
  // WHY again: what runs once in a child has run only so often by now, and V8 begins to compile what it has found to run
  // often when that runs the next time.
  for (let i = 0; i < (isWorthIt ? SHORT_REHEARSALS : 1); i++) rehearseAll(invokes.slice(0, 1), 2);
}

function rehearseAll(invokes: readonly ChildWork['invoke'][], items: number): void {
  for (const invoke of invokes) {
    for (const mustBeSync of [true, false]) rehearse(rehearsalWork(mustBeSync, invoke, items), items);
  }
}

function rehearse(work: ChildWork, items: number): void {
  const surroundings = alikeSurroundings(rehearsalSurroundings());
  const main = childMain(surroundings, alikeWork(work), rehearsalParts());
  const { memory, lanes } = rehearsalBoard();
  main.prepare(surroundings.protocol.inherited.timers, memory, lanes);
  surroundings.inherited = 0;
  main.run(0, 0, items);
}

/** WHY: the caller's function is compiled in each child, since nobody has called it before: here, as in there, is one. */
function freshFunction(): ChildWork['invoke'] {
  freshFunctions += 1;
  return new Script(`(index) => index * ${freshFunctions}`).runInThisContext();
}

const FRESH_ITEMS = 8;
let freshFunctions = 0;
const REHEARSED_FOR_MS = 100;
let rehearsedMs = Number.NEGATIVE_INFINITY;
let hasPrepared = false;
const REHEARSED_CHILDREN = 8;
const REHEARSED_ITEMS = 4000;
const SHORT_REHEARSALS = 8;
let hasRehearsed = false;

/**
 * What the addon calls in each forked process: makes it a child's, runs its chunks, leaves.
 * It never returns to the origin's code: whatever goes wrong becomes a frame or a reason.
 */
export function makeChildMain(work: ChildWork): ChildMain {
  const { child, protocol } = native();
  const parts = { agents: findAgents(), workers: Worker.prototype };
  // WHY alike here: in the origin, what it takes to find one's way in the caller's objects is done once.
  const surroundings = alikeSurroundings({ host: process, child, protocol, inherited: 0 });
  return childMain(surroundings, alikeWork(work), parts);
}

/** What the child is to take from the origin, beside its process. */
export interface OriginParts {
  agents: Agents;
  workers: WorkerMethods;
}

/** @param surroundings its own, as is `work`, and of the shapes that all of them have */
function childMain(surroundings: Surroundings, work: ChildWork, parts: OriginParts): ChildMain {
  // WHY: in the child the function runs on a bare event loop; with this it sees the caller's AsyncLocalStorage stores.
  const scope = new AsyncResource('FORKMAP');
  let life: Life;
  const live = (lane: number, start: number, end: number) => life.run(lane, start, end);
  return {
    prepare(inherited, memory, lanes) {
      surroundings.inherited = inherited;
      if (!work.mustBeSync) {
        unrefOriginWorkersInChild(rememberOriginInChild(surroundings), parts.workers);
        resetAgentsInChild(parts.agents);
      }
      life = new Life(surroundings, work, { memory, lanes });
    },
    rehearse() {
      rehearse(rehearsalWork(work.mustBeSync, freshFunction(), FRESH_ITEMS), FRESH_ITEMS);
    },
    run(lane, start, end) {
      scope.runInAsyncScope(live, undefined, lane, start, end);
      // Still here: promises are pending, and the event loop goes on.
      disarmOriginInChild(surroundings);
    },
  };
}
