/** Cells measured in turn, round after round, until the time is used up. */

export interface Cell {
  /** Names it in messages. */
  name: string;
  /** One trial. Its readings are kept by whoever made the cell. */
  run(): Promise<void>;
}

export interface Budget {
  /** Rounds at most. */
  rounds: number;
  /** After this no further round is begun, and none gone on with. The first round is always whole. */
  budgetMs: number;
  log: (line: string) => void;
}

/**
 * Runs every cell once per round. WHY in turn: whatever slows the machine down for a while slows all down alike.
 * A cell whose trial fails is left out from then on; its name and error are given back.
 */
export async function runInTurn(
  cells: readonly Cell[],
  { rounds, budgetMs, log }: Budget,
): Promise<string[]> {
  const startedMs = performance.now();
  const failed = new Map<Cell, string>();
  for (let round = 0; round < rounds; round++) {
    for (const [at, cell] of cells.entries()) {
      if (failed.has(cell)) continue;
      if (round > 0 && performance.now() - startedMs > budgetMs) return [...failed.values()];
      try {
        await cell.run();
      } catch (error) {
        failed.set(cell, `${cell.name}: ${(error as Error).message}`);
        log(`  FAILED ${failed.get(cell)}`);
      }
      if (at % 20 === 19) log(`  round ${round + 1}: ${at + 1} of ${cells.length} trials`);
    }
    log(`  round ${round + 1} done after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  }
  return [...failed.values()];
}
