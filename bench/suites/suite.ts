/** What every suite is given, and what it gives back. */
import type { BenchResult, Mode } from '../result.js';

export interface SuiteContext {
  mode: Mode;
  lanes: number;
  roundsPerUs: number;
  floatRounds: number;
  /** What this suite may take, about. */
  budgetMs: number;
  log: (line: string) => void;
}

export type Section = Partial<
  Pick<BenchResult, 'sweep' | 'ladder' | 'contenders' | 'memory' | 'codecs' | 'defaults'>
>;

export type Suite = (context: SuiteContext) => Promise<Section & { failed: string[] }>;
