/** The program of a trial process: measures what it is told to, says the answer on descriptor 3, and ends. */
import { writeSync } from 'node:fs';
import type { TrialRequest } from './trials.js';

/** A measuring module: what it gives back is the trial's answer. It throws where the measured code answers wrongly. */
export interface Measure {
  measure(request: TrialRequest): unknown;
}

const request = JSON.parse(process.argv[2] ?? '{}') as TrialRequest;
const { measure } = (await import(`./measure/${request.measure}.js`)) as Measure;
const answer = Buffer.from(JSON.stringify(await measure(request)));
for (let at = 0; at < answer.length; ) at += writeSync(3, answer, at);
