import { onTestFinished } from 'vitest';

const held = new Set<() => void>();

/** What a test holds itself is let go of when it is over: before leaks are looked for, and in any case. */
export function releaseAtEnd(release: () => void): void {
  held.add(release);
  onTestFinished(() => {
    if (held.delete(release)) release();
  });
}

export function releaseHeld(): void {
  for (const release of held) release();
  held.clear();
}
