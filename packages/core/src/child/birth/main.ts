import { AsyncResource } from 'node:async_hooks';
import { Script } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { ChildMain } from '@forkmap/native';
import { encodeThrown } from '../../codec/index.js';
import { describe } from '../../codec/walk/what-it-is.js';
import { native } from '../../native.js';
import { FROM_KEPT } from '../kept/messages.js';
import { type Agents, findAgents, resetAgentsInChild } from '../own/agents.js';
import { disarmOriginInChild, rememberOriginInChild } from '../own/origin-timers.js';
import { unrefOriginWorkersInChild, type WorkerMethods } from '../own/workers.js';
import { alikeSurroundings, alikeWork, type ChildWork, type Surroundings } from '../work.js';
import { Life } from './life.js';
import { rehearsalBoard, rehearsalParts, rehearsalSurroundings, rehearsalWork } from './rehearsal.js';

/** Lives a child's life, with nothing at the other end. */
export function rehearse(work: ChildWork, items: number): void {
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

function whyUnprepared(failure: unknown): string {
  return `a child could not be prepared (${describe(failure)}): the program has frozen or replaced what it needs; nothing was run`;
}

/** As `refuse`, of a child that is kept. */
function refuseToBeKept({ child, protocol }: Surroundings, work: ChildWork, failure: unknown): void {
  child.kept.send(FROM_KEPT.unready, 0, 1, encodeThrown(new Error(whyUnprepared(failure)), work.codec));
  child.leave(protocol.reason.finished, 1);
}

/** Tells of each item that nothing of it was begun: this process could not be made a child's. */
function refuse(
  { child, protocol }: Surroundings,
  [start, end]: [start: number, end: number],
  failure: unknown,
): void {
  const message = whyUnprepared(failure);
  const payload = new TextEncoder().encode(JSON.stringify({ code: 'ERR_FORKMAP_UNSUPPORTED', message }));
  for (let index = start; index < end; index++) child.writeFrame(protocol.frame.failed, index, 1, payload);
  child.writeFrame(protocol.frame.end, start, 0);
  child.leave(protocol.reason.finished, 0);
}

/** WHY nothing is thrown: it would be the end of the snapshot, and its children can tell what it was. */
function warmInSnapshot(work: ChildWork): void {
  try {
    work.warm?.();
  } catch (error) {
    work.warmFailure = { error };
  }
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
  let life: Life | undefined;
  let failure: unknown;
  const live = (lane: number, start: number, end: number) => {
    if (life) life.run(lane, start, end);
    else if (work.kept) refuseToBeKept(surroundings, work, failure);
    else refuse(surroundings, [start, end], failure);
  };
  const warm = (pid: number) => life?.warm(pid);
  return {
    prepare(inherited, memory, lanes) {
      surroundings.inherited = inherited;
      try {
        if (!work.mustBeSync) {
          unrefOriginWorkersInChild(rememberOriginInChild(surroundings), parts.workers);
          resetAgentsInChild(parts.agents);
        }
        life = new Life(surroundings, work, { memory, lanes });
        if (work.kept && work.warm) warmInSnapshot(work);
      } catch (error) {
        failure = error; // WHY kept: here nobody can be told. A child can, of each of its items.
      }
    },
    rehearse() {
      rehearse(rehearsalWork(work.mustBeSync, freshFunction(), FRESH_ITEMS), FRESH_ITEMS);
    },
    ...(work.warm && !work.kept && { warm: (pid) => scope.runInAsyncScope(warm, undefined, pid) }),
    run(lane, start, end) {
      scope.runInAsyncScope(live, undefined, lane, start, end);
      // Still here: promises are pending, and the event loop goes on.
      disarmOriginInChild(surroundings);
    },
  };
}
