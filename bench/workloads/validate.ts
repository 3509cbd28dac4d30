import { Ajv, type ValidateFunction } from 'ajv';
import { checkSample, scaled, type Workload } from './workload.js';

interface Account {
  id: number;
  name: string;
  email: string;
  tags: string[];
}

const ITEMS = 100_000;
const SCHEMA = {
  type: 'object',
  required: ['id', 'name', 'email', 'tags'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 0 },
    name: { type: 'string', minLength: 1, maxLength: 40 },
    email: { type: 'string', pattern: '^[^@ ]+@[^@ ]+$' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 4 },
  },
};

let compiled: ValidateFunction | undefined;

/** WHY not the context: a compiled validator cannot be sent; each worker of a pool compiles its own. */
function validator(): ValidateFunction {
  compiled ??= new Ajv().compile(SCHEMA);
  return compiled;
}

const isValid = (id: number) => id % 7 !== 0;

export const validate: Workload<Account, boolean, undefined> = {
  title: 'Validated records',
  note: `${ITEMS.toLocaleString('en')} small records through a compiled ajv validator: next to no work per item`,
  batchItems: 25_000,
  makeContext: () => {
    validator();
    return undefined;
  },
  makeItems: (scale) =>
    Array.from({ length: scaled(ITEMS, scale) }, (_, id) => ({
      id,
      name: `account ${id}`,
      email: isValid(id) ? `user${id}@example.org` : 'nobody',
      tags: ['new', `group ${id % 10}`],
    })),
  apply: (account) => validator()(account) === true,
  check: (results, items) => checkSample(results, items.length, isValid, items.length),
};
