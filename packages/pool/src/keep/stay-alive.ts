import { MessageChannel, type MessagePort } from 'node:worker_threads';

let port: MessagePort | undefined;
let held = 0;

/** While anybody holds it, the event loop of this thread stays alive. */
export const stayAlive = {
  hold(): void {
    held += 1;
    if (held > 1) return;
    // WHY a port: it costs next to nothing to turn on and off, and, unlike a timer, children of other calls do not notice.
    port ??= new MessageChannel().port1;
    port.ref();
  },
  release(): void {
    held -= 1;
    if (held === 0) port?.unref();
  },
};
