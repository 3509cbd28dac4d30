import * as collect from '../par/ends/collect.js';
import { countEnd } from '../par/ends/count.js';
import { countByEnd } from '../par/ends/count-by.js';
import { everyEnd } from '../par/ends/every.js';
import { findEnd } from '../par/ends/find.js';
import { findIndexEnd } from '../par/ends/find-index.js';
import { forEachEnd } from '../par/ends/for-each.js';
import { groupByEnd } from '../par/ends/group-by.js';
import { joinTextEnd } from '../par/ends/join-text.js';
import { extremeEndOf } from '../par/ends/min-max.js';
import { partitionEnd } from '../par/ends/partition.js';
import { reduceEnd } from '../par/ends/reduce.js';
import { someEnd } from '../par/ends/some.js';
import { sortEnd } from '../par/ends/sort.js';
import { sortByEnd } from '../par/ends/sort-by.js';
import { sumEnd } from '../par/ends/sum.js';
import { toMapEnd } from '../par/ends/to-map.js';
import { toSetEnd } from '../par/ends/to-set.js';
import { unzipEnd } from '../par/ends/unzip.js';
import { gathererOf } from '../par/gatherer.js';
import { listPlan } from '../par/plan.js';
import { chunksStep } from '../par/steps/chunks.js';
import { concatStep } from '../par/steps/concat.js';
import { enumerateStep } from '../par/steps/enumerate.js';
import { filterStep } from '../par/steps/filter.js';
import { filterMapStep } from '../par/steps/filter-map.js';
import { flatStep } from '../par/steps/flat.js';
import { flatMapStep } from '../par/steps/flat-map.js';
import { foldStep, initialOf } from '../par/steps/fold.js';
import { inspectStep } from '../par/steps/inspect.js';
import { mapStep } from '../par/steps/map.js';
import { mapInitStep } from '../par/steps/map-init.js';
import { sliceStep } from '../par/steps/slice.js';
import { takeWhileStep } from '../par/steps/take-while.js';
import { windowsStep } from '../par/steps/windows.js';
import { zipStep } from '../par/steps/zip.js';
import { sortRunOf } from '../sort/sort-run.js';
import { discardResult, joinItem, mapItem, mapPicked, pairsOf } from './item-functions.js';
import type { Recipe } from './made.js';
import { taskOf } from './task.js';

type Maker = Recipe['maker'];

/** All functions whose making is noted, by the names under which other processes know them. */
const MAKERS: Readonly<Record<string, Maker>> = {
  task: taskOf,
  mapItem,
  mapPicked,
  discardResult,
  joinItem,
  pairs: pairsOf,
  sortRun: sortRunOf,
  gatherer: gathererOf,
  list: listPlan,
  map: mapStep,
  mapInit: mapInitStep,
  filter: filterStep,
  filterMap: filterMapStep,
  flatMap: flatMapStep,
  flat: flatStep,
  fold: foldStep,
  initial: initialOf,
  inspect: inspectStep,
  takeWhile: takeWhileStep,
  enumerate: enumerateStep,
  zip: zipStep as Maker,
  concat: concatStep,
  slice: sliceStep,
  chunks: chunksStep,
  windows: windowsStep,
  collectEnd: collect.collectEnd,
  countEnd,
  countByEnd,
  everyEnd,
  findEnd,
  findIndexEnd,
  forEachEnd,
  groupByEnd,
  joinTextEnd,
  extremeEnd: extremeEndOf,
  partitionEnd,
  reduceEnd,
  someEnd,
  sortEnd,
  sortByEnd,
  sumEnd,
  toMapEnd,
  toSetEnd,
  unzipEnd,
};

const names = new Map(Object.entries(MAKERS).map(([name, maker]) => [maker, name]));

export function nameOf(maker: Maker): string {
  const name = names.get(maker);
  if (name === undefined) throw new TypeError(`${maker.name} is not among the makers`);
  return name;
}

export function makerOf(name: string): Maker {
  const maker = MAKERS[name];
  if (!maker) throw new TypeError(`no maker is called ${name}`);
  return maker;
}
