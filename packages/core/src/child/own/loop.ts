import type { AtWork } from '../run/run-work.js';
import type { Surroundings } from '../work.js';
import { disown, hasOriginTimers, hasOwnTimers, isKeptAliveByOwnTimers } from './origin-timers.js';

const IDLE_LOOK_MS = 10;
/** WHY two: what V8 did in the background may just have ended, and is only told of in the loop's next turn. */
const IDLE_LOOKS = 2;

/** What the event loop of a child may bring: nothing any more, or an error that belongs to no item. */
export function watchLoopInChild({ host, child, protocol }: Surroundings, atWork: AtWork): void {
  const { reason } = protocol;
  const leaveUnsettled = () => {
    if (atWork.leaving) {
      atWork.leaving.sawEmptyLoop();
      return;
    }
    atWork.sender?.flush();
    child.leave(reason.unsettled, 1);
  };
  host.on('beforeExit', leaveUnsettled);
  if (hasOriginTimers()) {
    // WHY look: the origin's timers keep the loop from ever being empty, and its thread from ever sleeping for good.
    let idleLooks = 0;
    const look = setInterval(() => {
      child.noteTurn(hasOwnTimers());
      const isIdle = !isKeptAliveByOwnTimers() && !child.isKeptAliveByMoreThanTimers();
      idleLooks = isIdle ? idleLooks + 1 : 0;
      if (idleLooks === IDLE_LOOKS) leaveUnsettled();
    }, IDLE_LOOK_MS).unref();
    disown(look);
  }

  const failStray = (error: unknown) => {
    if (atWork.leaving) {
      atWork.leaving.sawStray(error);
      return;
    }
    const { run, sender, start } = atWork;
    if (run) run.failAllInFlight(error);
    else sender?.thrown(start, error); // WHY: before there is a run, it is `setup` that is at work.
    child.leave(reason.stray, 1);
  };
  host.on('uncaughtException', failStray);
  host.on('unhandledRejection', failStray);
}
