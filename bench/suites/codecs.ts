/** Codecs: each candidate on each kind of values. */
import { canEncode, codecNames } from '../measure/codec-list.js';
import type { CodecsAnswer, CodecsRequest } from '../measure/codecs.js';
import { type ValueKind, valueKinds } from '../measure/values.js';
import type { CodecRow, Mode } from '../result.js';
import { runInTurn } from '../schedule.js';
import { summarize } from '../stats.js';
import { runTrial } from '../trials.js';
import type { Suite } from './suite.js';

const budgets: Record<Mode, number> = { full: 300, quick: 60, tiny: 4 };
const kinds: Record<Mode, ValueKind[]> = {
  full: valueKinds,
  quick: ['numbers', 'flat records', 'mixed'],
  tiny: ['numbers', 'mixed'],
};
const ROUNDS = 5;

export const codecs: Suite = async (context) => {
  const readings = kinds[context.mode].flatMap((kind) =>
    codecNames
      .filter((codec) => canEncode(codec, kind))
      .map((codec) => ({ kind, codec, answers: [] as CodecsAnswer[] })),
  );
  const cells = readings.map(({ kind, codec, answers }) => ({
    name: `codecs: ${codec}, ${kind}`,
    run: async () => {
      const request: CodecsRequest = { measure: 'codecs', codec, kind, budgetMs: budgets[context.mode] };
      const { answer } = await runTrial<CodecsAnswer>({ ...request });
      answers.push(answer);
    },
  }));
  const failed = await runInTurn(cells, { rounds: ROUNDS, ...context });
  const done = readings.filter(({ answers }) => answers.length > 0);
  return { codecs: done.map(rowOf), failed };
};

function rowOf({
  kind,
  codec,
  answers,
}: Pick<CodecRow, 'kind' | 'codec'> & { answers: CodecsAnswer[] }): CodecRow {
  const [{ values, bytes } = { values: 0, bytes: 0 }] = answers;
  return {
    ...{ codec, kind, values, bytes },
    isExact: answers.every(({ isExact }) => isExact),
    encodeUs: summarize(answers.flatMap(({ encodeUs }) => encodeUs)),
    decodeUs: summarize(answers.flatMap(({ decodeUs }) => decodeUs)),
    coldEncodeUs: summarize(answers.map(({ coldEncodeUs }) => coldEncodeUs)),
    coldDecodeUs: summarize(answers.map(({ coldDecodeUs }) => coldDecodeUs)),
  };
}
