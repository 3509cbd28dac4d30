import { invalidState } from '@forkmap/core/internal';

let isLoading = false;

/** In a spawned process, while the modules of its tasks are loaded. */
export async function whileLoading<R>(load: () => Promise<R>): Promise<R> {
  isLoading = true;
  try {
    return await load();
  } finally {
    isLoading = false;
  }
}

/** WHY an error: a program that is its own task's module would otherwise do all of its work in every child once more. */
export function refuseWhileLoading(): void {
  if (!isLoading) return;
  throw invalidState(
    'a module is loaded in a spawned process for a task that it exports, and makes a call of its own meanwhile: put what ' +
      'only the program itself is to do into another module, or behind if (!isForkChild())',
  );
}
